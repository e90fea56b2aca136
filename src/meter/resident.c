/* SPDX-License-Identifier: MIT */
#include "meter/resident.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int meter_resident_reset(const char **out_why)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		*out_why = "the kernel offers no /proc/self/clear_refs here";
		return -1;
	}
	ssize_t written = write(fd, "5", 1);
	close(fd);
	if (written != 1) {
		*out_why = "the kernel does not let /proc/self/clear_refs be written";
		return -1;
	}
	return 0;
}

/* One "VmHWM:     1234 kB" line of /proc/self/status. */
static int status_field(const char *name, int64_t *out_bytes, const char **out_why)
{
	static char status[1 << 16]; /* the list of groups, which comes first, may be long */
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
	if (fd >= 0)
		close(fd);
	if (length > 0) {
		status[length] = '\0';
		const char *line = strstr(status, name);
		if (line) {
			*out_bytes = strtoll(line + strlen(name), NULL, 10) * 1024;
			return 0;
		}
	}
	*out_why = "/proc/self/status cannot be read here";
	return -1;
}

int meter_resident_peak(int64_t *out_bytes, const char **out_why)
{
	return status_field("\nVmHWM:", out_bytes, out_why);
}

int meter_resident_now(int64_t *out_bytes, const char **out_why)
{
	return status_field("\nVmRSS:", out_bytes, out_why);
}

int64_t meter_minor_faults(void)
{
	struct rusage usage;
	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : -1;
}
