/* SPDX-License-Identifier: MIT */
/*
 * Making arrays: the buffer and its reference count, types, huge pages.
 *
 * A fresh array is posix_memalign(64, nbytes) for the data, so that a vector register never straddles a cache line, and
 * malloc(64) for the header. NumPy's array is likewise one block of data and one small object; what a lesson predicts
 * is the sum of the two. From 4 MiB of data on, Linux is asked for huge pages, as NumPy does: first touch then takes
 * one fault for 2 MiB instead of 512.
 *
 * Source: NumPy's numpy/core/src/multiarray/alloc.c (_npy_alloc_cache) for the size and the alignment of the advice.
 */

#include "inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGEPAGE_LEAST_BYTES = 4 << 20 };

/* One thread at a time may count references; the lessons have one. */
struct nd_buffer {
	char *data; /* for 0 bytes: the buffer itself, an address that nobody reads */
	ptrdiff_t nbytes;
	size_t references;
	char unused[ND_HEADER_BYTES - 3 * sizeof(size_t)];
};

_Static_assert(sizeof(struct nd_buffer) == ND_HEADER_BYTES, "the lessons predict the header's bytes");

static const struct dtype {
	const char *name;
	ptrdiff_t itemsize;
} dtypes[ND_DTYPES] = {
	[ND_FLOAT64] = { "float64", 8 }, [ND_FLOAT32] = { "float32", 4 }, [ND_INT64] = { "int64", 8 },
	[ND_INT32] = { "int32", 4 },     [ND_UINT8] = { "uint8", 1 },     [ND_BOOL] = { "bool", 1 },
};

static bool hugepages = true;
static uint64_t copied_bytes;

const char *nd_dtype_name(enum nd_dtype dtype)
{
	return (unsigned)dtype < ND_DTYPES ? dtypes[dtype].name : "unknown";
}

ptrdiff_t nd_dtype_itemsize(enum nd_dtype dtype)
{
	return (unsigned)dtype < ND_DTYPES ? dtypes[dtype].itemsize : 0;
}

void nd_set_hugepages(bool on)
{
	hugepages = on;
}

uint64_t nd_copied_bytes(void)
{
	return copied_bytes;
}

void nd_count_copied(const struct nd *written)
{
	copied_bytes += (uint64_t)nd_nbytes(written);
}

/* ---- the buffer ---- */

static void advise_hugepages(char *data, size_t nbytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE); /* 4, 16 or 64 KiB */
	size_t inside = page - (uintptr_t)data % page;

	madvise(data + inside, (nbytes - inside) & ~(page - 1), MADV_HUGEPAGE);
}

static struct nd_buffer *buffer_new(ptrdiff_t nbytes)
{
	int saved = errno;
	void *data = NULL;
	struct nd_buffer *buffer;

	if (nbytes > 0 && posix_memalign(&data, ND_ALIGN_BYTES, (size_t)nbytes) != 0)
		goto refused;
	buffer = malloc(sizeof *buffer);
	if (!buffer)
		goto refused;
	if (nbytes >= HUGEPAGE_LEAST_BYTES && hugepages)
		advise_hugepages(data, (size_t)nbytes);
	buffer->data = nbytes > 0 ? data : (char *)buffer;
	buffer->nbytes = nbytes;
	buffer->references = 1;
	errno = saved;
	return buffer;

refused:
	free(data);
	errno = saved;
	return NULL;
}

void nd_release(struct nd *array)
{
	struct nd_buffer *buffer = array->buffer;

	if (buffer && --buffer->references == 0) {
		if (buffer->nbytes > 0)
			free(buffer->data);
		free(buffer);
	}
	memset(array, 0, sizeof *array);
}

void *nd_data(const struct nd *a)
{
	return a->buffer ? a->buffer->data + a->geom.offset : NULL;
}

ptrdiff_t nd_buffer_nbytes(const struct nd *a)
{
	return a->buffer ? a->buffer->nbytes : 0;
}

void nd_refer(const struct nd *a, struct nd *view)
{
	view->dtype = a->dtype;
	view->owndata = false;
	view->writeable = a->writeable;
	view->stand_in_base = a->stand_in_base;
	view->buffer = a->buffer;
	if (a->buffer)
		a->buffer->references++;
}

/* ---- making ---- */

/* geom is C-contiguous or a permutation of it, from offset 0 on. */
static int make(enum nd_dtype dtype, const struct nd_geom *geom, struct nd *out_array)
{
	struct nd_buffer *buffer = buffer_new(nd_geom_nbytes(geom));

	if (!buffer)
		return ND_ENOMEM;
	out_array->geom = *geom;
	out_array->dtype = dtype;
	out_array->owndata = true;
	out_array->writeable = true;
	out_array->stand_in_base = false;
	out_array->buffer = buffer;
	return ND_OK;
}

static int plan(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd_geom *out_geom)
{
	if ((unsigned)dtype >= ND_DTYPES)
		return ND_EINVAL;
	if (ndim > ND_MAXDIMS)
		return ND_EDIMS;
	return nd_geom_init(out_geom, ndim, shape, dtypes[dtype].itemsize);
}

int nd_empty(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array)
{
	struct nd_geom geom;
	int status = plan(dtype, ndim, shape, &geom);

	return status == ND_OK ? make(dtype, &geom, out_array) : status;
}

int nd_empty_ordered(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, const int *order, struct nd *out_array)
{
	struct nd_geom geom;
	int status = plan(dtype, ndim, shape, &geom);
	ptrdiff_t stride = nd_dtype_itemsize(dtype);

	if (status != ND_OK)
		return status;
	for (int i = 0; i < ndim && nd_geom_size(&geom) > 0; i++) {
		geom.strides[order[i]] = stride;
		stride *= shape[order[i]];
	}
	return make(dtype, &geom, out_array);
}

int nd_zeros(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, struct nd *out_array)
{
	int status = nd_empty(dtype, ndim, shape, out_array);

	if (status == ND_OK && nd_nbytes(out_array) > 0)
		memset(nd_data(out_array), 0, (size_t)nd_nbytes(out_array));
	return status;
}

int nd_full(enum nd_dtype dtype, int ndim, const ptrdiff_t *shape, double value, struct nd *out_array)
{
	int status = nd_empty(dtype, ndim, shape, out_array);

	return status == ND_OK ? nd_fill(out_array, value) : status;
}

/*
 * Each element is start + i, not a running sum: no error adds up. i is a number of blocks and an int beside it, both exact, as an int is what AVX2 can
 * convert eight at a time.
 */
#define COUNT_UP(name, T)                                                                                       \
	ND_CLONES static void name(ptrdiff_t n, double start, T *out)                                          \
	{                                                                                                      \
		for (ptrdiff_t done = 0; done < n; done += ND_BLOCK, out += ND_BLOCK) {                        \
			const int count = n - done < ND_BLOCK ? (int)(n - done) : ND_BLOCK;                    \
                                                                                                               \
			for (int i = 0; i < count; i++)                                                        \
				out[i] = (T)(start + ((double)done + i));                                      \
		}                                                                                              \
	}

COUNT_UP(count_up_f8, double)
COUNT_UP(count_up_f4, float)

ND_CLONES static void count_up_i8(ptrdiff_t n, int64_t start, int64_t *out)
{
	for (ptrdiff_t i = 0; i < n; i++)
		out[i] = (int64_t)((uint64_t)start + (uint64_t)i);
}

int nd_arange(enum nd_dtype dtype, ptrdiff_t n, double start, struct nd *out_array)
{
	int status = nd_empty(dtype, 1, &n, out_array);
	int64_t block[ND_BLOCK], first;
	const ptrdiff_t itemsize = nd_dtype_itemsize(dtype);

	if (status != ND_OK)
		return status;
	if (dtype == ND_FLOAT64) {
		count_up_f8(n, start, nd_data(out_array));
		return ND_OK;
	}
	if (dtype == ND_FLOAT32) {
		count_up_f4(n, start, nd_data(out_array));
		return ND_OK;
	}
	nd_cast_loop(ND_INT64, ND_FLOAT64)(1, (char *)&first, 0, (const char *)&start, 0);
	for (ptrdiff_t done = 0; done < n; done += ND_BLOCK) {
		ptrdiff_t count = n - done < ND_BLOCK ? n - done : ND_BLOCK;

		count_up_i8(count, (int64_t)((uint64_t)first + (uint64_t)done), block);
		nd_cast_loop(dtype, ND_INT64)(count, (char *)nd_data(out_array) + done * itemsize, itemsize, (const char *)block, 8);
	}
	return ND_OK;
}
