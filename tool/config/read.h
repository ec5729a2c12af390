/*
 * What the files of this folder share; no other folder includes it.
 */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "config/config.h"

/* Adds a remark; help and related may be set afterwards. */
struct config_problem *config_problem(struct config_problems *,
    struct arena *, enum config_problem_kind, struct span,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
