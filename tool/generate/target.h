/*
 * The targets, for target.c and those who write them. Each has a file of its
 * own, target_NAME.c.
 */
#ifndef GENERATE_TARGET_H
#define GENERATE_TARGET_H

#include "generate/generate.h"

extern const struct target target_zone;
extern const struct target target_json;

#endif
