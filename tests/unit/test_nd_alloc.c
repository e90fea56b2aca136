/* SPDX-License-Identifier: MIT */
/*
 * What nd asks the allocator for, call by call, and what it does when it is refused: the lessons predict these bytes.
 *
 * This program has a malloc of its own, in front of the C library's. Under a sanitizer, which has one too, nothing can be
 * counted or refused, and the tests say that they were skipped.
 */
#include "test_nd_model.h"

#include <errno.h>
#include <stdlib.h>

#include "nd/clones.h"

#if defined(__GLIBC__) && !defined(ND_SANITIZED)
#define COUNTING 1

static bool counting;
static int calls, refuse_at; /* refuse_at 0: never */
static size_t aligned_bytes, header_bytes;
static ptrdiff_t live;

void *__libc_malloc(size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *p);

void *malloc(size_t size)
{
	if (counting) {
		if (++calls == refuse_at) {
			errno = ENOMEM;
			return NULL;
		}
		header_bytes += size;
		live++;
	}
	return __libc_malloc(size);
}

int posix_memalign(void **out_p, size_t alignment, size_t size)
{
	if (counting) {
		if (++calls == refuse_at)
			return ENOMEM;
		aligned_bytes += size;
		live++;
		assert_int_equal(alignment, ND_ALIGN_BYTES);
	}
	*out_p = __libc_memalign(alignment, size);
	return *out_p ? 0 : ENOMEM;
}

void free(void *p)
{
	if (counting && p)
		live--;
	__libc_free(p);
}
#else
#define COUNTING 0
static bool counting;
static int calls, refuse_at;
static size_t aligned_bytes, header_bytes;
static ptrdiff_t live;
#endif

static void start(int refused)
{
	calls = 0;
	refuse_at = refused;
	aligned_bytes = header_bytes = 0;
	live = 0;
	counting = true;
}

/* Two allocations for each fresh array, of exactly these bytes; the rest is views. */
#define asks(arrays, bytes, ...)                                                  \
	do {                                                                      \
		start(0);                                                         \
		ok(__VA_ARGS__);                                                  \
		counting = false;                                                 \
		assert_int_equal(calls, 2 * (arrays));                            \
		assert_int_equal(aligned_bytes, (bytes));                         \
		assert_int_equal(header_bytes, (arrays) * (int)ND_HEADER_BYTES);  \
		errno = 0;                                                        \
	} while (0)

static const ptrdiff_t shape[2] = { 30, 40 }, flat[1] = { 1200 }, empty[1] = { 0 };

static void fresh_arrays_are_two_allocations(void **state)
{
	const ptrdiff_t wide[3] = { 2, 30, 40 }, reps[2] = { 2, 3 }, ones[2] = { 1, 1 }, steps[2] = { 8, 8 };
	struct nd a, b, t, f, indices, v;

	(void)state;
	if (!COUNTING)
		skip();
	errno = 0;
	asks(1, 9600, nd_empty(ND_FLOAT64, 2, shape, &a));
	asks(1, 1200, nd_zeros(ND_BOOL, 1, flat, &b));
	nd_release(&b);
	asks(1, 4800, nd_full(ND_INT32, 2, shape, 3, &b));
	nd_release(&b);
	asks(1, 9600, nd_arange(ND_FLOAT64, 1200, 0, &b));
	nd_release(&b);
	start(0);
	ok(nd_empty(ND_FLOAT64, 1, empty, &b));
	counting = false;
	assert_int_equal(calls, 1);
	assert_int_equal(header_bytes, (int)ND_HEADER_BYTES);
	nd_release(&b);
	ok(nd_fill(&a, 1));

	asks(0, 0, nd_transpose(&a, NULL, &t));
	asks(0, 0, nd_reshape(&a, 1, flat, &v));
	nd_release(&v);
	asks(0, 0, nd_ascontiguousarray(&a, &v));
	nd_release(&v);
	asks(0, 0, nd_broadcast_to(&a, 3, wide, &v));
	nd_release(&v);
	asks(0, 0, nd_slice(&a, 0, 1, 3, 1, &v));
	nd_release(&v);
	asks(0, 0, nd_as_strided(&a, 2, shape, steps, &v));
	nd_release(&v);
	asks(0, 0, nd_sliding_window_view(&a, 1, 7, &v));
	nd_release(&v);

	asks(1, 9600, nd_copy(&t, &v));
	nd_release(&v);
	asks(1, 9600, nd_reshape(&t, 1, flat, &v));
	nd_release(&v);
	asks(1, 9600, nd_ascontiguousarray(&t, &v));
	nd_release(&v);
	asks(1, 4800, nd_astype(&t, ND_FLOAT32, &f));
	ok(nd_arange(ND_INT64, 20, 0, &indices));
	asks(1, 20 * 30 * 8, nd_take(&a, &indices, 1, &v));
	nd_release(&v);
	asks(1, 20 * 30 * 8, nd_fancy(&a, &indices, 1, &v));
	nd_release(&v);
	ok(nd_copy(&a, &b));
	const struct nd pair[2] = { a, b };
	asks(1, 19200, nd_concatenate(pair, 2, 1, &v));
	nd_release(&v);
	asks(1, 19200, nd_stack(pair, 2, 1, &v));
	nd_release(&v);
	asks(1, 28800, nd_repeat(&a, 3, 1, &v));
	nd_release(&v);
	asks(1, 9600, nd_tile(&a, 2, ones, &v));
	nd_release(&v);
	asks(1, 19200, nd_tile(&a, 1, reps, &v));
	nd_release(&v);
	asks(2, 19200 + 57600, nd_tile(&a, 2, reps, &v)); /* as NumPy: one for each axis that repeats */
	nd_release(&v);
	asks(3, 9600 + 19200 + 57600, nd_tile(&t, 2, reps, &v)); /* and one to straighten the source */
	nd_release(&v);

	asks(1, 9600, nd_binary(ND_ADD, &a, &b, &v));
	nd_release(&v);
	asks(1, 9600, nd_binary_scalar(ND_POWER, &t, 3, &v));
	nd_release(&v);
	asks(1, 9600, nd_unary(ND_SQRT, &t, &v));
	nd_release(&v);
	ok(nd_transpose(&f, NULL, &v));
	asks(0, 0, nd_binary_into(ND_ADD, &a, &v, &a)); /* float32 is cast without a copy */
	nd_release(&v);
	asks(0, 0, nd_binary_into(ND_ADD, &a, &a, &a));
	asks(0, 0, nd_assign(&a, &b));
	nd_release(&indices);
	nd_release(&f);
	nd_release(&t);
	nd_release(&a);
	nd_release(&b);
}

static void reductions_and_products(void **state)
{
	const ptrdiff_t square[2] = { 40, 40 };
	struct nd a, b, f, w, out, v;
	double sum;

	(void)state;
	if (!COUNTING)
		skip();
	ok(nd_full(ND_FLOAT64, 2, shape, 1, &a));
	ok(nd_full(ND_FLOAT64, 2, square, 1, &b));
	ok(nd_astype(&a, ND_FLOAT32, &f));
	ok(nd_sliding_window_view(&a, 1, 5, &w));
	asks(0, 0, nd_sum(&w, ND_FLOAT64, &sum));
	asks(0, 0, nd_sum(&f, ND_FLOAT64, &sum));
	asks(0, 0, nd_mean(&f, &sum));
	asks(1, 320, nd_sum_axis(&a, 0, false, &out));
	asks(0, 0, nd_sum_axis_into(&a, 0, &out));
	nd_release(&out);
	asks(1, 160, nd_mean_axis(&f, 0, true, &out));
	nd_release(&out);
	asks(1, 9600, nd_matmul(&a, &b, &out));
	ok(nd_transpose(&b, NULL, &v));
	asks(0, 0, nd_matmul_into(&a, &v, &out));
	nd_release(&out);
	nd_release(&v);
	nd_release(&a);
	nd_release(&b);
	nd_release(&f);
	nd_release(&w);
}

static void hidden_copies_are_one_array(void **state)
{
	const ptrdiff_t square[2] = { 40, 40 };
	struct nd a, t, row, left, middle, right;

	(void)state;
	if (!COUNTING)
		skip();
	ok(nd_full(ND_FLOAT64, 2, square, 1, &a));
	ok(nd_transpose(&a, NULL, &t));
	ok(nd_index(&a, 0, 2, &row));
	ok(nd_slice(&row, 0, 0, 38, 1, &left));
	ok(nd_slice(&row, 0, 1, 39, 1, &middle));
	ok(nd_slice(&row, 0, 2, 40, 1, &right));
	asks(1, 12800, nd_binary_into(ND_ADD, &a, &t, &a));
	asks(1, 304, nd_binary_into(ND_ADD, &left, &right, &middle));
	asks(1, 12800, nd_unary_into(ND_NEGATIVE, &t, &a));
	asks(1, 12800, nd_assign(&a, &t));
	asks(1, 320, nd_assign(&a, &row));
	asks(1, 320, nd_sum_axis_into(&a, 0, &row));
	asks(1, 12800, nd_matmul_into(&a, &t, &a));
	nd_release(&a);
	nd_release(&t);
	nd_release(&row);
	nd_release(&left);
	nd_release(&middle);
	nd_release(&right);
}

/* Each allocation of each call refused in turn: the status says so, `out` and the operands are as before, nothing is leaked. */
#define survives(out, most, ...)                                                                   \
	do {                                                                                       \
		for (int refused_ = 1; refused_ <= (most); refused_++) {                           \
			memset(&(out), 0x5a, sizeof(out));                                         \
			struct nd before_ = (out);                                                 \
			start(refused_);                                                           \
			errno = 7;                                                                 \
			int status_ = (__VA_ARGS__);                                               \
			counting = false;                                                          \
			assert_int_equal(status_, ND_ENOMEM);                                      \
			assert_int_equal(live, 0);                                                 \
			assert_int_equal(errno, 7);                                                \
			assert_memory_equal(&(out), &before_, sizeof(out));                        \
		}                                                                                  \
	} while (0)

static void refused_memory(void **state)
{
	const ptrdiff_t square[2] = { 40, 40 }, all[1] = { 1600 }, reps[2] = { 2, 3 };
	struct nd a, t, indices, out, unused;
	uint64_t copied;
	double sum;

	(void)state;
	if (!COUNTING)
		skip();
	ok(nd_full(ND_FLOAT64, 2, square, 1, &a));
	ok(nd_transpose(&a, NULL, &t));
	ok(nd_arange(ND_INT64, 40, 0, &indices));
	const struct nd pair[2] = { a, t };
	survives(out, 2, nd_zeros(ND_FLOAT64, 2, square, &out));
	survives(out, 2, nd_full(ND_FLOAT64, 2, square, 2, &out));
	survives(out, 2, nd_arange(ND_FLOAT64, 12, 2, &out));
	survives(out, 2, nd_copy(&a, &out));
	survives(out, 2, nd_astype(&a, ND_FLOAT32, &out));
	survives(out, 2, nd_reshape(&t, 1, all, &out));
	survives(out, 2, nd_ascontiguousarray(&t, &out));
	survives(out, 2, nd_take(&a, &indices, 0, &out));
	survives(out, 2, nd_fancy(&a, &indices, 1, &out));
	survives(out, 2, nd_concatenate(pair, 2, 0, &out));
	survives(out, 2, nd_stack(pair, 2, 0, &out));
	survives(out, 2, nd_repeat(&a, 2, 0, &out));
	survives(out, 4, nd_tile(&a, 2, reps, &out));
	survives(out, 2, nd_binary(ND_ADD, &a, &t, &out));
	survives(out, 2, nd_binary_scalar(ND_ADD, &a, 1, &out));
	survives(out, 2, nd_unary(ND_SQRT, &a, &out));
	survives(out, 2, nd_sum_axis(&a, 0, true, &out));
	survives(out, 2, nd_mean_axis(&a, 0, true, &out));
	survives(out, 2, nd_matmul(&a, &t, &out));
	copied = nd_copied_bytes();
	survives(unused, 2, nd_binary_into(ND_SUBTRACT, &a, &t, &a));
	survives(unused, 2, nd_assign(&t, &a));
	survives(unused, 2, nd_matmul_into(&a, &t, &a));
	assert_int_equal(nd_copied_bytes(), copied);
	ok(nd_sum(&a, ND_FLOAT64, &sum));
	assert_true(sum == 1600);
	nd_release(&a);
	nd_release(&t);
	nd_release(&indices);
}

/* The advice for huge pages is asked for without a trace in errno, on and off. */
static void huge_pages(void **state)
{
	const ptrdiff_t n = (4 << 20) + 100;
	struct nd a;

	(void)state;
	for (int on = 0; on < 2; on++) {
		nd_set_hugepages(on);
		errno = 7;
		ok(nd_zeros(ND_UINT8, 1, &n, &a));
		assert_int_equal(errno, 7);
		for (ptrdiff_t i = 0; i < n; i += 4096)
			assert_int_equal(((uint8_t *)nd_data(&a))[i], 0);
		nd_release(&a);
	}
	nd_set_hugepages(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_arrays_are_two_allocations), cmocka_unit_test(reductions_and_products),
		cmocka_unit_test(hidden_copies_are_one_array),      cmocka_unit_test(refused_memory),
		cmocka_unit_test(huge_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
