/* SPDX-License-Identifier: MIT */
/* Reads programs, up to the limit that the analyser has anyway: nothing larger is even kept. */

#include "cmd/source.h"

#include "inspect/inspect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every part begins a line of its own. */
static int begin(struct source *source, const char *name, struct err *err)
{
	int lines = 0;
	if (source->count == SOURCE_PARTS)
		return err_set(err, ERR_USAGE, "more than %d programs at once", SOURCE_PARTS);
	if (source->text.length > 0 && source->text.data[source->text.length - 1] != '\n')
		text_addc(&source->text, '\n', 1);
	for (size_t i = 0; source->count > 0 && i < source->text.length; i++)
		lines += source->text.data[i] == '\n';
	source->part[source->count].name = name;
	source->part[source->count].lines_before = lines;
	source->typed = (source->count == 0 || source->typed) && name == NULL;
	source->count++;
	return 0;
}

static int check_size(const struct source *source, const char *name, struct err *err)
{
	if (source->text.failed)
		return err_set(err, ERR_IO, "out of memory");
	if (source->text.length <= INSPECT_MOST_SOURCE)
		return 0;
	if (name == NULL)
		return err_set(err, ERR_USAGE, "the program is too large: at most %d MiB are read", INSPECT_MOST_SOURCE >> 20);
	return err_set(err, ERR_USAGE, "'%.200s' is too large: at most %d MiB are read", name, INSPECT_MOST_SOURCE >> 20);
}

/* Until its end, an interrupt, or more than is wanted. */
static int read_all(struct source *source, int fd, const char *name, struct err *err)
{
	char buffer[1 << 16];
	if (begin(source, name, err) != 0)
		return err->code;
	while (source->text.length <= INSPECT_MOST_SOURCE && !source->text.failed) {
		ssize_t count = read(fd, buffer, sizeof buffer);
		if (count == 0)
			break;
		if (count < 0 && errno == EINTR)
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		if (count < 0)
			return err_set(err, ERR_IO, "cannot read '%.200s': %s", name, strerror(errno));
		text_addn(&source->text, buffer, (size_t)count);
	}
	return check_size(source, name, err);
}

/* No expression looks like this, so who writes it means a file. */
static bool looks_like_file(const char *word)
{
	static const char *const endings[] = { ".py", ".txt", ".ipynb" };
	size_t length = strlen(word);
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (length > strlen(endings[i]) && strcmp(word + length - strlen(endings[i]), endings[i]) == 0 && !strpbrk(word, " \n=()[]"))
			return true;
	return word[0] == '/' || strncmp(word, "./", 2) == 0 || strncmp(word, "../", 3) == 0;
}

static int add_file(struct source *source, const char *name, struct err *err)
{
	struct stat about;
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, errno == EINTR ? ERR_INTERRUPTED : ERR_IO, "cannot open '%.200s': %s", name, strerror(errno));
	int status = 0;
	if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode))
		status = err_set(err, ERR_IO, "cannot read '%.200s': it is a directory", name);
	else
		status = read_all(source, fd, name, err);
	close(fd);
	return status;
}

int source_add_word(struct source *source, const char *word, struct err *err)
{
	struct stat about;
	if (strcmp(word, "-") == 0)
		return read_all(source, STDIN_FILENO, "<stdin>", err);
	if (stat(word, &about) == 0 || looks_like_file(word))
		return add_file(source, word, err);
	return source_add_text(source, word, err);
}

int source_add_text(struct source *source, const char *program, struct err *err)
{
	if (begin(source, NULL, err) != 0)
		return err->code;
	text_add(&source->text, program);
	return check_size(source, NULL, err);
}

const char *source_place(const struct source *source, int line, int *out_line)
{
	size_t at = source->count;
	while (at > 1 && source->part[at - 1].lines_before >= line)
		at--;
	*out_line = at > 0 ? line - source->part[at - 1].lines_before : line;
	return at > 0 ? source->part[at - 1].name : NULL;
}

void source_release(struct source *source)
{
	text_release(&source->text);
}
