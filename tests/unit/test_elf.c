/* SPDX-License-Identifier: MIT */
/* What files tell: this test's own program, and some that are written here. */

#include "bench/elf.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	FILE *file = fopen(path_of(name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
	chmod(path_of(name), 0755);
}

static void judged(const char *path, const char *wanted)
{
	char why[ELF_WHY];
	elf_judge(path, why);
	assert_string_equal(why, wanted);
}

/* A program of headers alone; interpreter may be NULL. */
static void write_elf(const char *name, const char *interpreter, int class_change, uint16_t machine_change)
{
	char file[512] = { 0 };
	ElfW(Ehdr) own, header;
	int fd = open("/proc/self/exe", O_RDONLY);
	assert_int_equal(read(fd, &own, sizeof own), sizeof own);
	close(fd);
	header = own;
	header.e_ident[EI_CLASS] = (unsigned char)(header.e_ident[EI_CLASS] + class_change);
	header.e_machine = (uint16_t)(header.e_machine + machine_change);
	header.e_phoff = sizeof header;
	header.e_phnum = 1;
	header.e_shnum = 0;
	ElfW(Phdr) segment = { .p_type = interpreter ? PT_INTERP : PT_LOAD, .p_offset = sizeof header + sizeof segment };
	segment.p_filesz = interpreter ? strlen(interpreter) + 1 : 0;
	memcpy(file, &header, sizeof header);
	memcpy(file + sizeof header, &segment, sizeof segment);
	if (interpreter)
		memcpy(file + sizeof header + sizeof segment, interpreter, strlen(interpreter) + 1);
	write_file(name, file, sizeof file);
}

static void test_judging(void **state)
{
	(void)state;
	judged("/proc/self/exe", "");
	write_elf("dynamic", "/lib/ld.so", 0, 0);
	judged(path_of("dynamic"), "");
	write_elf("static", NULL, 0, 0);
	judged(path_of("static"), "it is statically linked");
	write_elf("musl", "/lib/ld-musl-x86_64.so.1", 0, 0);
	judged(path_of("musl"), "it is linked to another C library (musl)");
	write_elf("class", "/lib/ld.so", sizeof(void *) == 8 ? -1 : 1, 0);
	judged(path_of("class"), "it is built for another kind of machine");
	write_elf("machine", "/lib/ld.so", 0, 1);
	judged(path_of("machine"), "it is built for another kind of machine");
	judged(path_of("none"), "its file is not there");
	write_file("empty", "", 0);
	judged(path_of("empty"), "");
	write_file("text", "echo hello\n", 11);
	judged(path_of("text"), "");
	write_file("cut", ELFMAG, 4);
	judged(path_of("cut"), "");
}

static void test_scripts(void **state)
{
	(void)state;
	char line[160];
	write_elf("static", NULL, 0, 0);
	snprintf(line, sizeof line, "#! %s -x\n", path_of("static"));
	write_file("script", line, strlen(line));
	judged(path_of("script"), "it is statically linked");
	snprintf(line, sizeof line, "#!%s", path_of("loop"));
	write_file("loop", line, strlen(line));
	judged(path_of("loop"), "");
	write_file("gone", "#!/no/such/shell\n", 17);
	judged(path_of("gone"), "its file is not there");
}

static void test_rights(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();
	write_elf("suid", "/lib/ld.so", 0, 0);
	assert_int_equal(chown(path_of("suid"), 12345, 0), 0);
	assert_int_equal(chmod(path_of("suid"), 04755), 0);
	judged(path_of("suid"), "it is set-user-ID");
	assert_int_equal(chown(path_of("suid"), 0, 12345), 0);
	assert_int_equal(chmod(path_of("suid"), 02755), 0);
	judged(path_of("suid"), "it is set-group-ID");
	assert_int_equal(chown(path_of("suid"), 0, 0), 0); /* what it would gain, it has */
	assert_int_equal(chmod(path_of("suid"), 06755), 0);
	judged(path_of("suid"), "");
}

static void test_finding(void **state)
{
	(void)state;
	char path[PATH_MAX], list[256];
	write_file("prog", "x", 1);
	write_file("plain", "x", 1);
	chmod(path_of("plain"), 0644);
	mkdir(path_of("folder"), 0755);
	snprintf(list, sizeof list, "/nonexistent:%s", folder);
	char *old = strdup(getenv("PATH"));
	setenv("PATH", list, 1);
	assert_true(elf_find("prog", path));
	assert_string_equal(path, path_of("prog"));
	assert_false(elf_find("plain", path));
	assert_false(elf_find("folder", path));
	assert_false(elf_find("", path));
	assert_false(elf_find("./nosuch", path));
	assert_true(elf_find(path_of("plain"), path));
	setenv("PATH", old, 1);
	free(old);
}

__attribute__((noinline)) int a_function_with_a_name(int x);
int a_function_with_a_name(int x)
{
	return x * 3 + 1;
}

static int first_base(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	*(uintptr_t *)data = info->dlpi_addr;
	return 1;
}

static void test_symbols(void **state)
{
	(void)state;
	uintptr_t base = 0;
	dl_iterate_phdr(first_base, &base);
	char *name = elf_symbol("/proc/self/exe", (uintptr_t)a_function_with_a_name - base + 1);
	assert_non_null(name);
	assert_string_equal(name, "a_function_with_a_name");
	free(name);
	assert_null(elf_symbol("/proc/self/exe", UINT64_MAX));
	assert_null(elf_symbol(path_of("none"), 1));
	write_file("text", "echo hello\n", 11);
	assert_null(elf_symbol(path_of("text"), 1));
}

/* Any byte of a program's head may be wrong. */
static void test_broken_files(void **state)
{
	(void)state;
	char head[4096];
	FILE *self = fopen("/proc/self/exe", "r");
	size_t size = fread(head, 1, sizeof head, self);
	fclose(self);
	uint64_t seed = 5;
	for (int i = 0; i < 400; i++) {
		char copy[sizeof head];
		memcpy(copy, head, size);
		for (int k = 0; k < 3; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			copy[(seed >> 33) % 200] = (char)(seed >> 56);
		}
		write_file("broken", copy, size);
		char why[ELF_WHY];
		elf_judge(path_of("broken"), why);
		free(elf_symbol(path_of("broken"), 0x1000));
	}
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/memhint-elf-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judging), cmocka_unit_test(test_scripts), cmocka_unit_test(test_rights),
		cmocka_unit_test(test_finding), cmocka_unit_test(test_symbols), cmocka_unit_test(test_broken_files),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
