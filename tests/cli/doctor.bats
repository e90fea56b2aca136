#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# memhint doctor: what this machine can measure, and how exactly.

load common

setup_file() {
	bats_require_minimum_version 1.5.0
	timeout 60 "$MEMHINT" doctor >"$BATS_FILE_TMPDIR/out" 2>"$BATS_FILE_TMPDIR/err" || echo $? >"$BATS_FILE_TMPDIR/failed"
}

setup() {
	output=$(cat "$BATS_FILE_TMPDIR/out")
	text=$(tr -s ' \n' ' ' <<<"$output")
	printf '%s\n' "$output"
}

@test "status 0, nothing on standard error" {
	[ ! -e "$BATS_FILE_TMPDIR/failed" ]
	[ ! -s "$BATS_FILE_TMPDIR/err" ]
}

@test "--help: status 0, usage first, nothing on standard error" {
	memhint doctor --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == "Usage: memhint doctor"* ]]
}

@test "kernel, page size, processors and memory" {
	[[ $output == *"$(uname -r)"* ]]
	[ "$(sed -n 's/^page *\([0-9,]*\) B$/\1/p' <<<"$output" | tr -d ,)" = "$(getconf PAGESIZE)" ]
	[[ $text == *"$(getconf _NPROCESSORS_ONLN) CPU"* ]]
	grep -qE '^memory +[0-9.]+ [MGT]B' <<<"$output"
}

@test "huge pages are what the kernel says" {
	[ -r /sys/kernel/mm/transparent_hugepage/enabled ] || skip "no huge pages here"
	setting=$(sed 's/.*\[\(.*\)\].*/\1/' /sys/kernel/mm/transparent_hugepage/enabled)
	grep -qE "^huge pages +$setting" <<<"$output"
}

@test "the RSS error bar, the same as in JSON" {
	need_python
	bar=$("$MEMHINT" run selftest --variants empty "${QUICK[@]}" --format json | "$PYTHON" -c 'import json, sys; print("%.1f MB" % (json.load(sys.stdin)["host"]["rss_error_bytes"] / 1e6))')
	[[ $text == *"peak RSS +-$bar"* ]]
}

@test "the error bar is that of the design: cpus x max(32, 2 x cpus) pages, and 2 MiB with huge pages" {
	need_python
	"$MEMHINT" run selftest --variants empty "${QUICK[@]}" --format json | "$PYTHON" -c '
import json, sys
host = json.load(sys.stdin)["host"]
batch = host["cpus"] * max(32, 2 * host["cpus"]) * host["page_bytes"]
assert host["rss_error_bytes"] in (batch, batch + (2 << 20)), (host, batch)
if host["hugepages"] != "never":
    assert host["rss_error_bytes"] == batch + (2 << 20), host'
	"$MEMHINT" run selftest --variants empty "${QUICK[@]}" --format json --hugepages=never | "$PYTHON" -c '
import json, sys
host = json.load(sys.stdin)["host"]
assert host["rss_error_bytes"] >= host["cpus"] * max(32, 2 * host["cpus"]) * host["page_bytes"], host'
}

@test "jemalloc: its version and its configuration, key by key as in JSON" {
	need_python
	conf=$("$MEMHINT" run selftest --variants empty "${QUICK[@]}" --format json | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["host"]["malloc_conf"])')
	grep -qE '^jemalloc +[5-9]\.[0-9]' <<<"$output"
	for key in ${conf//,/ }; do
		[[ $text == *"$key"* ]]
	done
	for key in oversize_threshold dirty_decay_ms muzzy_decay_ms narenas thp background_thread; do
		[[ $conf == *"$key:"* ]]
	done
}

@test "the clock's resolution, and the bandwidth measured" {
	grep -qE '^clock +.*[0-9.]+ [nu]s' <<<"$output"
	grep -qE '^bandwidth .*[0-9.]+ [GM]B/s' <<<"$output"
}

@test "counters: available, or why not" {
	line=$(grep -A1 '^perf counters' <<<"$output")
	[[ $line =~ perf\ counters\ +[a-z0-9] ]]
	[[ $line != *"none" ]]
}

@test "its own overhead: what an empty way reads in each column" {
	[[ $text == *"an empty way makes 0 B, allocated 0 B, allocs 0, peak 0 B, kept 0 B, copied 0 B, peak RSS "*", 1st faults "*", faults 0, time "*", floor "* ]]
	[[ $text =~ empty\ way.*peak\ RSS\ (0\ B|[0-9.]+\ kB|[0-9.]+\ MB) ]]
}

@test "64 MiB that are held are seen" {
	[[ $text == *"64 MiB held"*"67.1 MB"*"peak RSS 6"* ]]
}

@test "no host name, no user name, no path of this machine" {
	for word in "$(hostname)" "$PWD" "$HOME"; do
		[ "${#word}" -le 5 ] || [[ $output != *"$word"* ]]
	done
}

@test "where peak RSS cannot be measured, doctor says so and why, and goes on" {
	need_root
	need_mounts
	run --separate-stderr unshare -m bash -c 'mount -t tmpfs none /proc && timeout 60 "$MEMHINT" doctor'
	show
	[ -z "$stderr" ]
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	[[ $output == *"not measured"* ]]
	[[ $output == *clear_refs* ]]
	[[ $output == *"makes 0 B, allocated 0 B"* ]]
	run grep -E '^memory +0 B' <<<"$output"
	[ "$status" -eq 1 ]
}
