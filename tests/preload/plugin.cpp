// SPDX-License-Identifier: MIT
// A C++ library for a program to open: a C program too, which has no C++ library until then.
#include <cstddef>
#include <cstdlib>

extern "C" void plugin_run(std::size_t *asked, std::size_t *allocations)
{
	for (std::size_t size = 1; size < 2000; size += 3) {
		char *block = new char[size];
		asm volatile("" : : "r"(block) : "memory");
		*asked += size;
		++*allocations;
		delete[] block;
	}
	void *kept = std::malloc(77); // of malloc, and kept
	asm volatile("" : : "r"(kept) : "memory");
	*asked += 77;
	++*allocations;
}
