/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_DTYPE_H
#define INSPECT_DTYPE_H

/*
 * Element types, and which type an operation's result has: NumPy 2's rules, where a Python number adapts to the array and a NumPy scalar does not.
 *
 * Source: NumPy's promotion table (numpy.promote_types), NEP 50, and the type lists of its ufuncs (np.add.types, ...).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dtype {
	DT_BOOL, DT_INT8, DT_INT16, DT_INT32, DT_INT64, DT_UINT8, DT_UINT16, DT_UINT32, DT_UINT64, DT_FLOAT16, DT_FLOAT32, DT_FLOAT64, DT_COMPLEX64, DT_COMPLEX128,
	DT_COUNT,
	/* Python's numbers, which take the type of the array that they meet. */
	DT_PYINT, DT_PYFLOAT, DT_PYCOMPLEX,
	DT_NONE
};

enum dtype_kind { KIND_BOOL, KIND_INT, KIND_UINT, KIND_FLOAT, KIND_COMPLEX };

const char *dtype_name(enum dtype dtype); /* "float64" */
int64_t dtype_itemsize(enum dtype dtype);
enum dtype_kind dtype_kind(enum dtype dtype);
bool dtype_is_integer(enum dtype dtype); /* not bool */
bool dtype_is_float(enum dtype dtype);   /* float16 to float64 */
bool dtype_is_complex(enum dtype dtype);
/* "float32", "f4", "<f4", "single", "?" and all other spellings of the types here; DT_NONE for none. */
enum dtype dtype_parse(const char *word, size_t length);
/* The smallest type that holds every value of both; weak ones adapt. Two weak ones give what NumPy makes of them: int64, float64, complex128. */
enum dtype dtype_promote(enum dtype a, enum dtype b);
/* A weak type as a type of an array. */
enum dtype dtype_strong(enum dtype dtype);
/* Can every value of `from` be held, as numpy.can_cast(from, to, "safe")? "same_kind"? */
bool dtype_can_cast(enum dtype from, enum dtype to);
bool dtype_same_kind(enum dtype from, enum dtype to);
/* The type in which sqrt, sin, ... of this type answer: float16 for int8, float64 for int64, floats stay. */
enum dtype dtype_inexact(enum dtype dtype);
/* The real type behind a complex one; others are themselves. */
enum dtype dtype_real(enum dtype dtype);
/* In what a sum is added up: small whole numbers in 64 bits. */
enum dtype dtype_sum(enum dtype dtype);

#endif
