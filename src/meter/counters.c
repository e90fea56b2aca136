/* SPDX-License-Identifier: MIT */
#include "meter/counters.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int meter_counters_available(const char **out_why)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0) {
		close((int)fd);
		return 1;
	}
	switch (errno) {
	case EACCES:
	case EPERM:
		*out_why = "not permitted (kernel.perf_event_paranoid)";
		break;
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		*out_why = "this (virtual) machine has no cycle counter to offer";
		break;
	case ENOSYS:
		*out_why = "the kernel was built without perf events";
		break;
	default:
		*out_why = "perf_event_open failed";
	}
	return 0;
}
