/*
 * What the two files about one RSA modulus share. For them only.
 */
#ifndef POLICY_RSA_H
#define POLICY_RSA_H

#include "policy/policy.h"

enum { RSA_WORD = 8 };			/* octets */

/*
 * A big-endian number modulo an odd product, divided by 2^64 for each word
 * that the number has, the first of which need not be whole.
 */
uint64_t rsa_rest(struct str number, uint64_t product);
/*
 * Are the primes made in a way that lets strangers find them? The rests are
 * those modulo the two products of small primes in rsa.c. One in a hundred
 * million other keys looks the same.
 */
bool rsa_is_roca(struct str modulus, const uint64_t rests[]);

#endif
