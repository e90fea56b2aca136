#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016,SC2153
# memhint exec: any program on the ledger, as if memhint were not there.

load common

setup_file() {
	command -v "${CC:-cc}" >/dev/null || skip "no C compiler"
	export PROGRAMS=$BATS_FILE_TMPDIR/programs TESTS=$PWD/tests
	mkdir "$PROGRAMS"
	# What a test needs of a program, each a word.
	cat >"$PROGRAMS/do.c" <<'C'
#include "memhint.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void *volatile sink;

__attribute__((noinline)) static void make_table(size_t bytes)
{
	sink = malloc(bytes);
	memset(sink, 1, bytes);
}

static void act(const char *word)
{
	int number = 0;
	char name[20000];
	if (sscanf(word, "malloc=%d", &number) == 1) {
		make_table((size_t)number);
	} else if (sscanf(word, "pairs=%d", &number) == 1) {
		while (number--)
			free(sink = malloc(100));
	} else if (sscanf(word, "exit=%d", &number) == 1) {
		_exit(number);
	} else if (sscanf(word, "kill=%d", &number) == 1) {
		kill(getpid(), number);
	} else if (sscanf(word, "forks=%d", &number) == 1) {
		while (number--)
			if (fork() == 0) {
				sink = malloc(1000);
				_exit(0);
			}
		while (wait(NULL) > 0)
			;
	} else if (sscanf(word, "begin=%19999[^\001]", name) == 1) {
		memhint_begin(name);
	} else if (strcmp(word, "end") == 0) {
		memhint_end();
	} else if (strcmp(word, "crash") == 0) {
		*(volatile int *)8 = 1;
	} else if (strcmp(word, "closeall") == 0) {
		for (int fd = 0; fd < 1024; fd++)
			close(fd);
	} else if (strcmp(word, "cd") == 0) {
		if (chdir("/") != 0)
			_exit(99);
	} else if (strcmp(word, "daemon") == 0) {
		if (fork() == 0) {
			setsid();
			if (fork() == 0) {
				sink = malloc(5000);
				sleep(3);
			}
			_exit(0);
		}
		wait(NULL);
		usleep(100000);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		act(argv[i]);
	return 0;
}
C
	local include=${PWD}/include
	"${CC:-cc}" -g -O1 -fno-builtin-malloc -I"$include" -o "$PROGRAMS/do" "$PROGRAMS/do.c" -L"$B" -lmemhint -Wl,-rpath,"$(realpath "$B")"
	printf 'int main(void) { static volatile char room[1 << 21]; for (int i = 0; i < 1 << 21; i += 4096) room[i] = 1; return 0; }\n' >"$PROGRAMS/two.c"
	"${CC:-cc}" -o "$PROGRAMS/two" "$PROGRAMS/two.c"
	"${CC:-cc}" -static -o "$PROGRAMS/two-static" "$PROGRAMS/two.c" 2>/dev/null || rm -f "$PROGRAMS/two-static"
}

setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return
	do=$PROGRAMS/do
}

# json ARG...: exec with its report in report.json
json() {
	memhint exec --format json -o report.json "$@"
	show
}

# holds CODE: python about `p` (the first program), `heap`, `result` of report.json
holds() {
	need_python
	"$PYTHON" - report.json "$1" <<'PY'
import json, sys
result = json.load(open(sys.argv[1]))
p = result["programs"][0]
heap, regions = p["heap"], {r["name"]: r for r in p["regions"] or []}
exec(sys.argv[2])
PY
}

# not_found ARG...: exec of what is not there (bats warns of 127 if it is not expected)
not_found() {
	run -127 --separate-stderr timeout 60 "$MEMHINT" exec "$@"
}

static_program() {
	[ -x "$PROGRAMS/two-static" ] || skip "no static C library"
}

# ---- once: untouched ----

@test "--help: status 0, usage first, nothing on standard error" {
	memhint exec --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == "Usage: memhint exec "* ]]
	for option in --plain --python-objects --shell --max-peak --max-asked --max-allocations --sets --time --warmup --prepare --cleanup --input --output --report; do
		[[ $output == *"$option"* ]]
	done
}

@test "output is the program's alone, the report goes to standard error" {
	memhint exec -- echo 'a  b'
	[ "$status" -eq 0 ]
	[ "$output" = 'a  b' ]
	[[ $stderr == *"echo"*"asked"*"peak heap"*"under jemalloc"* ]]
}

@test "input, arguments, environment, working directory, descriptors and limits reach it as they are" {
	printf 'in put\n' >in
	run --separate-stderr bash -c 'exec 7<in; "$MEMHINT" exec -q -- cat <in; "$MEMHINT" exec -q -- cat <&7; "$MEMHINT" exec -q -- sh -c "cat <&7; printf \"%s|\" \"\$@\"; pwd" x "a b" "" "-q" <in 7<in'
	show
	[ "$output" = "in put
in put
in put
a b||-q|$PWD" ]
	[ -z "$stderr" ]
	# What memhint adds to the environment, and nothing else; descriptors; limits; signals.
	local look='env | grep -vE "^(LD_PRELOAD|MEMHINT_LEDGER|_|SHLVL|PWD|OLDPWD)=" | sort; ls -l /proc/self/fd | awk "{ print \$9 }" | sort -n; ulimit -a; grep -E "^Sig(Blk|Ign)" /proc/self/status; umask'
	bash -c "trap '' USR1; sh -c '$look'" </dev/null >without 3>&-
	bash -c "trap '' USR1; \"\$MEMHINT\" exec -q -- sh -c '$look'" </dev/null >with 3>&-
	diff without with
}

@test "standard descriptors that are closed stay closed" {
	run bash -c '"$MEMHINT" exec -q -- sh -c "[ ! -e /proc/self/fd/0 ] && echo closed" <&-'
	[ "$output" = closed ]
	run bash -c '"$MEMHINT" exec -q -- sh -c "[ ! -e /proc/\$\$/fd/2 ] && echo closed" 2>&-'
	[ "$output" = closed ]
}

@test "its status: its own, 128 + signal, 127, 126" {
	for code in 0 1 2 77 125 255; do
		memhint exec -q -- sh -c "exit $code"
		[ "$status" -eq "$code" ]
		[ -z "$stderr" ]
	done
	for signal in 9 11 15 6; do
		memhint exec -q -- "$do" kill=$signal
		[ "$status" -eq $((128 + signal)) ]
	done
	not_found -- no-such-program
	refused 127 "'no-such-program'" "No such file"
	not_found -- ./none
	refused 127 "'./none'"
	echo text >text
	memhint exec -- ./text
	refused 126 "'./text'" "Permission denied"
	mkdir folder
	memhint exec -- ./folder
	refused 126 "'./folder'"
	chmod +x text
	printf '#!/no/such/interpreter\n' >text
	not_found -- ./text
	refused 127 "'./text'"
	printf 'exit 9\n' >text # without #!: as execvp does, by sh
	memhint exec -q -- ./text
	[ "$status" -eq 9 ]
}

@test "what a process sends to memhint the program gets; what the terminal sends memhint survives" {
	printf '#!/bin/sh\ntrap "echo got; exit 5" USR1 TERM\necho $$ >pid\nwhile :; do sleep 0.05; done\n' >loop
	chmod +x loop
	for signal in TERM USR1; do
		rm -f pid
		"$MEMHINT" exec -q -- ./loop >out 2>&1 3>&- &
		local memhint=$!
		within 10 test -s pid
		kill -$signal $memhint
		local code=0
		wait $memhint || code=$?
		[ "$code" -eq 5 ]
		[ "$(cat out)" = got ]
	done
}

@test "Ctrl-C at a terminal: the program has it, memhint tells its status and reports" {
	need_python pty
	cat >keys.py <<'PY'
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background has it ignored
    os.execv(os.environ["MEMHINT"], ["memhint", "exec", "--", *sys.argv[1:]])
seen = b""
while b"ready" not in seen:
    seen += os.read(fd, 1000)
os.write(fd, b"\3")
try:
    while True:
        more = os.read(fd, 1000)
        if not more:
            break
        seen += more
except OSError:
    pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), b"peak heap" in seen)
PY
	run "$PYTHON" keys.py sh -c 'trap "exit 7" INT; echo ready; while :; do sleep 0.05; done'
	[ "$output" = '7 True' ]
	run "$PYTHON" keys.py sh -c 'echo ready; exec sleep 20'
	[ "$output" = '130 True' ]
}

@test "the caller's own LD_PRELOAD comes after ours; a ledger of another is not taken for ours" {
	printf '#include <unistd.h>\n__attribute__((constructor)) static void hello(void) { if (write(2, "hello\\n", 6) != 6) _exit(9); }\n' >own.c
	"${CC:-cc}" -shared -fPIC -o own.so own.c
	run --separate-stderr env LD_PRELOAD="$PWD/own.so" MEMHINT_LEDGER=/no/ledger "$MEMHINT" exec --format json -o report.json -- "$do" malloc=3000
	[ "$status" -eq 0 ]
	[ "$stderr" = $'hello\nhello' ] # memhint's own, and the program's
	holds 'assert heap["asked_bytes"] == 3000, heap'
}

@test "memhint killed: the program dies too" {
	"$MEMHINT" exec -q -- sh -c 'echo $$ >pid; exec sleep 60' 3>&- &
	local memhint=$!
	within 10 test -s pid
	within 10 grep -q sleep "/proc/$(cat pid)/comm"
	kill -KILL $memhint
	wait $memhint || true
	pid=$(cat pid)
	within 10 sh -c "! kill -0 $pid 2>/dev/null || grep -q '^State:.Z' /proc/$pid/status"
}

# ---- once: what is counted ----

@test "exact bytes and calls; nothing of our own" {
	json -- "$do" malloc=100000 pairs=1000
	[ "$status" -eq 0 ]
	holds '
assert heap["asked_bytes"] == 100000 + 1000 * 100, heap
assert heap["allocations"] == 1001 and heap["temporary_allocations"] == 1000, heap
assert heap["peak_bytes"] == heap["kept_bytes"] + 112 and heap["peak_error_bytes"] == 0, heap
assert "jemalloc" in heap["source"] and p["time"]["wall_ns"] > 0 and p["resident"]["faults"] > 0'
	json -- "$do"
	holds 'assert heap["asked_bytes"] == 0 and heap["allocations"] == 0 and heap["peak_bytes"] == 0, heap'
	json -- true
	holds 'assert heap["asked_bytes"] == 0, heap'
}

@test "--plain: RSS, faults and times from a plain run, whose output is dropped" {
	printf 'once\n' >in
	run --separate-stderr bash -c '"$MEMHINT" exec --plain --format json -o report.json -- cat <in'
	[ "$output" = once ]
	holds 'assert "plain" in p["time"]["source"] and "plain" in p["resident"]["source"] and "counted" in heap["source"], p'
	run --separate-stderr bash -c 'echo piped | "$MEMHINT" exec --plain --format json -o report.json -- cat'
	[ "$output" = piped ]
	holds 'assert any("cannot be read twice" in note for note in p["notes"]), p["notes"]'
}

@test "forked children add up, the peak is the largest one's" {
	json -- "$do" malloc=50000 forks=50
	holds '
assert heap["asked_bytes"] == 50000 + 50 * 1000 and heap["allocations"] == 51, heap
assert len(p["processes"]) == 51 and sum(q["began"] == "fork" for q in p["processes"]) == 50
assert heap["peak_bytes"] >= 51000 and heap["peak_bytes"] < 60000, heap'
}

@test "exec, crashes, _exit, SIGKILL, closed descriptors and another directory: what is told is true" {
	json -- sh -c "exec $do malloc=3000"
	holds 'assert [q["name"] for q in p["processes"]] == ["sh", "do"] and p["processes"][1]["heap"]["asked_bytes"] == 3000, p["processes"]'
	local words
	for words in 'malloc=3000 crash' 'malloc=3000 exit=3' 'malloc=3000 kill=9' 'closeall malloc=3000' 'cd malloc=3000'; do
		# shellcheck disable=SC2086
		json -- "$do" $words
		holds 'assert heap["asked_bytes"] == 3000 and heap["kept_bytes"] >= 3000, heap'
		# shellcheck disable=SC2016
		holds 'assert p["resident"]["peak_bytes"] > 500000 and p["resident"]["source"], p["resident"]'
	done
}

@test "a daemon is waited for a second, told as running, and left alone" {
	"$MEMHINT" exec --format json -o report.json -- "$do" daemon >/dev/null 2>&1 3>&- # who has its output waits for it
	holds '
assert heap["asked_bytes"] == 5000, heap
assert [q["ended"] for q in p["processes"]].count("running") == 1, p["processes"]
assert any("running" in note for note in p["notes"])'
	[ -n "$(processes_of "$(realpath "$do")")" ]
}

@test "a shell that holds much memory is not in the numbers of what it runs" {
	need_python
	cat >holder.py <<'PY'
import os, subprocess, sys
hold = bytearray(b"x") * (1 << 30)
for words in sys.argv[1:]:
    subprocess.run([os.environ["MEMHINT"], "exec", "--plain", "--format", "json", "-o", os.path.basename(words) + ".json", "--", words], check=True)
PY
	[ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt 2000000 ] || skip "not 2 GB of memory"
	"$PYTHON" holder.py "$PROGRAMS/two" true
	mv two.json report.json
	holds 'assert 2.0e6 < p["resident"]["peak_bytes"] < 4.5e6, p["resident"]'
	if [ -x "$PROGRAMS/two-static" ]; then
		"$PYTHON" holder.py "$PROGRAMS/two-static"
		mv two-static.json report.json
		holds 'assert 2.0e6 < p["resident"]["peak_bytes"] < 3.5e6 and p["resident"]["source"] == "from outside, at most", p["resident"]'
	else
		echo '# no static C library: that half is not tried' >&3
	fi
}

# ---- what cannot be judged ----

@test "static: cannot judge, and why" {
	static_program
	json -- "$PROGRAMS/two-static"
	[ "$status" -eq 0 ]
	holds 'assert heap["asked_bytes"] is None and heap["why"] == "cannot judge: it is statically linked", heap'
	memhint exec -- "$PROGRAMS/two-static"
	[[ $stderr == *"cannot judge: it is statically linked"* ]]
	printf '#!%s\n' "$PROGRAMS/two-static" >script
	chmod +x script
	json -- ./script
	holds 'assert heap["why"] == "cannot judge: it is statically linked", heap'
}

@test "env -i: cannot judge; as a child: named, and the rest is counted" {
	json -- env -i "$do" malloc=1000
	holds 'assert heap["asked_bytes"] is None and heap["why"] == "cannot judge: its environment was cleared", heap'
	json -- bash -c "env -i $do malloc=70000; $do malloc=1234; true"
	holds '
assert p["missing"] == ["do: its environment was cleared"], p["missing"]
assert heap["asked_bytes"] > 1234 and any(q["heap"]["asked_bytes"] == 1234 for q in p["processes"])
assert any("not in the numbers" in note for note in p["notes"]), p["notes"]'
}

@test "set-user-ID: cannot judge" {
	need_root
	cp "$do" mine
	chown 12345 mine
	chmod 4755 mine
	json -- ./mine malloc=1000
	holds 'assert heap["why"] == "cannot judge: it is set-user-ID", heap'
}

# ---- Python ----

@test "Python: the start-up has its row, small objects are said or counted" {
	need_python
	echo 'l = [float(i) for i in range(100000)]' >x.py
	json -- "$PYTHON" x.py
	holds '
assert p["startup"]["heap"]["asked_bytes"] > 100000 and p["python_objects_counted"] is False, p
assert 800000 < heap["peak_bytes"] < 4500000, heap
assert heap["allocations"] < 10000, heap'
	memhint exec -- "$PYTHON" x.py
	[[ $stderr == *"python and imports"*"--python-objects"* ]]
	json --python-objects -- "$PYTHON" x.py
	holds 'assert p["python_objects_counted"] and heap["peak_bytes"] > 800000 + 100000 * 24 and heap["allocations"] > 100000, heap'
}

# ---- regions and budgets ----

@test "regions: nested, repeated, unbalanced" {
	json -- "$do" begin=outer malloc=1000 begin=inner pairs=10 end begin=inner pairs=5 end end end begin=open
	holds '
assert regions["outer"]["heap"]["asked_bytes"] == 1000 + 1500 and regions["inner"]["times"] == 2, regions
assert regions["inner"]["heap"]["asked_bytes"] == 1500 and regions["open"]["unended"] == 1
assert p["unmatched_ends"] == 1'
	memhint exec -- "$do" begin=outer malloc=1000 end
	[[ $stderr == *outer* ]]
}

@test "names of regions: long ones, new lines, control characters and bytes that are no UTF-8" {
	long=$(printf 'x%.0s' $(seq 10000))
	json -- "$do" "begin=$long" end $'begin=a\nb\e[31mc\td' end $'begin=\xff\xfe' end 'begin="quoted\"' end
	[ "$status" -eq 0 ]
	holds '
names = list(regions)
assert len(names) == 4 and names[0].endswith("xxx...") and len(names[0]) < 200, names
assert names[1] == "a?b?[31mc?d" and names[2] == "??", names'
	for format in table json csv markdown; do
		memhint exec --format $format -- "$do" $'begin=a\nb\e[31m\r' end "begin=$long" end
		[ "$status" -eq 0 ]
		[[ $stderr != *$'\e'* && $stderr != *$'\r'* ]]
	done
}

@test "budgets: kept ones change nothing, broken ones say so, with where the largest came from" {
	memhint exec -q --max-peak 1MB --max-asked 1MB --max-allocations 10 --max-peak table=1MB -- "$do" begin=table malloc=100000 end
	show
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	memhint exec --max-peak 50kB --max-allocations 10 -- "$do" malloc=100000 pairs=3 malloc=40000
	show
	[ "$status" -eq 1 ]
	[[ $stderr == *"--max-peak"*"limited to 50 kB, used "* ]]
	[[ $stderr == *"make_table"* ]]
	memhint exec -q --max-asked table=99999 -- "$do" begin=table malloc=100000 end
	[ "$status" -eq 1 ]
	[[ $stderr == *"--max-asked"*"table"*"limited to"*"used"* ]]
	memhint exec -q --max-asked table=100000 -- "$do" begin=table malloc=100000 end
	[ "$status" -eq 0 ]
	memhint exec -q --max-allocations 1 -- "$do" pairs=2 exit=7
	[ "$status" -eq 7 ]
	memhint exec -q --max-asked 1K --format json -o report.json -- "$do" malloc=5000
	[ "$status" -eq 1 ]
	[[ $stderr == "memhint exec: --max-asked: limited to 1.0 kB, used 5.0 kB" ]]
	holds 'assert p["budgets"][0]["broken"] and p["budgets"][0]["used"] == 5000 and "make_table" in p["largest"][0]["where"], p'
}

@test "where an allocation came from: a function's name only if the address lies in it" {
	printf 'char *p;\nextern char *malloc(unsigned long);\nvoid named(void) { }\nstatic void hidden(void) { p = malloc(5000); }\nint main(void) { named(); hidden(); return !p; }\n' >hidden.c
	"${CC:-cc}" -O0 -w -o hidden hidden.c
	memhint exec -q --max-asked 1K --format json -o report.json -- ./hidden
	holds 'assert p["largest"][0]["where"] == "hidden", p["largest"]'
	strip -N hidden hidden # the nearest before it is now named()
	memhint exec -q --max-asked 1K --format json -o report.json -- ./hidden
	holds 'assert p["largest"][0]["where"].startswith("hidden+0x"), p["largest"]'
}

@test "a budget of a region that was never entered, or of a heap that cannot be judged, is not kept" {
	memhint exec -q --max-peak windos=1MB -- "$do" begin=windows end
	[ "$status" -eq 1 ]
	[[ $stderr == *"no region 'windos' was"*"did you mean"*"windows"* ]]
	memhint exec -q --max-peak 1MB -- env -i "$do"
	[ "$status" -eq 1 ]
	[[ $stderr == *"cannot judge"* ]]
}

# ---- comparisons ----

@test "two commands: rows, ratio with interval, output dropped, report on standard output" {
	json --sets 3 "sh -c 'echo out; echo err >&2'" 'sleep 0.05'
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	holds '
a, b = result["programs"]
assert a["ratio"] is None or a["ratio"]["time"] is None
assert b["ratio"]["time"] > 5 and b["ratio"]["low"] < b["ratio"]["time"] < b["ratio"]["high"] and b["ratio"]["resolved"], b["ratio"]
assert a["time"]["runs"] == b["time"]["runs"] == 6 and b["time"]["wall_ns"] >= 5e7
assert "counted" in a["heap"]["source"] and "plain" in a["time"]["source"]'
	memhint exec --sets 4 true 'sleep 0.03'
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[[ $output == *slower* ]]
}

@test "--sets with one command, --input, --output, --warmup, --prepare, --cleanup" {
	printf 'abc\n' >in
	json --sets 2 --warmup 3 --input in --output out --prepare 'echo p >>hooks' --cleanup 'echo c >>hooks' -- sh -c 'read x; echo "got $x"; echo r >>hooks'
	[ "$status" -eq 0 ]
	[ "$(cat out)" = 'got abc' ]
	[ "$(tr -d '\n' <hooks)" = prcprcprcprcprcprcprcprc ] # counted, 3 to warm up, 2 sets of 2
	holds 'assert p["time"]["runs"] == 4 and len(result["programs"]) == 1'
}

@test "--shell" {
	json --shell --sets 2 'printf "%s\n" a b | wc -l >&2' 'exit 0'
	[ "$status" -eq 0 ]
	holds 'assert p["shell"] is True and p["command"][:2] == ["sh", "-c"] and len(p["processes"]) > 1, p'
}

@test "a failing command: its status and its last words; --ignore-failure" {
	memhint exec --sets 2 "sh -c 'echo some words >&2; exit 3'" true
	show
	[ "$status" -eq 3 ]
	[[ $stderr == *"exit status 3: some words" ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	memhint exec --sets 2 true "sh -c 'kill -9 \$\$'"
	[ "$status" -eq 137 ]
	json --sets 2 --ignore-failure "sh -c 'exit 3'" true
	[ "$status" -eq 0 ]
	holds 'assert p["exit_status"] == 3 and p["time"]["runs"] == 4'
	not_found --format json -o report.json --sets 2 no-such-program true
	[ "$status" -eq 127 ]
	holds 'assert p["status"] == "failed" and "no-such-program" in p["why"]'
	memhint exec --sets 2 --prepare 'echo oh >&2; exit 4' true true
	refused 125 "--prepare" "status 4: oh"
}

@test "--timeout ends a run and all that it started" {
	memhint exec --timeout 0.3 -- sh -c 'sleep 61.5 & sleep 61.5'
	[ "$status" -eq 137 ]
	[[ $stderr == *"timed out"* ]]
	run pgrep -f 'sleep 61.5'
	[ "$status" -eq 1 ]
}

@test "what a run leaves behind is ended before the next" {
	memhint exec --sets 2 "sh -c 'sleep 62.5 & true'" true
	[ "$status" -eq 0 ]
	run pgrep -f 'sleep 62.5'
	[ "$status" -eq 1 ]
}

@test "interrupted: status 130, nothing left, cleaned up, no half a report" {
	for signal in INT TERM; do
		rm -f cleaned
		env --default-signal=INT,TERM "$MEMHINT" exec --format json -o report.json --cleanup 'echo yes >cleaned' 'sleep 63.5' 'sleep 63.5' 2>err 3>&- &
		local memhint=$!
		within 10 pgrep -f '^sleep 63.5'
		kill -$signal $memhint
		local code=0 want=130
		wait $memhint || code=$?
		[ $signal = INT ] || want=143
		[ "$code" -eq $want ]
		[ "$(cat cleaned)" = yes ]
		[ ! -e report.json ]
		[ "$(wc -l <err)" -eq 0 ]
		run pgrep -f '^sleep 63.5'
		[ "$status" -eq 1 ]
	done
}

@test "what memhint is told to ignore does not interrupt it" {
	bash -c 'trap "" INT HUP; exec "$MEMHINT" exec --format json -o report.json --sets 2 "sleep 0.21" "sleep 0.21"' 3>&- &
	local memhint=$!
	within 10 pgrep -f '^sleep 0.21'
	kill -INT $memhint
	kill -HUP $memhint
	wait $memhint
	holds 'assert len(result["programs"]) == 2'
}

# ---- bad input ----

@test "bad words: one clear line and status 125" {
	memhint exec
	refused 125 "program is missing"
	memhint exec --
	refused 125 "program is missing"
	memhint exec "python3 -c 'print(1)"
	refused 125 "single quote at character 12"
	memhint exec true 'a "b'
	refused 125 "double quote at character 3"
	memhint exec '' true
	refused 125 "empty command"
	memhint exec --shell ' ' true
	refused 125 "empty command"
	memhint exec 'ls | wc'
	refused 125 "'|'" --shell
	memhint exec ls -l
	refused 125 "'-l'"
	memhint exec ls -- -l
	refused 125 "'ls'" "before --"
	memhint exec --sets 1 -- true
	refused 125 "'1'" "2 to 40"
	memhint exec --time 3 -- true
	refused 125 "--time" "--sets"
	memhint exec --warmup x true true
	refused 125 "--warmup"
	memhint exec --input none -- cat
	refused 125 "'none'" "No such file"
	memhint exec --output none/none -- true
	refused 125 "'none/none'" "No such file"
	memhint exec -o none/none -- true
	refused 125 "'none/none'" "No such file"
	memhint exec --formt json -- true
	refused 125 "'--formt'" "'--format'"
}

@test "bad budgets: one clear line each" {
	for option in --max-peak --max-asked --max-allocations; do
		for value in '' x -5 r= r=x r=-5 =5 99999999999T 1.5; do
			memhint exec "$option=$value" -- true
			printf '%s=%s\n' "$option" "$value"
			refused 125 "$option"
		done
	done
	memhint exec --max-peak
	refused 125 "'--max-peak' needs a value"
}

@test "the libraries are missing: one clear line" {
	cp "$MEMHINT" alone
	run --separate-stderr ./alone exec -- true
	refused 125 "libmemhint-preload.so"
}

@test "a path that LD_PRELOAD would take apart" {
	mkdir 'a b:c'
	cp "$MEMHINT" "$(dirname "$MEMHINT")"/libmemhint-*.so 'a b:c'
	run --separate-stderr 'a b:c/memhint' exec --format json -o report.json -- "$do" malloc=3000
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	holds 'assert heap["asked_bytes"] == 3000, heap'
}

@test "every format, always whole: a program that cannot be run, one that dies, one that says nothing" {
	need_python
	not_found --format json -o report.json -- no-such-program
	holds 'assert p["status"] == "failed" and "no-such-program" in p["why"]'
	not_found --format json -- no-such-program
	printf '%s' "$stderr" >report.json
	holds 'assert p["status"] == "failed" and "no-such-program" in p["why"]'
	"$PYTHON" -c 'import jsonschema' 2>/dev/null || echo '# jsonschema is not installed: reports are not held against the schema' >&3
	for words in "$do crash" true "$do begin=a malloc=10" 'env -i true'; do
		# shellcheck disable=SC2086
		json -- $words
		holds 'assert p["command"]'
		! "$PYTHON" -c 'import jsonschema' 2>/dev/null || "$PYTHON" "$TESTS/schema.py" report.json
		# shellcheck disable=SC2086
		memhint exec --format json -- $words
		printf '%s' "$stderr" >report.json
		holds 'assert p["command"]'
	done
	memhint exec --format csv --sets 2 true true
	[ "$status" -eq 0 ]
	[ "$(printf '%s\n' "$output" | wc -l)" -ge 3 ]
	memhint exec --format markdown --sets 2 true true
	[[ $output == *"|"* ]]
}

@test "many arguments, and long ones" {
	# shellcheck disable=SC2046
	memhint exec -q -- sh -c 'echo $#' x $(seq 20000)
	[ "$output" = 20000 ]
	long=$(printf 'x%.0s' $(seq 100000))
	json -- echo "$long"
	[ "$status" -eq 0 ]
	[ "${#output}" -eq 100000 ]
}
