/*
 * The substitution expression of NAPTR (RFC 3402 section 3.2): delimiter,
 * extended regular expression, delimiter, replacement, delimiter, flags.
 * Which expressions are fine is what BIND says.
 */

#include "zone/rdata.h"

/* Where in an expression we are. */
struct regex {
	struct cursor in;
	unsigned groups, subs;		/* open; all */
	bool atom;			/* something that * may follow */
	bool repeated;			/* it has been repeated already */
	bool may_be_empty;		/* a group has just been opened */
};

/* {low}, {low,}, {low,high}; the brace has been read. */
static bool
pass_bound(struct regex *regex)
{
	uint64_t low, high;
	struct str digits;

	if (!regex->atom || regex->repeated)
		return false;
	if (!str_number(cursor_while(&regex->in, STR("0123456789")), 255,
	    &low))
		return false;
	if (cursor_accept(&regex->in, ',')) {
		digits = cursor_while(&regex->in, STR("0123456789"));
		if (digits.n > 0 && (!str_number(digits, 255, &high) ||
		    low > high))
			return false;
	}
	regex->repeated = true;
	return cursor_accept(&regex->in, '}');
}

/* [.x.] [=x=] [:alpha:]; the bracket and the sign have been read. */
static bool
pass_class(struct regex *regex, int sign)
{
	static const char *const names[] = { "alnum", "digit", "punct",
	    "alpha", "graph", "space", "blank", "lower", "upper", "cntrl",
	    "print", "xdigit" };
	size_t start = regex->in.here, i;
	struct str name;

	while (cursor_peek(&regex->in) != END &&
	    !(cursor_peek(&regex->in) == sign &&
	    cursor_peek_at(&regex->in, 1) == ']'))
		cursor_next(&regex->in);
	name = str_slice(regex->in.text, start, regex->in.here);
	if (cursor_next(&regex->in) == END || name.n == 0)
		return false;
	cursor_next(&regex->in);
	for (i = 0; sign == ':' && !str_is(name, names[i]);)
		if (++i == sizeof(names) / sizeof(names[0]))
			return false;
	return true;
}

/* [...]; the bracket has been read. */
static bool
pass_bracket(struct regex *regex)
{
	struct cursor *in = &regex->in;
	int byte, low = -1, sign;
	bool some = false;

	cursor_accept(in, '^');
	while ((byte = cursor_next(in)) != END && !(byte == ']' && some)) {
		some = true;
		if (byte == '[' && cursor_peek(in) != END &&
		    str_has(STR(".=:"), cursor_peek(in))) {
			sign = cursor_next(in);
			if (!pass_class(regex, sign))
				return false;
			low = -1;
		} else if (low >= 0 && byte == '-' &&
		    cursor_peek(in) != ']') {
			byte = cursor_next(in);
			if (byte == END || byte < low)
				return false;
			low = -1;
		} else
			low = byte;
	}
	regex->atom = true;
	regex->repeated = false;
	return byte == ']';
}

static bool
pass_escape(struct regex *regex)
{
	int byte = cursor_next(&regex->in);

	if (byte >= '1' && byte <= '9' &&
	    (unsigned)(byte - '0') > regex->subs)
		return false;
	regex->atom = true;
	regex->repeated = false;
	return byte != END;
}

static bool
pass_one(struct regex *regex, int byte)
{
	switch (byte) {
	case '\\':
		return pass_escape(regex);
	case '[':
		return pass_bracket(regex);
	case '{':
		if (byte_is_digit(cursor_peek(&regex->in)))
			return pass_bound(regex);
		break;
	case '(':
		regex->atom = regex->repeated = false;
		regex->may_be_empty = true;
		regex->groups++;
		regex->subs++;
		return true;
	case ')':
		if (regex->groups > 0 && !regex->atom &&
		    !regex->may_be_empty)
			return false;
		regex->groups -= regex->groups > 0;
		break;
	case '|':
		if (!regex->atom)
			return false;
		regex->atom = regex->repeated = regex->may_be_empty = false;
		return true;
	case '^':
	case '$':
		regex->atom = regex->repeated = true;
		return true;
	case '+':
	case '*':
	case '?':
		if (!regex->atom || regex->repeated)
			return false;
		regex->repeated = true;
		return true;
	}
	regex->atom = true;
	regex->repeated = false;
	return true;
}

/* The number of its groups, or -1 when it is none. */
static int
check_regex(struct str text)
{
	struct regex regex = { .in = { text, 0 } };
	int byte;

	while ((byte = cursor_next(&regex.in)) != END)
		if (!pass_one(&regex, byte))
			return -1;
	return regex.groups == 0 && regex.atom ? (int)regex.subs : -1;
}

/* Cuts off what stands before the next delimiter that is not escaped. */
static bool
take_part(struct cursor *in, int delimiter, struct str *part)
{
	size_t start = in->here;
	int byte;

	while ((byte = cursor_next(in)) != END && byte != delimiter)
		if (byte == 0 || (byte == '\\' && cursor_next(in) <= 0))
			return false;
	*part = str_slice(in->text, start, in->here - (byte != END));
	return byte != END;
}

static bool
check_substitution(struct str text)
{
	struct cursor in = { text, 0 };
	struct str regex, replacement;
	int delimiter = cursor_next(&in), subs, most = 0;
	size_t i;

	if (delimiter == END)
		return true;
	if (byte_is_digit(delimiter) || delimiter == '\\' ||
	    delimiter == 'i' || delimiter == 0 ||
	    !take_part(&in, delimiter, &regex) ||
	    !take_part(&in, delimiter, &replacement))
		return false;
	cursor_while(&in, STR("i"));
	if (cursor_peek(&in) != END)
		return false;
	for (i = 0; i + 1 < replacement.n; i++) {
		if (replacement.p[i] != '\\')
			continue;
		if (replacement.p[++i] == '0')
			return false;
		if (byte_is_digit((unsigned char)replacement.p[i]) &&
		    replacement.p[i] - '0' > most)
			most = replacement.p[i] - '0';
	}
	subs = check_regex(regex);
	return subs >= most;
}

static bool
read_substitution(struct rdata *rdata)
{
	size_t start = rdata->length + 1;

	if (!rdata_string(rdata) || !rdata_add_string(rdata))
		return false;
	return check_substitution((struct str){ (const char *)rdata->octets +
	    start, rdata->length - start }) || rdata_fail(rdata, ZONE_SYNTAX,
	    true, "is no substitution (!expression!replacement!)");
}

static bool
print_substitution(struct printer *printer)
{
	struct str rest = cursor_rest(&printer->in);

	return rest.n > 0 && check_substitution(str_slice(rest, 1,
	    (unsigned char)rest.p[0] + 1u)) && rdata_print_string(printer);
}

const struct rdata_field rdata_naptr_fields[] = {
	{ 'r', read_substitution, print_substitution },
	{ 0, NULL, NULL }
};
