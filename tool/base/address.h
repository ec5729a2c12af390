/*
 * Addresses of hosts, as text: the strict forms that records hold.
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>

#include "base/str.h"

/* Four numbers up to 255 without leading zeros; octets gets 4. */
bool address_parse_ip4(struct str, unsigned char *octets);

/*
 * RFC 4291 section 2.2, "::" and a dotted quad at the end included; no zone
 * index, no brackets. octets gets 16.
 */
bool address_parse_ip6(struct str, unsigned char *octets);

#endif
