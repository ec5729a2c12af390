/*
 * Which RSA moduli have a prime factor in common? The batch GCD of Bernstein
 * ("How to find smooth parts of integers", 2004; used on keys by Heninger and
 * others, "Mining your Ps and Qs", 2012): the product of all is divided by the
 * square of each, level by level down a tree of products.
 */
#include "base/arena.h"
#include "base/big.h"
#include "policy/census.h"

enum { MAX_LEVELS = 64, LEAST_FACTOR = 16 };	/* octets */

/* Products of pairs of the level below; the lowest is the moduli. */
struct level {
	struct big **numbers;
	size_t count;
};

static struct level
read_moduli(struct arena *arena, const struct str *moduli, size_t count)
{
	struct level level = { ARENA_ARRAY(arena, count, struct big *),
	    count };
	size_t i;

	for (i = 0; i < count; i++)
		level.numbers[i] = big_read(moduli[i]);
	return level;
}

static struct level
multiply_pairs(struct arena *arena, const struct level *below)
{
	struct level level = { .count = (below->count + 1) / 2 };
	struct big *one = big_read(STR("\1"));
	size_t i;

	level.numbers = ARENA_ARRAY(arena, level.count, struct big *);
	for (i = 0; i < level.count; i++) {
		level.numbers[i] = big_new();
		big_multiply(level.numbers[i], below->numbers[2 * i],
		    2 * i + 1 < below->count ? below->numbers[2 * i + 1] :
		    one);
	}
	big_free(one);
	return level;
}

/* The rests of the level above, divided by the squares of this one. */
static void
divide_down(struct level *level, struct level *above)
{
	struct big *square = big_new();
	size_t i;

	for (i = 0; i < level->count; i++) {
		struct big *rest = big_new();

		big_multiply(square, level->numbers[i], level->numbers[i]);
		big_divide(NULL, rest, above->numbers[i / 2], square);
		big_free(level->numbers[i]);
		level->numbers[i] = rest;
	}
	for (i = 0; i < above->count; i++)
		big_free(above->numbers[i]);
	big_free(square);
}

/* What a modulus has in common with the product of all others. */
static struct str
common_factor(struct arena *arena, struct str modulus, const struct big *rest)
{
	struct big *number = big_read(modulus), *others = big_new(),
	    *nothing = big_new(), *common = big_new();
	struct str factor;

	big_divide(others, nothing, rest, number);
	big_gcd(common, others, number);
	factor = big_write(arena, common);
	big_free(number);
	big_free(others);
	big_free(nothing);
	big_free(common);
	/* Small ones come from keys that were copied wrongly. */
	return factor.n < LEAST_FACTOR ? STR_NONE : factor;
}

bool
shared_primes_find(struct arena *arena, const struct str *moduli,
    size_t count, struct str *factors)
{
	struct level levels[MAX_LEVELS];
	size_t top = 0, i;

	if (big_most_factors > 0 && count > big_most_factors)
		return false;
	if (count < 2)
		return true;
	levels[0] = read_moduli(arena, moduli, count);
	for (; levels[top].count > 1; top++)
		levels[top + 1] = multiply_pairs(arena, &levels[top]);
	for (; top > 0; top--)
		divide_down(&levels[top - 1], &levels[top]);
	for (i = 0; i < count; i++) {
		factors[i] = common_factor(arena, moduli[i],
		    levels[0].numbers[i]);
		big_free(levels[0].numbers[i]);
	}
	return true;
}

struct str
shared_prime_of(struct arena *arena, struct str modulus, struct str other)
{
	struct big *a = big_read(modulus), *b = big_read(other),
	    *common = big_new();
	struct str factor;

	big_gcd(common, a, b);
	factor = big_write(arena, common);
	big_free(a);
	big_free(b);
	big_free(common);
	return factor.n < LEAST_FACTOR ? STR_NONE : factor;
}

/* ---- primes near each other ---------------------------------------------- */

/* Of keys that were made this way, nearly all fall at the first step. */
enum { FERMAT_STEPS = 8 };

static bool
is_square(const struct big *number, struct big *root, struct big *square)
{
	big_root(root, number);
	big_multiply(square, root, root);
	return big_equal(number, square);
}

/*
 * Fermat's method: p q = a^2 - b^2 with a between the two. When they are near
 * each other, a is at or just above the square root of the modulus.
 */
bool
near_primes_find(struct str modulus)
{
	struct big *number = big_read(modulus), *one = big_read(STR("\1"));
	struct big *middle = big_new(), *rest = big_new();
	struct big *root = big_new(), *square = big_new();
	bool found = false;
	int i;

	big_root(middle, number);
	big_multiply(square, middle, middle);
	found = big_equal(square, number);
	for (i = 0; !found && i < FERMAT_STEPS; i++) {
		big_add(middle, middle, one);
		big_multiply(square, middle, middle);
		big_subtract(rest, square, number);
		found = is_square(rest, root, square);
	}
	big_free(number);
	big_free(one);
	big_free(middle);
	big_free(rest);
	big_free(root);
	big_free(square);
	return found;
}
