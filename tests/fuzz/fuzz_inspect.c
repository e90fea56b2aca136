/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program: read, followed, told on a screen or as JSON, and its last array laid out as a picture. The first byte chooses whether names that
 * are not defined are assumed, and so on.
 *
 * Built with libFuzzer (`make fuzz`) it looks for inputs that crash; built without (REPLAY) it runs the files that it is given, for `make check`.
 */
#include "base/drawing.h"
#include "inspect/inspect.h"
#include "inspect/layout.h"
#include "report/inspect.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was found goes where nobody reads it. */
static void tell(const struct inspection *found, unsigned choice)
{
	static FILE *nowhere;
	if (!nowhere && !(nowhere = fopen("/dev/null", "w")))
		return;
	const struct report_options options = { .stream = nowhere, .width = choice & 16 ? 40 : 130, .color = choice & 32, .brief = choice & 64 };
	if (choice & 8)
		inspect_json(&options, found);
	else
		inspect_table(&options, found, (struct inspect_mark){ 0 }, choice & 128);
	if (found->error)
		inspect_table_error(&options, found->error, "", NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct inspect_session *session = inspect_open(data[0] & 1);
	if (!session)
		return 0;
	/* As a prompt does it: the first part as a --let, what is left in two feeds. */
	const char *text = (const char *)data + 1;
	size_t half = data[0] & 2 ? (size - 1) / 2 : 0;
	inspect_is_whole(text, size - 1);
	if (data[0] & 4)
		inspect_let(session, text, half);
	else
		inspect_feed(session, text, half);
	inspect_feed(session, text + half, size - 1 - half);
	inspect_finish(session, INSPECT_MOST_PAIRS);
	tell(inspect_result(session), data[0]);
	struct nd_geom geom;
	const struct inspect_array *array = inspect_last(session, &geom);
	if (array) {
		const struct layout_limits limits = { .lines = 8, .rows = 8, .cols = 8, .blocks = 4 };
		struct drawing drawing = { 0 };
		layout_draw(&geom, array->buffer_bytes, &limits, &drawing);
		drawing_release(&drawing);
	}
	inspect_close(session);
	return 0;
}

#ifdef REPLAY
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (!file) {
			fprintf(stderr, "cannot open '%s'\n", argv[i]);
			return 1;
		}
		static uint8_t data[1 << 20];
		size_t size = fread(data, 1, sizeof data, file);
		fclose(file);
		/* Of exactly the input's size, so that a sanitizer sees a read behind it. */
		uint8_t *exact = malloc(size ? size : 1);
		if (!exact)
			return 1;
		for (size_t k = 0; k < size; k++)
			exact[k] = data[k];
		LLVMFuzzerTestOneInput(exact, size);
		free(exact);
	}
	printf("%d inputs\n", argc - 1);
	return 0;
}
#endif
