/* SPDX-License-Identifier: MIT */
/* Each test has a folder of its own, and at the end of each no temporary file may be left in it. */
#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char *old_folder;

static int setup(void **state)
{
	(void)state;
	old_folder = getcwd(NULL, 0);
	strcpy(folder, "/tmp/test_outfile.XXXXXX");
	return old_folder == NULL || mkdtemp(folder) == NULL || chmod(folder, 0755) != 0 || chdir(folder) != 0 ? -1 : 0;
}

static int teardown(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	int status = chdir(old_folder) != 0 || system(command) != 0 ? -1 : 0;
	free(old_folder);
	return status;
}

static int temporaries(const char *path)
{
	int count = 0;
	DIR *dir = opendir(path);
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
		count += strncmp(entry->d_name, ".memhint-", 9) == 0;
	closedir(dir);
	return count;
}

static void put(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static void holds(const char *path, const char *expected)
{
	char content[200];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	content[fread(content, 1, sizeof content - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(content, expected);
}

static int bits(const char *path)
{
	struct stat st;
	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void write_all(const char *path, const char *content)
{
	struct outfile file;
	struct err err = { 0 };
	if (outfile_open(path, &file, &err) != ERR_OK)
		fail_msg("%s", err.text);
	fputs(content, file.stream);
	if (outfile_commit(&file, &err) != ERR_OK)
		fail_msg("%s", err.text);
	outfile_release(&file);
}

static void refuses(const char *path, const char *message)
{
	struct outfile file;
	struct err err = { 0 };
	assert_int_equal(outfile_open(path, &file, &err), ERR_IO);
	assert_string_equal(err.text, message);
	assert_null(file.stream);
	outfile_release(&file);
}

/* ---- */

static void test_new_file(void **state)
{
	(void)state;
	mode_t before = umask(027);
	write_all("new", "text\n");
	umask(before);
	holds("new", "text\n");
	assert_int_equal(bits("new"), 0640);
	assert_int_equal(temporaries("."), 0);
}

static void test_appears_only_at_commit(void **state)
{
	(void)state;
	struct outfile file;
	put("old", "old\n");
	assert_int_equal(outfile_open("old", &file, NULL), ERR_OK);
	fputs("new\n", file.stream);
	fflush(file.stream);
	holds("old", "old\n");
	assert_int_equal(temporaries("."), file.unnamed ? 0 : 1); /* without a name nothing stays, whatever happens */
	assert_int_equal(outfile_commit(&file, NULL), ERR_OK);
	outfile_release(&file); /* safe after commit */
	outfile_release(&file);
	holds("old", "new\n");
	assert_int_equal(temporaries("."), 0);

	assert_int_equal(outfile_open("fresh", &file, NULL), ERR_OK);
	assert_int_equal(access("fresh", F_OK), -1);
	outfile_release(&file);
	assert_int_equal(access("fresh", F_OK), -1);
	assert_int_equal(temporaries("."), 0);
}

static void test_given_up(void **state)
{
	(void)state;
	struct outfile file;
	put("old", "old\n");
	assert_int_equal(outfile_open("old", &file, NULL), ERR_OK);
	fputs("half", file.stream);
	outfile_release(&file);
	holds("old", "old\n");
	assert_int_equal(temporaries("."), 0);
	struct outfile zeroed = { 0 };
	outfile_release(&zeroed);
	struct err err = { 0 };
	assert_int_equal(outfile_commit(&zeroed, &err), ERR_IO);
}

static void test_keeps_permission_bits(void **state)
{
	(void)state;
	static const mode_t modes[] = { 0600, 0644, 0664, 0755, 0666 };
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		put("file", "old");
		assert_int_equal(chmod("file", modes[i]), 0);
		write_all("file", "new");
		holds("file", "new");
		assert_int_equal(bits("file"), modes[i]);
	}
}

static void test_links_are_followed(void **state)
{
	(void)state;
	assert_int_equal(mkdir("other", 0755), 0);
	put("other/file", "old");
	assert_int_equal(symlink("other/file", "link"), 0);
	assert_int_equal(symlink("link", "second"), 0);
	write_all("second", "new");
	holds("other/file", "new");
	struct stat st;
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat("second", &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	/* A link to nothing yet, read from its own folder. */
	assert_int_equal(symlink("later", "other/pending"), 0);
	assert_int_equal(symlink("other/pending", "third"), 0);
	write_all("third", "made");
	holds("other/later", "made");
	assert_int_equal(lstat("third", &st), 0);
	assert_true(S_ISLNK(st.st_mode));

	char target[200];
	snprintf(target, sizeof target, "%s/absolute", folder);
	assert_int_equal(symlink(target, "other/far"), 0);
	write_all("other/far", "far");
	holds("absolute", "far");

	assert_int_equal(symlink("loop", "loop"), 0);
	refuses("loop", "cannot write 'loop': Too many levels of symbolic links");
	assert_int_equal(symlink("missing/file", "astray"), 0);
	refuses("astray", "cannot write 'astray': No such file or directory");
	assert_int_equal(temporaries(".") + temporaries("other"), 0);
}

static void test_places_that_cannot_be_written(void **state)
{
	(void)state;
	put("file", "old");
	assert_int_equal(mkdir("dir", 0755), 0);
	assert_int_equal(symlink("dir", "to_dir"), 0);
	refuses("missing/file", "cannot write 'missing/file': No such file or directory");
	refuses("file/below", "cannot write 'file/below': Not a directory");
	refuses("dir", "cannot write 'dir': Is a directory");
	refuses("dir/", "cannot write 'dir/': Is a directory");
	refuses("to_dir", "cannot write 'to_dir': Is a directory");
	refuses(".", "cannot write '.': Is a directory");
	refuses("/", "cannot write '/': Is a directory");
	refuses("absent/", "cannot write 'absent/': Is a directory");
	refuses("file/", "cannot write 'file/': Not a directory");
	refuses("", "cannot write '': No such file or directory");
	char name[400];
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	struct outfile file;
	struct err err = { 0 };
	assert_int_equal(outfile_open(name, &file, &err), ERR_IO);
	name[255] = '\0'; /* the longest name that there is: the temporary one must not be longer */
	write_all(name, "long");
	holds(name, "long");
	holds("file", "old");
	assert_int_equal(temporaries(".") + temporaries("dir"), 0);
}

/* As somebody without root's privileges. The child's exit status is the number of the step that went wrong. */
static int as_nobody(int (*steps)(void))
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		_exit(steps());
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static bool denied(const char *path, const char *why)
{
	struct outfile file;
	struct err err = { 0 };
	bool refused = outfile_open(path, &file, &err) == ERR_IO && strstr(err.text, why) != NULL;
	outfile_release(&file);
	return refused;
}

static int nobody_steps(void)
{
	if (!denied("closed/new", "Permission denied"))
		return 1;
	if (!denied("readonly", "Permission denied"))
		return 2;
	if (!denied("closed/open", "Permission denied")) /* writable itself, but could not be replaced whole */
		return 3;
	return 0;
}

static void test_rights(void **state)
{
	(void)state;
	assert_int_equal(mkdir("closed", 0755), 0);
	put("closed/open", "old");
	assert_int_equal(chmod("closed/open", 0666), 0);
	put("readonly", "old");
	assert_int_equal(chmod("readonly", 0444), 0);
	assert_int_equal(chmod("closed", 0555), 0);
	assert_int_equal(chmod(".", 0777), 0);
	assert_int_equal(as_nobody(nobody_steps), 0);
	holds("readonly", "old");
	holds("closed/open", "old");
	assert_int_equal(chmod("closed", 0755), 0);
	assert_int_equal(temporaries(".") + temporaries("closed"), 0);
}

static int sticky_steps(void)
{
	return denied("sticky/theirs", "Operation not permitted") ? 0 : 1;
}

static void test_sticky_folder(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip(); /* needs two users */
	assert_int_equal(mkdir("sticky", 0755), 0);
	assert_int_equal(chmod("sticky", 01777), 0);
	put("sticky/theirs", "old");
	assert_int_equal(chmod("sticky/theirs", 0666), 0);
	assert_int_equal(as_nobody(sticky_steps), 0);
	holds("sticky/theirs", "old");
	assert_int_equal(temporaries("sticky"), 0);
}

static void test_owner_is_kept(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put("theirs", "old");
	assert_int_equal(chown("theirs", 65534, 65534), 0);
	assert_int_equal(chmod("theirs", 0640), 0);
	write_all("theirs", "new");
	struct stat st;
	assert_int_equal(stat("theirs", &st), 0);
	assert_int_equal(st.st_uid, 65534);
	assert_int_equal(st.st_gid, 65534);
	assert_int_equal(bits("theirs"), 0640);
}

static void test_full_disk(void **state)
{
	(void)state;
	if (access("/dev/full", W_OK) != 0)
		skip();
	static const size_t sizes[] = { 1, 4096, 100000, 3000000 };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct outfile file;
		struct err err = { 0 };
		assert_int_equal(outfile_open("/dev/full", &file, &err), ERR_OK);
		assert_null(file.temporary);
		for (size_t k = 0; k < sizes[i]; k++)
			putc('x', file.stream);
		assert_int_equal(outfile_commit(&file, &err), ERR_IO);
		assert_string_equal(err.text, "cannot write '/dev/full': No space left on device");
		outfile_release(&file);
	}
	write_all("/dev/full", ""); /* nothing to write, nothing wrong */
	write_all("/dev/null", "text");
	struct stat st;
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void test_pipe_is_written_straight(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int reader = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	write_all("pipe", "through\n");
	char content[20] = "";
	assert_int_equal(read(reader, content, sizeof content), 8);
	assert_string_equal(content, "through\n");
	close(reader);
	struct stat st;
	assert_int_equal(stat("pipe", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
}

/* The target is taken away, or becomes something else, while the work is done. */
static void test_trouble_at_commit(void **state)
{
	(void)state;
	struct outfile file;
	struct err err = { 0 };
	assert_int_equal(outfile_open("file", &file, &err), ERR_OK);
	assert_int_equal(mkdir("file", 0755), 0);
	assert_int_equal(outfile_commit(&file, &err), ERR_IO);
	assert_string_equal(err.text, "cannot write 'file': Is a directory");
	outfile_release(&file);
	assert_int_equal(temporaries("."), 0);

	assert_int_equal(mkdir("gone", 0755), 0);
	assert_int_equal(outfile_open("gone/file", &file, &err), ERR_OK);
	if (!file.unnamed)
		assert_int_equal(unlink(file.temporary), 0);
	assert_int_equal(rmdir("gone"), 0);
	assert_int_equal(outfile_commit(&file, &err), ERR_IO);
	assert_string_equal(err.text, "cannot write 'gone/file': No such file or directory");

	/* A write that failed half-way leaves the old file. */
	put("old", "old");
	assert_int_equal(outfile_open("old", &file, &err), ERR_OK);
	close(fileno(file.stream));
	fputs("new", file.stream);
	assert_int_equal(outfile_commit(&file, &err), ERR_IO);
	assert_string_equal(err.text, "cannot write 'old': Bad file descriptor");
	holds("old", "old");
	assert_int_equal(temporaries("."), 0);
}

/* Standard output is aside for the while: into `path`, and back. */
static int aside(const char *path)
{
	fflush(stdout);
	int saved = dup(STDOUT_FILENO), fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	assert_true(saved >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	close(fd);
	return saved;
}

static void back(int saved)
{
	clearerr(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
}

static void test_standard_output(void **state)
{
	(void)state;
	struct outfile file;
	struct err err = { 0 };
	int saved = aside("out");
	int status = outfile_open("-", &file, &err);
	if (status == ERR_OK) {
		fputs("first\n", file.stream);
		status = outfile_commit(&file, &err);
	}
	fputs("still open\n", stdout);
	/* Other names of the same file add to it; a rename would cut it off. */
	if (status == ERR_OK)
		status = outfile_open("/dev/stdout", &file, &err);
	if (status == ERR_OK) {
		fputs("third\n", file.stream);
		status = outfile_commit(&file, &err);
	}
	if (status == ERR_OK)
		status = outfile_open("out", &file, &err);
	if (status == ERR_OK) {
		fputs("fourth\n", file.stream);
		status = outfile_commit(&file, &err);
	}
	fflush(stdout);
	back(saved);
	assert_int_equal(status, ERR_OK);
	holds("out", "first\nstill open\nthird\nfourth\n");

	saved = aside("out");
	status = outfile_open("-", &file, &err);
	outfile_release(&file);
	int printed = fputs("open after release\n", stdout);
	fflush(stdout);
	back(saved);
	assert_int_equal(status, ERR_OK);
	assert_true(printed >= 0);
	holds("out", "open after release\n");

	if (access("/dev/full", W_OK) != 0)
		return;
	saved = aside("/dev/full");
	status = outfile_open("-", &file, &err);
	if (status == ERR_OK) {
		fputs("lost", file.stream);
		status = outfile_commit(&file, &err);
	}
	back(saved);
	assert_int_equal(status, ERR_IO);
	assert_string_equal(err.text, "cannot write standard output: No space left on device");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_new_file),
		TEST(test_appears_only_at_commit),
		TEST(test_given_up),
		TEST(test_keeps_permission_bits),
		TEST(test_links_are_followed),
		TEST(test_places_that_cannot_be_written),
		TEST(test_rights),
		TEST(test_sticky_folder),
		TEST(test_owner_is_kept),
		TEST(test_full_disk),
		TEST(test_pipe_is_written_straight),
		TEST(test_trouble_at_commit),
		TEST(test_standard_output),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
