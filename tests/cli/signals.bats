#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016
# Interruption: the status tells it, no process and no file is left behind, and what was there before is untouched.

load common

# A copy of the program under a name of its own, so that its processes can be told from others'.
setup() {
	mkdir "$BATS_TEST_TMPDIR/work" && cd "$BATS_TEST_TMPDIR/work" || return
	cp "$MEMHINT" "$BATS_TEST_TMPDIR/program"
	program=$BATS_TEST_TMPDIR/program
	parent=
}

teardown() {
	local pid
	for pid in $(processes_of "$program"); do
		kill -KILL "$pid" 2>/dev/null
	done
	true
}

measuring() {
	[ "$(processes_of "$program" | wc -l)" -ge 2 ]
}

gone() {
	[ -z "$(processes_of "$program")" ]
}

# begin ARG...: start the program in a session of its own, as from a terminal (no signal ignored), and wait until it has a worker.
begin() {
	env --default-signal=INT,TERM,HUP,QUIT,PIPE setsid "$program" "$@" >stdout 2>stderr 3>&- &
	parent=$!
	within 20 measuring
}

# kill_worker_of LESSON: the first that is there.
kill_worker_of() {
	local pid
	for pid in $(processes_of "$program"); do
		if [ "$pid" != "$parent" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q " $1 "; then
			kill -KILL "$pid" 2>/dev/null && return
		fi
	done
	return 1
}

# ended: wait for it; $status
ended() {
	status=0
	wait "$parent" || status=$?
	printf 'status %s\nstderr: %s\n' "$status" "$(cat stderr)"
}

@test "SIGINT in mid-run: status 130, workers gone, a file of before intact, no other left" {
	mkdir out
	echo old >out/file
	begin run windows --time 20 --format json -o out/file
	kill -INT "$parent"
	ended
	[ "$status" -eq 130 ]
	gone
	[ "$(cat out/file)" = old ]
	[ "$(ls -A out)" = file ]
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -le 1 ]
}

@test "Ctrl-C reaches the workers too: no way is reported as killed" {
	for command in run compare; do
		begin "$command" windows --time 20
		kill -INT -- "-$parent"
		ended
		[ "$status" -eq 130 ]
		gone
		run grep -i SIGINT stdout stderr
		[ "$status" -eq 1 ]
		[ "$(wc -l <stderr)" -le 1 ]
	done
}

@test "at whatever moment Ctrl-C comes" {
	mkdir out
	echo old >out/file
	for delay in 0 0.01 0.03 0.1 0.3 0.8 1.5; do
		begin compare windows loops views --format csv -o out/file --time 20
		sleep "$delay"
		kill -INT -- "-$parent"
		ended
		[ "$status" -eq 130 ]
		gone
		[ "$(cat out/file)" = old ]
		[ "$(ls -A out)" = file ]
	done
}

@test "Ctrl-C while a way hangs" {
	MEMHINT_PROVOKE=stack=hang begin run windows --timeout 60
	sleep 0.3
	kill -INT -- "-$parent"
	ended
	[ "$status" -eq 130 ]
	gone
}

@test "Ctrl-C in doctor" {
	begin doctor
	kill -INT -- "-$parent"
	ended
	[ "$status" -eq 130 ]
	gone
	[ "$(wc -l <stderr)" -le 1 ]
}

@test "Ctrl-C, pressed three times" {
	begin run windows --time 20
	kill -INT -- "-$parent"
	kill -INT -- "-$parent" 2>/dev/null || true
	kill -INT -- "-$parent" 2>/dev/null || true
	ended
	[ "$status" -eq 130 ]
	gone
}

@test "SIGTERM and SIGHUP: workers gone, a file of before intact, no other left" {
	mkdir out
	echo old >out/file
	for signal in TERM HUP; do
		begin run windows --time 20 --format json -o out/file
		kill -"$signal" "$parent"
		ended
		[ "$status" -eq 130 ] || [ "$status" -eq $((128 + $(kill -l "$signal"))) ]
		within 2 gone
		[ "$(cat out/file)" = old ]
		[ "$(ls -A out)" = file ]
	done
}

@test "SIGKILL of the parent: workers are gone within 2 seconds, a file of before intact" {
	mkdir out
	echo old >out/file
	for delay in 0 0.4 1; do
		begin run windows --time 20 --format json -o out/file
		sleep "$delay"
		kill -KILL "$parent"
		ended
		[ "$status" -eq 137 ]
		within 2 gone
		[ "$(cat out/file)" = old ]
	done
}

@test "SIGKILL of the parent while a way hangs: it is gone too" {
	MEMHINT_PROVOKE=stack=hang begin run windows --timeout 60
	sleep 0.3
	kill -KILL "$parent"
	ended
	within 2 gone
}

@test "SIGKILL of a worker from outside: reported, the rest measured, status 1" {
	begin run windows loops --time 1 --set n=20000 --format json
	within 20 kill_worker_of windows
	ended
	[ "$status" -eq 1 ]
	grep -q SIGKILL stdout
	grep -q '"name": "loops"' stdout
	gone
}

@test "a stopped run goes on" {
	begin run windows --sets 2 --time 0.2
	kill -STOP "$parent"
	sleep 0.2
	kill -CONT "$parent"
	ended
	[ "$status" -eq 0 ]
	gone
}

@test "a reader that leaves: no message of another kind, nobody left" {
	(
		set +e
		timeout 60 "$program" compare --all --set n=2000 --sets 2 --time 0.1 2>stderr 3>&-
		echo $? >code
	) | head -n 1 >stdout
	within 30 test -s code
	printf 'status %s, stderr: %s\n' "$(cat code)" "$(cat stderr)"
	[ "$(cat code)" -eq 4 ] || [ "$(cat code)" -eq 141 ]
	[ "$(wc -l <stderr)" -le 1 ]
	within 2 gone
}

@test "after an ordinary run nobody is left" {
	run timeout 60 "$program" compare windows loops "${SMALL[@]}"
	[ "$status" -eq 0 ]
	gone
}

@test "Ctrl-C in a terminal: the prompt comes back, and the terminal is as before" {
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux=(tmux -L "memhint-test-$$" -f /dev/null)
	cat >session.sh <<-EOF
		trap : INT
		stty -a >before
		"$program" run windows --time 20
		echo "\$?" >code
		stty -a >after
		printf 'back\n'
		exec cat
	EOF
	"${tmux[@]}" new-session -d -x 80 -y 28 "sh session.sh" 3>&-
	within 20 measuring || { "${tmux[@]}" kill-server; false; }
	sleep 0.5
	"${tmux[@]}" send-keys C-c
	within 10 test -s code
	within 10 test -s after
	sleep 0.3
	run "${tmux[@]}" capture-pane -p
	cursor=$("${tmux[@]}" display-message -p '#{cursor_flag} #{cursor_x} #{alternate_on}')
	"${tmux[@]}" kill-server
	printf '%s\n' "$output" "cursor: $cursor"
	[ "$(cat code)" -eq 130 ]
	cmp before after
	[ "$cursor" = "1 0 0" ]         # seen, at the start of a line, on the ordinary screen
	[[ $output == *back* ]]
	[[ $output != *%* ]]            # no progress line left
	within 2 gone
}

@test "in a terminal: progress goes to standard error only, and is gone in the end" {
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux=(tmux -L "memhint-test-$$" -f /dev/null)
	cat >session.sh <<-EOF
		"$program" run windows --set n=2000 --sets 2 --time 0.3 >stdout
		echo "\$?" >code
		exec cat
	EOF
	"${tmux[@]}" new-session -d -x 80 -y 28 "sh session.sh" 3>&-
	within 20 test -s code
	sleep 0.3
	run "${tmux[@]}" capture-pane -p
	"${tmux[@]}" kill-server
	printf 'screen: %s\n' "$output"
	[ "$(cat code)" -eq 0 ]
	[ -z "${output//[[:space:]]/}" ]
	run grep -c $'[\r\e]' stdout
	[ "$output" = 0 ]
}
