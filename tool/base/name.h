/*
 * Domain names.
 *
 * A canonical name is text: lower case, absolute without the final dot, ""
 * for the root; a byte that a master file cannot hold plainly is written as
 * BIND prints it: "\." "\;" "\"" "\\" "\(" "\)" "\@" "\$", or "\DDD" for
 * what is not printable ASCII. All functions take and return canonical names
 * unless they say otherwise, and know that an escaped dot ends no label.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

enum {
	NAME_MAX_LABEL = 63,		/* RFC 1035 section 2.3.4 */
	NAME_MAX_WIRE = 255		/* with length octets and the root */
};

/*
 * Letters, in lower case, digits, "-" and "_": what all forms of a name write
 * alike. 0 for any other octet.
 */
extern const char name_octets[256];

/*
 * From text as people write it: any case, final dot or not, escapes in any
 * form. False when a label is empty or too long, the name is too long, or an
 * escape is broken; then *name is what could be made of it.
 */
bool name_parse(struct arena *, struct str text, struct str *name);

/* "" has 0 labels, "a\.b.c" has 2. */
size_t name_labels(struct str);
/* The left-most label, and what stands right of its dot. */
struct str name_label(struct str);
struct str name_parent(struct str);
/* The last so many labels; all when there are not as many. */
struct str name_last(struct str, size_t labels);
/* Is it the other name or below it? Everything is within "". */
bool name_within(struct str name, struct str ancestor);
/* Below, not equal. */
bool name_below(struct str name, struct str ancestor);
/* What stands left of the ancestor: "a.b" of a.b.example, "" when equal. */
struct str name_relative(struct str name, struct str ancestor);
/* "a" and "example.com" give "a.example.com"; either may be "". */
struct str name_join(struct arena *, struct str left, struct str right);
bool name_is_wildcard(struct str);		/* the left-most label is * */
bool name_has_underscore(struct str);		/* some label begins with _ */
/* Octets on the wire, root and length octets counted. */
size_t name_wire_length(struct str);
/* Letters, digits, inner hyphens in every label; underscores when allowed. */
bool name_is_host(struct str, bool underscores);
/* Order of RFC 4034 section 6.1: label by label from the right. */
int name_compare(struct str, struct str);
/* For messages: the root is shown as ".". */
struct str name_show(struct str);

#endif
