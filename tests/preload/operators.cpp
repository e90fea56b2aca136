// SPDX-License-Identifier: MIT
// C++'s operators, and those of a library that is opened later (its name is the argument): each is to be counted once, though new calls malloc. Says what it asked for.
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <memory>
#include <new>
#include <vector>

static std::size_t asked, allocations;

template <typename T> static T *got(T *block, std::size_t size)
{
	asked += size;
	allocations++;
	if (!block)
		std::abort();
	asm volatile("" : : "r"(block) : "memory"); // it is used, so it must be made
	return block;
}

struct alignas(64) line {
	char bytes[64];
};

struct counter { // its allocator's requests are what the vector makes
	std::size_t *asked, *allocations;
};

template <typename T> struct counting {
	using value_type = T;
	counting() = default;
	template <typename U> counting(const counting<U> &) {}
	T *allocate(std::size_t n)
	{
		return got(static_cast<T *>(::operator new(n * sizeof(T))), n * sizeof(T));
	}
	void deallocate(T *block, std::size_t n)
	{
		::operator delete(block, n * sizeof(T));
	}
	bool operator==(const counting &) const { return true; }
	bool operator!=(const counting &) const { return false; }
};

int main(int argc, char **argv)
{
	static char buffer[4096];
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	delete got(new int, sizeof(int));
	delete[] got(new char[1000], 1000);
	delete[] got(new (std::nothrow) double[33], 33 * sizeof(double));
	delete got(new line, sizeof(line));
	delete[] got(new line[5], 5 * sizeof(line));
	{
		std::vector<long, counting<long>> numbers;
		for (long i = 0; i < 100000; i++)
			numbers.push_back(i);
	}
	// std::bad_alloc is thrown by way of our malloc's NULL.
	if (argc > 2) {
		volatile std::size_t most = static_cast<std::size_t>(-1) / 2;
		try {
			char *block = new char[most];
			asm volatile("" : : "r"(block) : "memory");
			std::abort();
		} catch (const std::bad_alloc &) {
		}
	}
	if (argc > 1) {
		void *library = dlopen(argv[1], RTLD_NOW);
		if (!library) {
			std::fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
		auto run = reinterpret_cast<void (*)(std::size_t *, std::size_t *)>(dlsym(library, "plugin_run"));
		run(&asked, &allocations);
		dlclose(library);
	}
	std::printf("asked=%zu allocations=%zu\n", asked, allocations);
}
