#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154
# Programs as they are found on the machine: what `memhint exec` says they asked for, against valgrind's DHAT.
#
# Most agree to the byte. Where they do not, it is for these reasons, all of them small and at the start:
#   - the environment: programs that copy it (bash, perl, make, git, gcc, python) copy two variables of ours, and four others under valgrind;
#   - the processor: valgrind shows one of its own making, and NumPy's and libc's choice of code for it differs by a table or two;
#   - threads: each new one gets the loader's table of thread-local storage, which is 16 bytes larger with our library in the process (sort);
#   - forked children: DHAT forgets what a child did before its exec, so those rows are left out here; and it counts again in a child that does not exec what its
#     parent had counted, so no program here has one;
#   - DHAT counts a request for 0 bytes as 1 (grep, gcc).
#   - Python's small objects, where they are counted: the audit hook that finds the script's beginning has the interpreter make a few tuples in its start-up.
#   - gcc's own tables are keyed by addresses: how often they grow differs from run to run (one of 32,768 bytes in 2 of 12), and not under `setarch -R`.
# So 4,096 bytes and 24 calls are allowed for each process, twice that for Python's objects, and one table for gcc. A call that one of the two did not see would be off by far more.

load common

setup() {
	command -v valgrind >/dev/null || skip 'valgrind is not installed'
	need_python json
	cd "$BATS_TEST_TMPDIR" || return 1
	# One environment for both: bats exports functions of bash, which valgrind, a script for sh, does not hand on.
	clean=(env -i PATH="$PATH" HOME="$PWD" LC_ALL=C PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1)
	times=1 table=0
	"$PYTHON" -c 'print("\n".join(str(i * 7919 % 100003) for i in range(60000)))' >numbers
	printf '#include <stdio.h>\nint main(void) { printf("%%d\\n", 1); return 0; }\n' >hello.c
	ran=0
}

# Bytes, calls and processes.
ours() {
	"${clean[@]}" "$MEMHINT" exec --format=json --quiet --report=report.json -- "$@" >/dev/null 2>&1 </dev/null
	"$PYTHON" -c '
import json
rows = [r for r in json.load(open("report.json"))["programs"][0]["processes"] if (r["began"], r["ended"]) != ("fork", "exec")]
print(sum(r["heap"]["asked_bytes"] for r in rows), sum(r["heap"]["allocations"] for r in rows), len(rows))'
}

theirs() {
	rm -f dhat.*
	"${clean[@]}" valgrind --tool=dhat --trace-children=yes --dhat-out-file=/dev/null --log-file=dhat.%p "$@" >/dev/null 2>&1 </dev/null
	cat dhat.* | awk '/Total:/ { gsub(",", ""); bytes += $3; calls += $6; n++ } END { print bytes, calls, n }'
}

agree() {
	if ! command -v "$1" >/dev/null; then
		echo "# $1 is not installed: not tried" >&3
		return 0
	fi
	local ours theirs
	ours=$(ours "$@")
	theirs=$(theirs "$@")
	echo "$*: ours $ours, DHAT's $theirs"
	# shellcheck disable=SC2086 # words are wanted
	set -- $ours $theirs
	local bytes=$(($1 - $4)) calls=$(($2 - $5))
	[ "$3" -eq "$6" ]
	[ "${bytes#-}" -le $(($3 * 4096 * times + table)) ]
	[ "${calls#-}" -le $(($3 * 24 * times)) ]
	ran=$((ran + 1))
}

@test "tools: true, sort, gzip, grep, sed, awk, find, xz, tar" {
	agree true
	agree sort numbers
	agree gzip -c numbers
	agree grep -c 1 numbers
	agree sed -n '$p' numbers
	agree awk '{ seen[$1]++ } END { print length(seen) }' numbers
	agree find /usr/include -maxdepth 1
	agree xz -c -1 hello.c
	agree tar cf - numbers
	[ "$ran" -ge 5 ]
}

@test "git log" {
	git init -q repo 2>/dev/null || skip 'git is not installed'
	for i in 1 2 3; do
		git -C repo -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m "$i"
	done
	agree git -C repo log --oneline
}

@test "interpreters: perl, sqlite3, bash with programs in a pipe" {
	agree perl -e 'my %h; $h{$_} = $_ * 2 for 1 .. 10000; print scalar keys %h'
	agree sqlite3 :memory: 'create table t(a); insert into t values (1), (2); select sum(a) from t;'
	agree bash -c 'declare -A a; for i in {1..2000}; do a[$i]=$((i * i)); done; echo ${#a[@]}; ls / | wc -l'
}

@test "gcc, which starts its own programs, and make" {
	table=40960
	agree gcc -O1 -c hello.c -o hello.o
	table=0
	printf 'hello: hello.c\n\tcc -o hello hello.c\n' >Makefile
	agree make -n
}

@test "python3, with its small objects in and out of the count" {
	agree "$PYTHON" -c 'import json; print(json.dumps([{"a": i} for i in range(5000)]))'
	clean+=(PYTHONMALLOC=malloc)
	times=2
	agree "$PYTHON" -c 'x = [float(i) for i in range(20000)]'
}

@test "python3 with NumPy" {
	need_python numpy
	agree "$PYTHON" -c 'import numpy as np; a = np.arange(300000.0); b = (a - a.mean()) / a.std(); print(b.sum())'
}
