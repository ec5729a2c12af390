/* For processors that have no quick way of their own. */
#include "policy/rsa.h"

bool
rsa_is_plain(struct str modulus)
{
	(void)modulus;
	return false;
}
