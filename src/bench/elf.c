/* SPDX-License-Identifier: MIT */
/*
 * The dynamic linker preloads our library, so a file that names no dynamic linker (PT_INTERP), or another C library's, cannot be reached, nor can one whose
 * program gains rights, since the linker then takes no LD_PRELOAD from who has fewer.
 *
 * Source  the gABI (elf.h's names); ld.so(8) on secure-execution mode; execve(2) on interpreter scripts.
 */

#include "bench/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { FIRST_LINE = 256, MOST_SCRIPTS = 5, MOST_HEADERS = 512, MOST_TABLE = 256 << 20 };

#if __SIZEOF_POINTER__ == 8
#define OWN_CLASS ELFCLASS64
#define SYMBOL_TYPE(info) ELF64_ST_TYPE(info)
#else
#define OWN_CLASS ELFCLASS32
#define SYMBOL_TYPE(info) ELF32_ST_TYPE(info)
#endif

/* ---- finding ---- */

bool elf_find(const char *word, char out_path[PATH_MAX])
{
	if (strchr(word, '/') || !*word)
		return snprintf(out_path, PATH_MAX, "%s", word) < PATH_MAX && access(out_path, F_OK) == 0;
	const char *path = getenv("PATH");
	char usual[256] = "";
	if (!path) {
		confstr(_CS_PATH, usual, sizeof usual);
		path = usual;
	}
	for (const char *at = path;; at++) {
		int length = (int)strcspn(at, ":");
		struct stat file;
		if (snprintf(out_path, PATH_MAX, "%.*s%s%s", length, at, length ? "/" : "./", word) < PATH_MAX && access(out_path, X_OK) == 0 &&
		    stat(out_path, &file) == 0 && S_ISREG(file.st_mode))
			return true;
		at += length;
		if (!*at)
			return false;
	}
}

/* ---- reading ---- */

static bool read_at(int fd, void *to, size_t size, uint64_t from)
{
	for (size_t got = 0; got < size;) {
		ssize_t more = pread(fd, (char *)to + got, size - got, (off_t)(from + got));
		if (more <= 0 && !(more < 0 && errno == EINTR))
			return false;
		got += more > 0 ? (size_t)more : 0;
	}
	return true;
}

/* count structs of a size in a new array; NULL if they are not there, or too many. */
static void *read_table(int fd, uint64_t from, uint64_t count, size_t size)
{
	if (count == 0 || count > MOST_TABLE / size)
		return NULL;
	void *table = malloc(count * size);
	if (table && !read_at(fd, table, count * size, from)) {
		free(table);
		return NULL;
	}
	return table;
}

static bool is_elf(const ElfW(Ehdr) * header)
{
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;
}

/* ---- judging ---- */

static bool gains_rights(int fd, const struct stat *file)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return false;
	bool user = (file->st_mode & S_ISUID) && file->st_uid != getuid();
	bool group = (file->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && file->st_gid != getgid();
	return user || group || (getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0);
}

static uint16_t own_machine(void)
{
	ElfW(Ehdr) header = { 0 };
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (!read_at(fd, &header, sizeof header, 0))
			header.e_machine = EM_NONE;
		close(fd);
	}
	return header.e_machine;
}

/* The dynamic linker that a program names: its path, or "" for none. */
static void read_interpreter(int fd, const ElfW(Ehdr) * header, char out_path[PATH_MAX])
{
	out_path[0] = '\0';
	if (header->e_phnum > MOST_HEADERS || header->e_phentsize != sizeof(ElfW(Phdr)))
		return;
	ElfW(Phdr) *segments = read_table(fd, header->e_phoff, header->e_phnum, sizeof *segments);
	for (size_t i = 0; segments && i < header->e_phnum; i++) {
		uint64_t size = segments[i].p_filesz;
		if (segments[i].p_type != PT_INTERP || size >= PATH_MAX || !read_at(fd, out_path, (size_t)size, segments[i].p_offset))
			continue;
		out_path[size] = '\0';
		break;
	}
	free(segments);
}

static const char *judge_header(int fd, const ElfW(Ehdr) * header)
{
	uint16_t machine = own_machine();
	if (header->e_ident[EI_CLASS] != OWN_CLASS || (machine != EM_NONE && header->e_machine != machine))
		return "it is built for another kind of machine";
	char interpreter[PATH_MAX];
	read_interpreter(fd, header, interpreter);
	if (!*interpreter)
		return "it is statically linked";
	if (strstr(interpreter, "musl"))
		return "it is linked to another C library (musl)";
	return "";
}

/* The interpreter of a script: the first word after "#!". */
static bool script_interpreter(char line[FIRST_LINE], char out_path[PATH_MAX])
{
	if (line[0] != '#' || line[1] != '!')
		return false;
	char *word = line + 2 + strspn(line + 2, " \t");
	word[strcspn(word, " \t\n")] = '\0';
	return *word && snprintf(out_path, PATH_MAX, "%s", word) < PATH_MAX;
}

void elf_judge(const char *path, char out_why[ELF_WHY])
{
	char at[PATH_MAX];
	const char *why = "";
	snprintf(at, sizeof at, "%s", path);
	for (int scripts = 0; scripts < MOST_SCRIPTS; scripts++) {
		char line[FIRST_LINE] = "";
		ElfW(Ehdr) header = { 0 };
		struct stat file;
		int fd = open(at, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			why = errno == ENOENT ? "its file is not there" : "its file cannot be read";
			break;
		}
		ssize_t length = pread(fd, line, sizeof line - 1, 0);
		bool script = length > 2 && script_interpreter(line, at);
		if (!script && fstat(fd, &file) == 0 && gains_rights(fd, &file))
			why = file.st_mode & S_ISUID ? "it is set-user-ID" : file.st_mode & S_ISGID ? "it is set-group-ID" : "it is given capabilities";
		else if (!script && read_at(fd, &header, sizeof header, 0) && is_elf(&header))
			why = judge_header(fd, &header);
		close(fd);
		if (!script)
			break;
	}
	snprintf(out_why, ELF_WHY, "%s", why);
}

/* ---- symbols ---- */

/* The name in one symbol table of the function around an address. */
static char *symbol_in(int fd, const ElfW(Shdr) * sections, size_t count, const ElfW(Shdr) * table, uint64_t address)
{
	char *name = NULL;
	if (table->sh_entsize != sizeof(ElfW(Sym)) || table->sh_link >= count)
		return NULL;
	const ElfW(Shdr) *strings = &sections[table->sh_link];
	uint64_t entries = table->sh_size / sizeof(ElfW(Sym));
	ElfW(Sym) *symbols = read_table(fd, table->sh_offset, entries, sizeof *symbols);
	char *text = read_table(fd, strings->sh_offset, strings->sh_size, 1);
	for (uint64_t i = 0; symbols && text && !name && i < entries; i++) {
		const ElfW(Sym) *symbol = &symbols[i];
		bool function = SYMBOL_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF;
		if (function && address >= symbol->st_value && address - symbol->st_value < symbol->st_size && symbol->st_name < strings->sh_size)
			name = strndup(text + symbol->st_name, strings->sh_size - symbol->st_name);
	}
	free(symbols);
	free(text);
	return name;
}

char *elf_symbol(const char *path, uint64_t address)
{
	ElfW(Ehdr) header;
	ElfW(Shdr) *sections = NULL;
	char *name = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && read_at(fd, &header, sizeof header, 0) && is_elf(&header) && header.e_ident[EI_CLASS] == OWN_CLASS &&
	    header.e_shentsize == sizeof *sections)
		sections = read_table(fd, header.e_shoff, header.e_shnum, sizeof *sections);
	/* .symtab has more than .dynsym, where it was not stripped. */
	static const uint32_t kinds[] = { SHT_SYMTAB, SHT_DYNSYM };
	for (size_t k = 0; sections && k < 2; k++)
		for (size_t i = 0; !name && i < header.e_shnum; i++)
			if (sections[i].sh_type == kinds[k])
				name = symbol_in(fd, sections, header.e_shnum, &sections[i], address);
	free(sections);
	if (fd >= 0)
		close(fd);
	return name;
}
