/* SPDX-License-Identifier: MIT */
#ifndef PRELOAD_SYMBOL_H
#define PRELOAD_SYMBOL_H

#include <stddef.h>

/*
 * The address that a name has for the program: of the first object that defines it, in the loader's order; NULL if none does. dlsym answers the same, but
 * allocates and leaves a message when the answer is NULL.
 */
void *symbol_find(const char *name);

/* The same for data; its size in bytes too. */
void *symbol_find_data(const char *name, size_t *out_size);

#endif
