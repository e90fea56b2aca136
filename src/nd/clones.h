/* SPDX-License-Identifier: MIT */
#ifndef ND_CLONES_H
#define ND_CLONES_H

/*
 * One C loop, compiled three times: for AVX-512, for AVX2, and for what every x86-64 has.
 *
 * ND_CLONES before a function's definition asks the compiler for all of them; the loader picks one when the program
 * starts. Elsewhere, and under sanitizers (the choice runs before they are ready), it is nothing: the same loop, once.
 *
 * ND_IVDEP before a loop promises that no turn of it reads what an earlier turn wrote. It is weaker than `restrict`:
 * an array may be its own output, element by element.
 */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ND_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define ND_SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(ND_SANITIZED)
#define ND_X86_CLONES 1
#define ND_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ND_CLONES
#endif

#if defined(__clang__)
#define ND_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define ND_IVDEP _Pragma("GCC ivdep")
#else
#define ND_IVDEP
#endif

#endif
