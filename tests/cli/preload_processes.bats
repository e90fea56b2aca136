#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# What the libraries tell of processes, of their beginnings and ends, of regions, and of a Python's start; and that the program notices nothing.

load common
load preload

setup_file() {
	build ledger processes family
}

setup() {
	P=$BATS_FILE_TMPDIR
}

# Lines of processes that have all these words.
processes() {
	local lines word
	lines=$(grep '^process' "$LEDGER")
	for word; do
		lines=$(printf '%s\n' "$lines" | grep -- " $word\b" || true)
	done
	printf '%s' "$lines" | grep -c '' || true
}

@test "50 children at once: each in its own entry, what it inherits apart from what it asks for" {
	on_ledger -- "$P/processes" fork50
	[ "$status" -eq 0 ]
	[ "$(field processes ^ledger)" -eq 51 ]
	[ "$(processes began=fork state=exited asked=2000 allocations=1 inherited=1024 live=3072 peak=3072)" -eq 50 ]
	[ "$(processes began=start state=exited asked=1000)" -eq 1 ]
	[ "$(sum asked ^process)" -eq $((50 * 2000 + 1000)) ]
}

@test "a fork that the C library knows nothing of" {
	on_ledger -- "$P/processes" rawfork
	[ "$(processes began=fork state=exited asked=3000 allocations=1 inherited=1024)" -eq 1 ]
	[ "$(processes began=start state=exited asked=1100 allocations=2)" -eq 1 ]
}

@test "vfork and posix_spawn: the new program begins anew, the parent goes on" {
	for how in vfork spawn; do
		on_ledger -- "$P/processes" ask $how ask
		[ "$status" -eq 0 ]
		[ "$(processes name=processes began=start state=exited asked=8000)" -eq 1 ]
		[ "$(processes name=true began=start state=exited)" -eq 1 ]
		[ "$(field pid '^process.*name=true')" -eq "$(field pid ^exec)" ]
		[ "$(field parent '^process.*name=true')" -eq "$(field pid '^process.*name=processes')" ]
		[ "$(field state ^exec)" = running ]
	done
	for how in vfork-fails spawn-fails; do
		on_ledger -- "$P/processes" ask $how ask
		[ "$status" -eq 0 ]
		[ "$(processes state=exited asked=8000)" -eq 1 ]
		[ "$(field processes ^ledger)" -eq 1 ]
		[ "$(field state ^exec)" = exited ]
	done
}

@test "exec, by all its names" {
	for how in exec execl execle fexecve; do
		on_ledger -- "$P/processes" ask $how
		[ "$status" -eq 0 ]
		[ "$(field processes ^ledger)" -eq 2 ]
		[ "$(processes began=start state=execed)" -eq 1 ]
		[ "$(processes began=exec state=exited)" -eq 1 ]
		[ "$(field without ^exec)" -eq 0 ]
		[ "$(field rss '^process.*state=execed')" -gt 500000 ]
	done
}

@test "an exec that fails changes nothing" {
	on_ledger -- "$P/processes" failing ask
	[ "$status" -eq 0 ]
	[ "$(processes began=start state=exited asked=5100 allocations=3)" -eq 1 ]
	[ "$(grep -c '^exec.*state=exited' "$LEDGER")" -eq 6 ]
	[ "$(field asked '^region.*name=failing')" -eq 1100 ]
	[ "$(field ended '^region.*name=failing')" -eq 1 ]
}

@test "a child whose environment was cleared is noted" {
	on_ledger -- "$P/processes" env-i
	[ "$(field without ^exec)" -eq 1 ]
	grep -q '^exec.*path=/bin/true$' "$LEDGER"
	[ "$(processes began=fork state=execed)" -eq 1 ]
}

@test "ends: _exit, _Exit, quick_exit, daemon, signals" {
	while read -r status_wanted words; do
		# shellcheck disable=SC2086 # words are wanted
		on_ledger -- "$P/processes" ask $words
		[ "$status" -eq "$status_wanted" ]
		[ "$(processes began=start state=exited asked=4000)" -eq 1 ]
		[ "$(field rss ^process)" -gt 500000 ]
		[ "$(field ns ^process)" -gt 0 ]
	done <<-'END'
		0
		3 _exit
		4 _Exit
		5 quick_exit
		0 daemon
		0 fork
	END
	while read -r status_wanted words; do
		on_ledger -- "$P/processes" ask "$words"
		[ "$status" -eq "$status_wanted" ]
		[ "$(processes began=start state=running asked=4000 live=4096)" -eq 1 ]
		[ "$(field ns ^process)" -eq 0 ]
	done <<-'END'
		134 abort
		137 sigkill
		139 sigsegv
	END
}

@test "all files closed, another directory, user or root: counted on" {
	for how in closeall chdir; do
		on_ledger -- "$P/processes" $how ask
		[ "$(processes state=exited asked=4000)" -eq 1 ]
		[ "$(field rss ^process)" -gt 500000 ]
	done
	need_root
	for how in chroot setuid; do
		on_ledger -- "$P/processes" $how fork ask
		[ "$(processes began=start state=exited)" -eq 1 ]
		[ "$(processes began=fork state=exited asked=4000)" -eq 1 ]
	done
}

@test "the program's files have the numbers that they always had" {
	"$P/processes" fds >"$BATS_TEST_TMPDIR/before"
	for LIBRARY in preload plain; do
		on_ledger -w 7 -- "$P/processes" region ask end fds
		diff <(printf '%s\n' "$output") "$BATS_TEST_TMPDIR/before"
		# Also when the first ones are free: the ledger's own file must not stay in one.
		run bash -c "exec <&-; $P/ledger -o $LEDGER $PWD/$B/libmemhint-$LIBRARY.so $P/processes fds"
		[ "$output" = "$(exec <&-; "$P/processes" fds)" ]
	done
}

@test "regions: nested, repeated, unbalanced, too deep, with odd names" {
	cat >"$BATS_TEST_TMPDIR/regions.c" <<-'END'
		#include <memhint.h>
		#include <stdlib.h>
		#include <string.h>
		int main(void)
		{
			char *volatile a, *volatile b, name[10001];
			a = malloc(1000000);                    /* before: in no region */
			memhint_begin("outer");
			b = malloc(2000000); free(b);
			for (int i = 0; i < 3; i++) {
				memhint_begin("inner");
				b = malloc(100); free(b);
				b = malloc(5000);
				memhint_end();
			}
			free(a);                                /* more than it made: kept is negative */
			memhint_end();
			memhint_end();
			memset(name, 'x', 118); strcpy(name + 118, "\xc3\xa9z"); /* cut inside of a character */
			memhint_begin(name); memhint_end();
			memset(name, 'y', 10000); name[10000] = 0;
			memhint_begin(name); memhint_end();
			memhint_begin(NULL); memhint_end();
			for (int i = 0; i < 70; i++) memhint_begin("deep");
			b = malloc(10);
			for (int i = 0; i < 70; i++) memhint_end();
			memhint_begin("open"); b = malloc(7000); b[0] = 1;
			return 0;
		}
	END
	cc -O0 -fno-builtin -Iinclude -o "$BATS_TEST_TMPDIR/regions" "$BATS_TEST_TMPDIR/regions.c" -L"$B" -lmemhint -Wl,-rpath,"$PWD/$B"
	"$BATS_TEST_TMPDIR/regions"
	on_ledger -w 5 -- "$BATS_TEST_TMPDIR/regions"
	[ "$status" -eq 0 ]
	[ "$(field asked 'name=outer$')" -eq $((2000000 + 3 * 5100)) ]
	[ "$(field peak 'name=outer$')" -eq 2097152 ]
	[ "$(field kept 'name=outer$')" -eq $((3 * 5120 - 1048576)) ]
	[ "$(field begun 'name=inner$')" -eq 3 ]
	[ "$(field asked 'name=inner$')" -eq $((3 * 5100)) ]
	[ "$(field temporary 'name=inner$')" -eq 3 ]
	[ "$(field peak 'name=inner$')" -eq 5120 ]
	[ "$(field ns 'name=outer$')" -gt "$(field ns 'name=inner$')" ]
	[ "$(field unmatched ^process)" -eq 1 ]
	[ "$(field deep ^process)" -eq 6 ]
	[ "$(field begun 'name=deep$')" -eq 64 ]
	[ "$(field ended 'name=deep$')" -eq 64 ]
	[ "$(field asked 'name=deep$')" -eq $((64 * 10)) ]
	[ "$(field ended 'name=open$')" -eq 0 ]
	[ "$(field asked 'name=open$')" -eq 7000 ]
	grep -qE '^region.* cut=1 name=x{118}$' "$LEDGER"
	grep -qE '^region.* cut=1 name=y{119}$' "$LEDGER"
	grep -qE '^region.* cut=0 name=$' "$LEDGER"
	[ "$(field marked ^process)" -eq 0 ]
	iconv -f utf-8 -t utf-8 "$LEDGER" >/dev/null
	LIBRARY=plain
	on_ledger -w 4 -- "$BATS_TEST_TMPDIR/regions"
	[ "$(field begun 'name=inner$')" -eq 3 ]
	[ "$(field ns 'name=outer$')" -gt 0 ]
}

@test "the growth of the resident set in regions, nested or not, and the process's own peak beside it" {
	cat >"$BATS_TEST_TMPDIR/rss.c" <<-'END'
		#include <memhint.h>
		#include <string.h>
		#include <sys/mman.h>
		static void touch(size_t bytes)
		{
			char *p = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			memset(p, 1, bytes);
			munmap(p, bytes);
		}
		int main(void)
		{
			touch(100 << 20);
			memhint_begin("outer");
			touch(40 << 20);
			memhint_begin("inner");
			touch(10 << 20);
			memhint_end();
			memhint_end();
			memhint_begin("nothing");
			memhint_end();
			return 0;
		}
	END
	cc -O1 -Iinclude -o "$BATS_TEST_TMPDIR/rss" "$BATS_TEST_TMPDIR/rss.c" -L"$B" -lmemhint -Wl,-rpath,"$PWD/$B"
	[ -w /proc/self/clear_refs ] || skip 'no /proc/self/clear_refs'
	# Kernels batch their counters: within 2 MiB.
	near() { local off=$(($1 - ($2 << 20))); [ "${off#-}" -le $((2 << 20)) ]; }
	for LIBRARY in preload plain; do
		on_ledger -w 5 -- "$BATS_TEST_TMPDIR/rss"
		near "$(field rss 'name=outer$')" 40
		near "$(field rss 'name=inner$')" 10
		near "$(field rss 'name=nothing$')" 0
		[ "$(field rss ^process)" -gt $((100 << 20)) ]
		[ "$(field rss ^process)" -lt $((110 << 20)) ]
		[ "$(field faults 'name=inner$')" -ge 20 ]
	done
}

@test "a Python is marked when it turns to its script, and again at its first region" {
	need_python ctypes
	printf 'x = bytearray(3000000)\n' >"$BATS_TEST_TMPDIR/script.py"
	export PYTHONPATH=$BATS_TEST_TMPDIR PYTHONDONTWRITEBYTECODE=1
	for LIBRARY in preload plain; do
		on_ledger -- "$PYTHON" "$BATS_TEST_TMPDIR/script.py"
		[ "$(field marked ^process)" -eq 1 ]
		[ "$LIBRARY" = plain ] || [ "$(($(field asked ^process) - $(field mark.asked ^process)))" -gt 3000000 ]
		[ "$LIBRARY" = plain ] || [ "$(field mark.peak ^process)" -lt 3000000 ]
		on_ledger -- "$PYTHON" -c 'x = 1'
		[ "$(field marked ^process)" -eq 1 ]
		on_ledger -- "$PYTHON" -m script
		[ "$(field marked ^process)" -eq 1 ]
		on_ledger -- sh -c "echo 'x = 1' | $PYTHON -"
		[ "$(field marked '^process.*name=python')" -eq 1 ]
	done
}

@test "the Python module: a region costs nothing that is counted, and does nothing without the meter" {
	need_python ctypes
	cat >"$BATS_TEST_TMPDIR/regions.py" <<-'END'
		import memhint
		with memhint.region("empty"):
		    pass
		kept = memhint.region("four megabytes")
		for i in range(3):
		    with kept:
		        x = bytearray(4000000)
		        del x
		memhint.begin("begun \u00e9\n")
		memhint.end()
		try:
		    with memhint.region("raises"):
		        raise KeyError
		except KeyError:
		    pass
	END
	export PYTHONPATH=$PWD/python PYTHONDONTWRITEBYTECODE=1
	"$PYTHON" "$BATS_TEST_TMPDIR/regions.py"
	on_ledger -w 3 -- "$PYTHON" "$BATS_TEST_TMPDIR/regions.py"
	[ "$status" -eq 0 ]
	[ "$(field asked 'name=empty$')" -eq 0 ]
	[ "$(field allocations 'name=empty$')" -eq 0 ]
	[ "$(field begun 'name=four megabytes$')" -eq 3 ]
	[ "$(field asked 'name=four megabytes$')" -eq 12000003 ]
	[ "$(field allocations 'name=four megabytes$')" -eq 3 ]
	[ "$(field temporary 'name=four megabytes$')" -eq 3 ]
	[ "$(field ended 'name=raises$')" -eq 1 ]
	[ "$(field marked ^process)" -eq 2 ]
	grep -q '^large asked=4000001 .*where=regions.py:7 in <module>$' "$LEDGER"
}

@test "a Python's totals are DHAT's, to the byte" {
	need_python json
	export PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
	totals=$(dhat "$PYTHON" -S -c 'import json; print(json.dumps([{"a": i} for i in range(5000)]))')
	on_ledger -- "$PYTHON" -S -c 'import json; print(json.dumps([{"a": i} for i in range(5000)]))'
	# The environment, which it copies, differs by a few variables.
	local bytes=$(($(field asked ^process) - ${totals% *})) calls=$(($(field allocations ^process) - ${totals#* }))
	[ "${bytes#-}" -le 2000 ]
	[ "${calls#-}" -le 10 ]
}

@test "pkg-config, header and stubs: a program is built with them, and runs where nothing measures it" {
	x=$BATS_TEST_TMPDIR/x
	command -v pkg-config >/dev/null || skip 'pkg-config is not installed'
	mkdir -p "$x/lib/pkgconfig" "$x/include"
	cp "$B/libmemhint.so" "$x/lib/libmemhint.so.0"
	ln -s libmemhint.so.0 "$x/lib/libmemhint.so"
	cp include/memhint.h "$x/include"
	sed -e "s,@prefix@,$x,; s,@libdir@,$x/lib,; s,@includedir@,$x/include,; s,@version@,1," build-aux/memhint.pc.in >"$x/lib/pkgconfig/memhint.pc"
	printf '#include <memhint.h>\nint main(void) { memhint_begin("a"); memhint_end(); memhint_end(); return 0; }\n' >"$x/a.c"
	for compiler in cc c++; do
		command -v $compiler >/dev/null || continue
		# shellcheck disable=SC2046 # words are wanted
		$compiler -x "$([ $compiler = cc ] && echo c || echo c++)" -Wall -Wextra -Werror -o "$x/a" "$x/a.c" $(PKG_CONFIG_PATH=$x/lib/pkgconfig pkg-config --cflags --libs memhint) -Wl,-rpath,"$x/lib"
		"$x/a"
		on_ledger -- "$x/a"
		[ "$(field begun 'name=a$')" -eq 1 ]
		[ "$(field unmatched ^process)" -eq 1 ]
	done
}
