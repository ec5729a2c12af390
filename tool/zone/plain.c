/*
 * The short way through entries that stand on one line and escape nothing, or
 * whose strings stand in parentheses. It knows what is fine; whatever it does
 * not know goes the long way (entry.c, rdata.c), which alone can tell what is
 * wrong. Both must say the same of what both can read.
 *
 * NULs follow each text (FILE_PADDING), and a NUL ends every search: no search
 * comes further than the end, and no window begins behind it.
 */
#include <sys/socket.h>

#include <string.h>

#include "zone/reader.h"

/* ---- searching ----------------------------------------------------------- */

static void
look(struct plain *plain, size_t here)
{
	plain->window->start = here;
	plain->kernel->classify(plain->text.p + here, plain->window->masks);
}

__attribute__((noinline)) static size_t
seek_further(struct plain *plain, enum window_mask kind)
{
	struct window *window = plain->window;

	do {
		look(plain, window->start + WINDOW);
	} while (window->masks[kind] == 0);
	return window->start + bit_first(window->masks[kind]);
}

/* The first byte of the kind from here on, which lies in the window. */
static inline size_t
seek(struct plain *plain, size_t here, enum window_mask kind)
{
	uint64_t found;

	if (here - plain->window->start >= WINDOW)
		look(plain, here);
	found = plain->window->masks[kind] >> (here - plain->window->start);
	return found != 0 ? here + bit_first(found) :
	    seek_further(plain, kind);
}

static char
byte_at(const struct plain *plain, size_t here)
{
	return plain->text.p[here];
}

static bool
is_blank_at(const struct plain *plain, size_t here)
{
	return byte_at(plain, here) == ' ' || byte_at(plain, here) == '\t';
}

__attribute__((noinline)) static struct str
next_word_further(struct plain *plain)
{
	size_t start = seek(plain, plain->here, WINDOW_CODE);

	plain->here = seek(plain, start, WINDOW_END);
	return (struct str){ plain->text.p + start, plain->here - start };
}

/*
 * The word behind blanks; empty when something else stands there. Most words
 * lie in the window.
 */
static inline struct str
next_word(struct plain *plain)
{
	const struct window *window = plain->window;
	size_t offset = plain->here - window->start, start, length;
	uint64_t found;

	if (offset >= WINDOW)
		return next_word_further(plain);
	found = window->masks[WINDOW_CODE] >> offset;
	if (found == 0)
		return next_word_further(plain);
	start = bit_first(found);
	found = window->masks[WINDOW_END] >> offset >> start;
	if (found == 0)
		return next_word_further(plain);
	start += plain->here;
	length = bit_first(found);
	plain->here = start + length;
	return (struct str){ plain->text.p + start, length };
}

/* A comment ends where its line does, and the text holds that. */
static bool
pass_comment(struct plain *plain)
{
	plain->comment = plain->here;
	plain->here += str_find(str_after(plain->text, plain->here), '\n');
	plain->comment_end = plain->here;
	return plain->here < plain->text.n;
}

__attribute__((noinline)) static bool
pass_blank_end(struct plain *plain)
{
	plain->here = seek(plain, plain->here, WINDOW_CODE);
	switch (byte_at(plain, plain->here)) {
	case '\n':
		break;
	case '\r':
		if (byte_at(plain, ++plain->here) != '\n')
			return false;
		break;
	case ';':
		if (!pass_comment(plain))
			return false;
		break;
	default:
		return false;
	}
	plain->here++;
	return true;
}

/* Nothing but blanks and a comment up to the end of the line. */
static inline bool
pass_line_end(struct plain *plain)
{
	if (byte_at(plain, plain->here) != '\n')
		return pass_blank_end(plain);
	plain->here++;
	return true;
}

/* ---- rdata --------------------------------------------------------------- */

/* Behind the blanks that stand here. */
static inline size_t
data_start(struct plain *plain)
{
	size_t start = plain->here;

	if (is_blank_at(plain, start) && is_blank_at(plain, ++start))
		start = seek(plain, start, WINDOW_CODE);
	return start;
}

/* The word behind the type, or behind another one; empty when there is none. */
static inline struct str
data_word(struct plain *plain)
{
	size_t start = data_start(plain);
	size_t n = plain->kernel->word(plain->text.p + start).n;

	plain->here = start + n;
	return (struct str){ plain->text.p + start, n };
}

/* What ends the line ends the address. */
static bool
pass_ip4(struct plain *plain)
{
	size_t start = data_start(plain);
	size_t n = plain->kernel->ip4(plain->text.p + start);

	plain->here = start + n;
	return n > 0 && pass_line_end(plain);
}

/*
 * How long the address is that stands there, without an IPv4 address in it: 0
 * when there is none. Groups of hexadecimal digits; two colons stand for some
 * that are zero, once.
 */
static size_t
find_ip6(const struct plain *plain, size_t start)
{
	struct window_hex hex = plain->kernel->hex(plain->text.p + start);
	size_t n = bit_first(~(hex.digits | hex.colons) |
	    UINT64_C(1) << (WINDOW - 1)), count;
	uint64_t digits, colons, gaps, lone, groups;

	if (n == 0)
		return 0;
	digits = within(hex.digits, n);
	colons = within(hex.colons, n);
	gaps = colons & colons >> 1;
	lone = colons & ~(gaps | gaps << 1);
	groups = digits & ~(digits << 1);
	if ((digits & digits >> 1 & digits >> 2 & digits >> 3 &
	    digits >> 4) != 0 || (gaps & (gaps - 1)) != 0 ||
	    (lone & (1 | UINT64_C(1) << (n - 1))) != 0)
		return 0;
	count = (size_t)__builtin_popcountll(groups);
	return (gaps != 0 ? count < 8 : count == 8) ? n : 0;
}

static bool
pass_ip6(struct plain *plain)
{
	unsigned char octets[16];
	size_t start = data_start(plain), n = find_ip6(plain, start);

	plain->here = start + n;
	if (n > 0 && pass_line_end(plain))
		return true;
	plain->here = start;
	return rdata_address(data_word(plain), AF_INET6, octets) &&
	    pass_line_end(plain);
}

/*
 * No label can be too long in a window; the name may be with its origin. The
 * root is no such name.
 */
static inline bool
is_name(struct window_word word, const struct origin *origin)
{
	return (word.dots & (word.dots << 1 | 1)) == 0 &&
	    word.n + 1 + origin->wire.length <= NAME_MAX_WIRE;
}

/* The root is rare enough to go the long way, which takes note of a null MX. */
static inline bool
pass_name(struct plain *plain, bool *relative)
{
	size_t start = data_start(plain);
	struct window_word word = plain->kernel->word(plain->text.p + start);

	plain->here = start + word.n;
	if (word.n == 0 || word.n >= WINDOW ||
	    (word.n == 1 && plain->origin->wire.length == 1))
		return false;
	*relative = word.dots != 0 && byte_at(plain, plain->here - 1) != '.';
	return is_name(word, plain->origin);
}

static bool
pass_target(struct plain *plain)
{
	bool relative;

	return pass_name(plain, &relative) && pass_line_end(plain);
}

static bool
pass_server(struct plain *plain)
{
	bool relative;

	if (!pass_name(plain, &relative))
		return false;
	plain->relative |= relative;
	return pass_line_end(plain);
}

/* A number that fits in 32 bits whatever its digits are. */
static bool
read_number(struct str text, uint32_t max, uint32_t *number)
{
	size_t i;

	if (text.n == 0 || text.n > 9)
		return false;
	for (*number = 0, i = 0; i < text.n; i++) {
		if (!byte_is_digit(text.p[i]))
			return false;
		*number = *number * 10 + (uint32_t)(text.p[i] - '0');
	}
	return *number <= max;
}

static bool
pass_preference(struct plain *plain)
{
	uint32_t number;

	return read_number(data_word(plain), UINT16_MAX, &number);
}

static bool
pass_exchange(struct plain *plain)
{
	return pass_preference(plain) && pass_target(plain);
}

/*
 * From behind the opening quote to the closing one, or to what the string may
 * not hold. NULs may stand in it.
 */
static inline size_t
find_quote(const struct plain *plain, size_t here)
{
	here += plain->kernel->quoted(plain->text.p + here);
	while (byte_at(plain, here) == '\0' && here < plain->text.n) {
		here++;
		here += plain->kernel->quoted(plain->text.p + here);
	}
	return here;
}

/*
 * Strings up to the end of the entry, none longer than that, and with an octet
 * before each not more than most together, of which there are some already.
 */
static bool
pass_strings(struct plain *plain, size_t total, size_t longest, size_t most)
{
	size_t depth = 0, here = plain->here, start, quoted;

	for (;; here += quoted) {
		quoted = 0;
		start = here;
		switch (byte_at(plain, here)) {
		case ' ':
		case '\t':
			here++;
			continue;
		case '"':
			quoted = 1;
			here = find_quote(plain, ++start);
			if (byte_at(plain, here) != '"')
				return false;
			break;
		case '(':
			depth++;
			here++;
			continue;
		case ')':
			if (depth-- == 0)
				return false;
			here++;
			continue;
		case ';':
		case '\r':
		case '\n':
			if (depth == 0) {
				plain->here = here;
				return total > 0 && total <= most &&
				    pass_line_end(plain);
			}
			if (byte_at(plain, here) == ';')
				return false;
			here++;
			continue;
		default:
			here = seek(plain, start, WINDOW_END);
			if (here == start)
				return false;
			break;
		}
		if (here - start > longest)
			return false;
		total += here - start + 1;
	}
}

/* Most often a single string behind a single blank. */
static bool
pass_texts(struct plain *plain)
{
	size_t start = plain->here + 2, end, total = 0;

	if (is_blank_at(plain, start - 2) && byte_at(plain, start - 1) == '"') {
		end = find_quote(plain, start);
		if (byte_at(plain, end) != '"' || end - start > STRING_MAX)
			return false;
		total = end - start + 1;
		plain->here = end + 1;
		if (byte_at(plain, end + 1) == '\n') {
			plain->here++;
			return true;
		}
	}
	return pass_strings(plain, total, STRING_MAX, RDATA_MAX);
}

/*
 * Whatever it is: all that matters is where it ends. It may be strings of any
 * length.
 */
static bool
pass_anything(struct plain *plain)
{
	size_t end = seek(plain, plain->here, WINDOW_STOP);

	if (byte_at(plain, end) != '\n')
		return pass_strings(plain, 0, SIZE_MAX, SIZE_MAX);
	plain->here = end + 1;
	return true;
}

/* What has to be checked, and is not known here. */
static bool
pass_nothing(struct plain *plain)
{
	(void)plain;
	return false;
}

plain_pass *
plain_data(uint16_t type, bool check)
{
	switch (type) {
	case RR_A:
		return pass_ip4;
	case RR_AAAA:
		return pass_ip6;
	case RR_NS:
		return pass_server;
	case RR_CNAME:
	case RR_PTR:
	case RR_DNAME:
		return pass_target;
	case RR_MX:
		return pass_exchange;
	case RR_TXT:
	case RR_SPF:
		return pass_texts;
	default:
		return check ? pass_nothing : pass_anything;
	}
}

static bool
pass_rdata(struct plain *plain)
{
	return plain_data(plain->entry.type, plain->check)(plain);
}

/* ---- entries ------------------------------------------------------------- */

static bool
is_in(struct str word)
{
	return word.n == 2 && (word.p[0] | 0x20) == 'i' &&
	    (word.p[1] | 0x20) == 'n';
}

/* No longer name is often met. */
static const struct rrtype_row *
find_type(struct str name)
{
	uint64_t word;

	if (name.n > sizeof(word))
		return rrtype_find(name);
	memcpy(&word, name.p, sizeof(word));
	return rrtype_find_word(first_bytes(word, name.n));
}

static bool
take_type(struct plain *plain, const struct rrtype_row *row)
{
	if (row == NULL ||
	    (row->attributes & (TYPE_OBSOLETE | TYPE_META)) != 0)
		return false;
	plain->entry.type = row->type;
	plain->check = plain->full_syntax ||
	    (row->attributes & TYPE_MAIL) != 0;
	return true;
}

/* [IN] [TTL] type or [TTL] [IN] type; the TTL in seconds. */
static bool
read_type(struct plain *plain, struct str word)
{
	struct entry *entry = &plain->entry;
	bool class = is_in(word);

	if (class)
		word = next_word(plain);
	if (word.n > 0 && byte_is_digit(word.p[0])) {
		if (!read_number(word, INT32_MAX, &entry->ttl) &&
		    (!ttl_parse(word, &entry->ttl) ||
		    entry->ttl > INT32_MAX))
			return false;
		entry->explicit_ttl = true;
		word = next_word(plain);
	}
	if (!class && is_in(word))
		word = next_word(plain);
	return word.n > 0 && take_type(plain, find_type(word));
}

/* ---- what stands before the data ----------------------------------------- */

/* Has it been seen? Then what it says is what it said. */
static bool
recall(struct plain *plain, size_t from)
{
	const struct middles *middles = plain->middles;
	const struct middle *middle = middles->known;
	uint64_t words[MIDDLE_WORDS];
	unsigned i;

	memcpy(words, plain->text.p + from, sizeof(words));
	for (i = 0; i < middles->count; i++, middle++)
		if ((((words[0] ^ middle->words[0]) & middle->masks[0]) |
		    ((words[1] ^ middle->words[1]) & middle->masks[1])) == 0)
			break;
	if (i == middles->count)
		return false;
	plain->entry.type = middle->type;
	plain->entry.ttl = middle->ttl;
	plain->entry.explicit_ttl = middle->explicit_ttl;
	plain->entry.start = from + middle->start;
	plain->check = middle->check;
	plain->here = from + middle->length;
	return true;
}

/* What has just been read, with the octet that ends the type. */
static void
learn(struct plain *plain, size_t from, size_t start)
{
	struct middles *middles = plain->middles;
	struct middle *middle = &middles->known[middles->next];
	size_t n = plain->here + 1 - from, first = n < 8 ? n : 8;

	if (n > MIDDLE_LONGEST)
		return;
	memcpy(middle->words, plain->text.p + from, sizeof(middle->words));
	middle->masks[0] = first_bytes(UINT64_MAX, first);
	middle->masks[1] = first_bytes(UINT64_MAX, n - first);
	middle->start = (uint8_t)(start - from);
	middle->length = (uint8_t)(n - 1);
	middle->type = plain->entry.type;
	middle->ttl = plain->entry.ttl;
	middle->explicit_ttl = plain->entry.explicit_ttl;
	middle->check = plain->check;
	middles->next = (middles->next + 1) % MIDDLES;
	if (middles->count < MIDDLES)
		middles->count++;
}

/* Class, TTL and type behind the owner, or where the line starts. */
static bool
pass_middle(struct plain *plain, size_t from)
{
	struct str word;

	if (plain->middles != NULL && recall(plain, from))
		return true;
	word = next_word(plain);
	plain->entry.start = (size_t)(word.p - plain->text.p);
	if (!read_type(plain, word))
		return false;
	if (plain->middles != NULL)
		learn(plain, from, plain->entry.start);
	return true;
}

void
plain_empty(struct plain *plain, struct scan *scan)
{
	for (;;) {
		plain->here = scan->here;
		if (!pass_line_end(plain))
			break;
		if (plain->comment != SIZE_MAX && scan->comment != NULL)
			scan->comment(scan->context, plain->comment,
			    plain->comment_end);
		plain->comment = SIZE_MAX;
		scan->here = plain->here;
	}
	plain->comment = SIZE_MAX;
	plain->here = scan->here;
}

bool
plain_head(struct plain *plain, struct scan *scan)
{
	struct entry *entry = &plain->entry;
	struct str word;

	if (!plain_start(plain, scan))
		return false;
	if (plain->here - plain->window->start > WINDOW / 4)
		look(plain, plain->here);
	entry->line = entry->start = plain->here;
	entry->owner.text = STR_NONE;
	entry->explicit_ttl = false;
	plain->relative = false;
	entry->owned = !byte_is_blank(byte_at(plain, plain->here));
	if (entry->owned) {
		word = next_word(plain);
		if (word.n == 0 || word.p[0] == '$')
			return false;
		entry->owner.text = word;
	}
	if (!pass_middle(plain, plain->here))
		return false;
	if (entry->owned)
		entry->start = entry->line;
	plain->data = plain->here;
	return true;
}

bool
plain_read(struct plain *plain, struct scan *scan)
{
	return plain_head(plain, scan) && pass_rdata(plain);
}

/* ---- owners -------------------------------------------------------------- */

/* The text of a name below an origin, which both are canonical. */
__attribute__((noinline)) static struct str
join(struct folded *folded, size_t length, struct str origin)
{
	if (origin.n > 0) {
		folded->text[length++] = '.';
		memcpy(folded->text + length, origin.p, origin.n);
	}
	return (struct str){ folded->text, length + origin.n };
}

struct str
plain_folded(const struct origin *origin, struct str text,
    struct folded *folded)
{
	uint64_t dots = within(folded->dots, text.n);

	if (origin->escaped || within(folded->escaped, text.n) != 0 ||
	    !is_name((struct window_word){ text.n, dots }, origin))
		return STR_NONE;
	if (text.p[text.n - 1] == '.')
		return (struct str){ folded->text, text.n - 1 };
	return join(folded, text.n, origin->canonical);
}

struct str
plain_fold(const struct window_kernel *kernel, const char *here,
    struct folded *folded)
{
	size_t n;

	kernel->fold(here, folded);
	n = folded->escaped == 0 ? WINDOW : bit_first(folded->escaped);
	if (n == WINDOW || !byte_is_blank((unsigned char)here[n]))
		n = kernel->word(here).n;
	return (struct str){ here, n };
}

bool
plain_owner(const struct plain *plain, struct folded *folded,
    struct str *canonical, size_t *label)
{
	const struct origin *origin = plain->origin;
	struct str text = plain->entry.owner.text;

	*label = 0;
	if (text.n == 1 && text.p[0] == '@' && !origin->escaped) {
		*canonical = origin->canonical;
		*label = str_find(*canonical, '.');
		return true;
	}
	if (text.n >= WINDOW)
		return false;
	plain->kernel->fold(text.p, folded);
	*canonical = plain_folded(origin, text, folded);
	*label = plain_label(text, folded);
	return canonical->p != NULL;
}
