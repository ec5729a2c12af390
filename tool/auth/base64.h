/*
 * What the files about base64 share, and who meets it in pieces.
 */
#ifndef AUTH_BASE64_H
#define AUTH_BASE64_H

#include "auth/auth.h"

/* So much more room than three quarters of the digits. */
enum { BASE64_SPARE = 8 };

/* Octets under construction; there is room for all that is taken. */
struct base64 {
	unsigned char *octets;
	size_t length;
	uint32_t bits;			/* digits of a group not yet complete */
	unsigned digits;		/* 0 to 3 of them */
};

/* Takes digits up to whatever is none; how many they were. */
size_t base64_take(struct base64 *, struct str text);
/*
 * When all digits have been taken and so many "=" stand behind them; false
 * when that is not how base64 ends.
 */
bool base64_finish(struct base64 *, size_t padding);

/*
 * Decodes blocks of digits from the start of the text, as long as there is
 * nothing else in them and this kind of processor has a quick way to do it;
 * returns how many digits, a multiple of four. It writes three octets for four
 * digits, and up to BASE64_SPARE behind them. Each kind has a file of its own,
 * see configure.
 */
size_t base64_blocks(struct str text, unsigned char *octets);

#endif
