#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2016,SC2034,SC2143
# Every command does: it has help, a man page that agrees with it, and completions that know its options. The commands are those of `memhint --help`.

load common
load completion

commands() {
	"$MEMHINT" --help | awk '/^  [a-z]/ { print $1 }'
}

# What follows "Usage: memhint " in --help, on one line.
usage_of() {
	"$MEMHINT" "$@" --help | awk 'NR == 1 { sub(/^Usage: /, ""); line = $0; next } /^ / { sub(/^ +/, " "); line = line $0; next } { exit } END { print line }'
}

# The long options of --help, with their arguments or without: --set=NAME=VALUE
options_of() {
	"$MEMHINT" "$1" --help | sed -nE 's/^ +(-., )?(--[a-z-]+(=[^ ]+)?).*/\2/p'
}

page_of() {
	echo "man/memhint${1:+-$1}.1"
}

# A section of a page as plain words: no macros, fonts, quotes.
section_of() { # page title
	awk -v title="$2" '/^\.SH / { on = $0 == ".SH " title; next } on' "$1" | sed -E 's/\\f[BIRP]//g; s/\\-/-/g; s/^\.(B|I|BR|BI|TP|PP)( |$)//; s/"//g'
}

# ---- --help ----

@test "there are commands" {
	[ "$(commands | wc -l)" -ge 6 ]
	commands | grep -qx run
}

@test "--help of each command: status 0, nothing on standard error, at most 79 columns" {
	for command in '' $(commands); do
		echo "$command"
		# shellcheck disable=SC2086
		memhint $command --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == "Usage: memhint"* ]]
		[ -z "$(printf '%s\n' "$output" | awk 'length > 79')" ]
		[ -z "$(printf '%s\n' "$output" | grep ' $')" ]
	done
}

@test "-? is --help, --usage is short, and both go to standard output" {
	for command in $(commands); do
		memhint "$command" --help
		whole=$output
		memhint "$command" '-?'
		[ "$status" -eq 0 ]
		[ "$output" = "$whole" ]
		memhint "$command" --usage
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[[ $output == "Usage: memhint $command"* ]]
	done
}

@test "help COMMAND is COMMAND --help, and help alone the overview" {
	for command in $(commands); do
		memhint "$command" --help
		whole=$output
		memhint help "$command"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$output" = "$whole" ]
	done
	memhint --help
	whole=$output
	memhint help
	[ "$status" -eq 0 ]
	[ "$output" = "$whole" ]
}

@test "the overview gives each command as its own usage does, in columns" {
	for command in $(commands); do
		own=$(usage_of "$command" | sed 's/ \[OPTION\.\.\.\]//; s/^memhint //')
		echo "$own"
		"$MEMHINT" --help | grep -qE "^  $(printf '%s' "$own" | sed 's/[][|.]/\\&/g') +[^ ]"
	done
	[ "$("$MEMHINT" --help | grep -E '^  ' | sed -E 's/^(  .*[^ ]  +)[^ ].*/\1/' | awk '{ print length }' | sort -u | wc -l)" -eq 1 ]
}

# ---- the man pages ----

@test "the usage of each command is its man page's SYNOPSIS" {
	for command in '' $(commands); do
		# shellcheck disable=SC2086
		usage=$(usage_of $command)
		synopsis=$(section_of "$(page_of "$command")" SYNOPSIS)
		printf '%s\n%s\n' "$usage" "$synopsis"
		[ "$usage" = "$synopsis" ]
	done
}

@test "each long option is in the man page, with its argument, and the page has no other" {
	for command in $(commands); do
		options=$(section_of "$(page_of "$command")" OPTIONS)
		plain=$(printf '%s\n' "$options" | tr -d ' ')
		for option in $(options_of "$command"); do
			echo "$command $option"
			printf '%s\n' "$plain" | grep -E -- '^-' | grep -qF -- "$option"
		done
		for option in $(printf '%s\n' "$options" | grep -E '^-' | grep -oE -- '--[a-z-]+'); do
			echo "$command: $option of the page"
			options_of "$command" | grep -qE -- "^$option(=|$)"
		done
	done
}

@test "each man page has its sections, and the version" {
	version=$("$MEMHINT" --version)
	for command in '' $(commands); do
		page=$(page_of "$command")
		echo "$page"
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' ENVIRONMENT EXAMPLES 'SEE ALSO'; do
			grep -qx "\.SH $section" "$page"
		done
		grep -q "^\.TH [A-Z-]* 1 [0-9-]* \"$version\"" "$page"
	done
	# No page without a command.
	[ "$(ls man/memhint-*.1)" = "$(commands | sort | sed 's,.*,man/memhint-&.1,')" ]
}

@test "memhint(1) names every command, and sends on to its page" {
	for command in $(commands); do
		section_of man/memhint.1 COMMANDS | grep -qE "^$command( |$)"
		section_of man/memhint.1 COMMANDS | grep -q "memhint-$command (1)"
	done
}

@test "memhint-run(1) explains every column of the wide table" {
	sed -nE 's/.*\.group = "([a-z]+)", \.name = "([a-z_]+)", \.column = "([^"]+)".*/\3\t\1.\2/p' src/base/metric.c >"$BATS_TEST_TMPDIR/columns"
	[ -s "$BATS_TEST_TMPDIR/columns" ]
	while IFS= read -r row; do
		echo "$row"
		# "peak" of the narrow table is the asked one; its other name is in its own row.
		grep -qF -- "$row" man/memhint-run.1
	done <"$BATS_TEST_TMPDIR/columns"
}

@test "the commands of the man pages' EXAMPLES are taken" {
	for page in man/*.1; do
		# What measures is asked for its help instead, by an option at the end: all before it is read and must be known.
		section_of "$page" EXAMPLES | grep -E '^(COLUMNS=[0-9]+ )?memhint ' | sed -E 's/^COLUMNS=[0-9]+ //; s/ [|>].*//' | while read -r _ words; do
			echo "$page: $words"
			# shellcheck disable=SC2086
			# After -- it would be another program's.
			if [[ $words == *' -- '* ]]; then "$MEMHINT" ${words/ -- / --help -- } >/dev/null; else "$MEMHINT" $words --help >/dev/null; fi
			for word in $words; do
				case $word in
				*,*) for way in ${word//,/ }; do "$MEMHINT" list --ways | grep -qx -- "$way"; done ;;
				esac
			done
		done
	done
}

@test "mandoc finds nothing to warn about in any page" {
	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	for page in man/*.1; do
		run mandoc -Tlint -Wwarning "$page"
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

@test "mandoc finds nothing to warn about in the lessons' pages" {
	command -v mandoc >/dev/null || skip 'mandoc is not installed'
	command -v lowdown >/dev/null || skip 'lowdown is not installed, so there are no pages'
	make -s man B="$B" >&2
	for lesson in $("$MEMHINT" list --names); do
		run mandoc -Tlint -Wwarning "$B/man/memhint-$lesson.7"
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
}

# ---- completions ----

@test "each long option, and each value that it names, is in the completions" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$(realpath "$MEMHINT")" "$BATS_TEST_TMPDIR/bin/memhint"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	completion_bash=completions/memhint.bash completion_zsh=$PWD/completions completion_fish=completions/memhint.fish
	for shell in bash zsh fish; do
		completing_shells | grep -qx $shell || { echo "# $shell is not installed: its completion is not tried" >&3; continue; }
		for command in $(commands); do
			offered=$(complete_with $shell "memhint $command --" | sed 's/=$//' | sort)
			wanted=$(options_of "$command" | sed 's/=.*//' | sort)
			printf '%s %s\n%s\n' $shell "$command" "$offered"
			[ "$offered" = "$wanted" ]
		done
		for option in $(options_of run | grep -E '=[a-z]+\|'); do
			name=${option%%=*}
			offered=$(complete_with $shell "memhint run $name=" | sed "s/^$name=//" | sort)
			wanted=$(printf '%s\n' "${option#*=}" | tr '|' '\n' | sort)
			printf '%s %s\n%s\n' $shell "$option" "$offered"
			[ "$offered" = "$wanted" ]
		done
	done
}

# ---- the rest of help ----

@test "an unknown topic: status 2 and one line" {
	memhint help nonsense
	refused 2 "'nonsense'" '--help'
	memhint help docter
	refused 2 "'docter'" "'doctor'"
	memhint help word
	refused 2 "'words'"
}

@test "help words: exactly twelve words, each with a number, at any width" {
	for width in 40 80 200; do
		export COLUMNS=$width
		memhint help words
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(printf '%s\n' "$output" | grep -c '^[a-z]')" -eq 12 ]
		# A line that begins with blanks belongs to the word above it.
		[ "$(printf '%s\n' "$output" | awk '/^[a-z]/ { printf "\n" } { printf "%s", $0 } END { print "" }' | grep -c '[0-9]')" -eq 12 ]
		[ -z "$(printf '%s\n' "$output" | awk -v most="$width" 'length > most')" ]
	done
}

@test "memhint alone: six lines that say what to try" {
	memhint
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 5 ] # bats leaves the empty one out
	[ "$("$MEMHINT" | wc -l)" -eq 6 ]
	[[ $output == *'memhint list'*'memhint run pattern3'*'memhint --help'* ]]
}

@test "--version and -V: the Makefile's" {
	for option in --version -V; do
		memhint $option
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$output" = "memhint $(sed -n 's/^VERSION := //p' Makefile)" ]
	done
}
