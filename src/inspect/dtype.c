/* SPDX-License-Identifier: MIT */
#include "dtype.h"

#include <string.h>

static const struct {
	const char *name;
	int8_t itemsize, kind;
} types[DT_COUNT] = {
	[DT_BOOL] = { "bool", 1, KIND_BOOL },
	[DT_INT8] = { "int8", 1, KIND_INT }, [DT_INT16] = { "int16", 2, KIND_INT }, [DT_INT32] = { "int32", 4, KIND_INT }, [DT_INT64] = { "int64", 8, KIND_INT },
	[DT_UINT8] = { "uint8", 1, KIND_UINT }, [DT_UINT16] = { "uint16", 2, KIND_UINT }, [DT_UINT32] = { "uint32", 4, KIND_UINT }, [DT_UINT64] = { "uint64", 8, KIND_UINT },
	[DT_FLOAT16] = { "float16", 2, KIND_FLOAT }, [DT_FLOAT32] = { "float32", 4, KIND_FLOAT }, [DT_FLOAT64] = { "float64", 8, KIND_FLOAT },
	[DT_COMPLEX64] = { "complex64", 8, KIND_COMPLEX }, [DT_COMPLEX128] = { "complex128", 16, KIND_COMPLEX },
};

const char *dtype_name(enum dtype dtype)
{
	return types[dtype].name;
}

int64_t dtype_itemsize(enum dtype dtype)
{
	return types[dtype].itemsize;
}

enum dtype_kind dtype_kind(enum dtype dtype)
{
	return (enum dtype_kind)types[dtype].kind;
}

bool dtype_is_integer(enum dtype dtype)
{
	return dtype < DT_COUNT && (types[dtype].kind == KIND_INT || types[dtype].kind == KIND_UINT);
}

bool dtype_is_float(enum dtype dtype)
{
	return dtype < DT_COUNT && types[dtype].kind == KIND_FLOAT;
}

bool dtype_is_complex(enum dtype dtype)
{
	return dtype < DT_COUNT && types[dtype].kind == KIND_COMPLEX;
}

enum dtype dtype_parse(const char *word, size_t length)
{
	static const struct {
		const char *word;
		enum dtype dtype;
	} words[] = {
		{ "bool", DT_BOOL }, { "bool_", DT_BOOL }, { "bool8", DT_BOOL }, { "?", DT_BOOL }, { "b1", DT_BOOL },
		{ "int8", DT_INT8 }, { "byte", DT_INT8 }, { "b", DT_INT8 }, { "i1", DT_INT8 },
		{ "int16", DT_INT16 }, { "short", DT_INT16 }, { "h", DT_INT16 }, { "i2", DT_INT16 },
		{ "int32", DT_INT32 }, { "intc", DT_INT32 }, { "i", DT_INT32 }, { "i4", DT_INT32 },
		{ "int64", DT_INT64 }, { "int", DT_INT64 }, { "int_", DT_INT64 }, { "intp", DT_INT64 }, { "long", DT_INT64 }, { "longlong", DT_INT64 }, { "l", DT_INT64 }, { "q", DT_INT64 }, { "p", DT_INT64 }, { "i8", DT_INT64 },
		{ "uint8", DT_UINT8 }, { "ubyte", DT_UINT8 }, { "B", DT_UINT8 }, { "u1", DT_UINT8 },
		{ "uint16", DT_UINT16 }, { "ushort", DT_UINT16 }, { "H", DT_UINT16 }, { "u2", DT_UINT16 },
		{ "uint32", DT_UINT32 }, { "uintc", DT_UINT32 }, { "I", DT_UINT32 }, { "u4", DT_UINT32 },
		{ "uint64", DT_UINT64 }, { "uint", DT_UINT64 }, { "uintp", DT_UINT64 }, { "ulong", DT_UINT64 }, { "ulonglong", DT_UINT64 }, { "L", DT_UINT64 }, { "Q", DT_UINT64 }, { "P", DT_UINT64 }, { "u8", DT_UINT64 },
		{ "float16", DT_FLOAT16 }, { "half", DT_FLOAT16 }, { "e", DT_FLOAT16 }, { "f2", DT_FLOAT16 },
		{ "float32", DT_FLOAT32 }, { "single", DT_FLOAT32 }, { "f", DT_FLOAT32 }, { "f4", DT_FLOAT32 },
		{ "float64", DT_FLOAT64 }, { "float", DT_FLOAT64 }, { "float_", DT_FLOAT64 }, { "double", DT_FLOAT64 }, { "d", DT_FLOAT64 }, { "f8", DT_FLOAT64 },
		{ "complex64", DT_COMPLEX64 }, { "csingle", DT_COMPLEX64 }, { "F", DT_COMPLEX64 }, { "c8", DT_COMPLEX64 },
		{ "complex128", DT_COMPLEX128 }, { "complex", DT_COMPLEX128 }, { "complex_", DT_COMPLEX128 }, { "cdouble", DT_COMPLEX128 }, { "D", DT_COMPLEX128 }, { "c16", DT_COMPLEX128 },
	};

	/* A byte order is accepted where it is this machine's own, or where there is none to speak of. */
	if (length > 1 && (word[0] == '<' || word[0] == '=' || word[0] == '|'))
		word++, length--;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].word) == length && memcmp(words[i].word, word, length) == 0)
			return words[i].dtype;
	return DT_NONE;
}

enum dtype dtype_strong(enum dtype dtype)
{
	return dtype == DT_PYINT ? DT_INT64 : dtype == DT_PYFLOAT ? DT_FLOAT64 : dtype == DT_PYCOMPLEX ? DT_COMPLEX128 : dtype;
}

static enum dtype float_of(int64_t bits_of_integer)
{
	return bits_of_integer <= 8 ? DT_FLOAT16 : bits_of_integer <= 16 ? DT_FLOAT32 : DT_FLOAT64;
}

static enum dtype complex_of(enum dtype real)
{
	return real == DT_FLOAT64 ? DT_COMPLEX128 : DT_COMPLEX64;
}

enum dtype dtype_inexact(enum dtype dtype)
{
	dtype = dtype_strong(dtype);
	if (dtype_is_float(dtype) || dtype_is_complex(dtype))
		return dtype;
	return float_of(8 * dtype_itemsize(dtype));
}

static enum dtype promote_weak(enum dtype strong, enum dtype weak)
{
	if (weak == DT_PYINT)
		return strong == DT_BOOL ? DT_INT64 : strong;
	if (weak == DT_PYFLOAT)
		return dtype_is_float(strong) || dtype_is_complex(strong) ? strong : DT_FLOAT64;
	return dtype_is_complex(strong) ? strong : dtype_is_float(strong) ? complex_of(strong) : DT_COMPLEX128;
}

enum dtype dtype_promote(enum dtype a, enum dtype b)
{
	if (a > DT_COUNT || b > DT_COUNT) {
		if (a > DT_COUNT && b > DT_COUNT)
			return a > b ? a : b;
		return a > DT_COUNT ? promote_weak(b, a) : promote_weak(a, b);
	}
	if (a == b)
		return a;
	enum dtype_kind kind_a = dtype_kind(a), kind_b = dtype_kind(b);
	if (kind_a == KIND_BOOL)
		return b;
	if (kind_b == KIND_BOOL)
		return a;
	int64_t size_a = dtype_itemsize(a), size_b = dtype_itemsize(b);
	if (kind_a == kind_b)
		return size_a > size_b ? a : b;
	if (kind_a > kind_b)
		return dtype_promote(b, a);
	if (kind_a == KIND_INT && kind_b == KIND_UINT) {
		if (size_a > size_b)
			return a;
		return size_b == 1 ? DT_INT16 : size_b == 2 ? DT_INT32 : size_b == 4 ? DT_INT64 : DT_FLOAT64;
	}
	enum dtype real = kind_a == KIND_FLOAT ? a : float_of(8 * size_a);
	if (kind_b == KIND_FLOAT)
		return dtype_itemsize(real) > size_b ? real : b;
	enum dtype whole = complex_of(real);
	return dtype_itemsize(whole) > size_b ? whole : b;
}

bool dtype_can_cast(enum dtype from, enum dtype to)
{
	if (from > DT_COUNT)
		return promote_weak(to, from) == to;
	return dtype_promote(from, to) == to;
}

bool dtype_same_kind(enum dtype from, enum dtype to)
{
	enum dtype_kind a, b;

	if (dtype_can_cast(from, to))
		return true;
	a = dtype_kind(dtype_strong(from));
	b = dtype_kind(to);
	if (a == KIND_UINT && b == KIND_INT)
		return true;
	return a == b || (a < b && b != KIND_UINT);
}

enum dtype dtype_real(enum dtype dtype)
{
	return dtype == DT_COMPLEX64 ? DT_FLOAT32 : dtype == DT_COMPLEX128 ? DT_FLOAT64 : dtype;
}

enum dtype dtype_sum(enum dtype dtype)
{
	switch (dtype_kind(dtype)) {
	case KIND_BOOL:
	case KIND_INT:
		return DT_INT64;
	case KIND_UINT:
		return DT_UINT64;
	default:
		return dtype;
	}
}
