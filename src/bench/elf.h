/* SPDX-License-Identifier: MIT */
#ifndef BENCH_ELF_H
#define BENCH_ELF_H

/* What a program's file tells before, or without, running it. */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_WHY = 120 };

/* The file that execvp() would run for a word: the word itself if there is a slash in it, else found along PATH. */
bool elf_find(const char *word, char out_path[PATH_MAX]);
/*
 * Why a preloaded library of ours does not get into the program in this file; scripts are judged by the interpreter that their first line names.
 *
 * out_why   "it is statically linked", "it is set-user-ID", "it is built for another kind of machine", ...; "" if nothing speaks against it.
 */
void elf_judge(const char *path, char out_why[ELF_WHY]);
/* The function that an address belongs to, as the file numbers its addresses (addr2line does too); the caller frees it. NULL: there is none, or it has no name. */
char *elf_symbol(const char *path, uint64_t address);

#endif
