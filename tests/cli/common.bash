# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154  # output, stderr and status are set by run; SMALL is for those who load this
# What the command-line tests share. They start in the top folder.
#
# memhint ARG...          run it within a minute: $status, $output, $stderr (apart), $lines, $stderr_lines
# QUICK                   options that make a run short; bytes and counts do not depend on them
# refused STATUS WORD...  the contract of every refusal, about the last run
# exact FILE              all that a run repeats to the bit: bytes, counts, facts, answers (JSON in, sorted JSON out)

bats_require_minimum_version 1.5.0

B=${B:-build}
MEMHINT=${MEMHINT:-$(realpath -s "$B")/memhint}
PYTHON=${PYTHON:-/usr/bin/python3}
QUICK=(--sets 2 --time 0.1)
SMALL=(--set n=2000 "${QUICK[@]}")
unset MALLOC_CONF LD_PRELOAD MEMHINT_PROVOKE NO_COLOR
export COLUMNS=80
export MEMHINT PYTHON

memhint() {
	run --separate-stderr timeout 60 "$MEMHINT" "$@"
}

# Shows what came out when a test fails.
show() {
	printf 'status %s\nstdout: %s\nstderr: %s\n' "$status" "$output" "$stderr"
}

# One clear line and nothing else: the status is exact, standard output empty, and standard error one line that opens with the program's name, goes on in
# lower case (or with the subject in quotes, or an option), holds each WORD as it is, and does not end in a full stop.
refused() {
	local want=$1 word
	shift
	show
	[ "$status" -eq "$want" ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr =~ ^memhint(\ [a-z]+)?:\ [a-z\'-] ]]
	[[ $stderr != *[^.]. ]] # three are a cut
	for word in "$@"; do
		printf 'missing in it: %s\n' "$word"
		[[ $stderr == *"$word"* ]]
	done
}

need_python() {
	[ -x "$PYTHON" ] || skip "$PYTHON is not installed"
	local module
	for module in "$@"; do
		"$PYTHON" -W ignore -c "import $module" 2>/dev/null || skip "python's $module is not installed"
	done
}

need_root() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
}

# Can a mount namespace be made here, with NAME mounted over?
need_mounts() {
	unshare -m true 2>/dev/null || skip "no mount namespace can be made here"
}

exact() {
	"$PYTHON" - "$1" <<'PY'
import json, sys
result = json.load(open(sys.argv[1], encoding="utf-8"))
kept = [[lesson["name"], lesson["params"],
         [{key: way[key] for key in ("name", "role", "job", "baseline", "numpy", "formula", "status", "checksum", "heap", "facts")} for way in lesson["variants"]],
         [[claim["source"], claim["verdict"]] for claim in lesson["claims"] if claim["kind"] == "exact"]] for lesson in result["lessons"]]
print(json.dumps(kept, sort_keys=True, indent=1))
PY
}

# The processes that run the program FILE, by their executable: nothing else is called that.
processes_of() {
	find /proc -maxdepth 2 -name exe -lname "$1" 2>/dev/null | cut -d/ -f3
}

# Wait until COMMAND holds, for at most SECONDS.
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.02
	done
}
