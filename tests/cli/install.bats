#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154,SC2012,SC2030,SC2031,SC2034,SC2143
# make install puts everything where it is looked for, all of it works from there, and uninstall leaves no file.

load common
load completion

# The program is taken as it is: a test of the installation must not build it anew, with other flags perhaps.
make_it() {
	run make -s -o "$B/memhint" -o all "$1" B="$B" DESTDIR="$X" prefix=/usr
	echo "$output"
	[ "$status" -eq 0 ]
}

# Once for the file.
setup_file() {
	export X=$BATS_FILE_TMPDIR/x
	command -v lowdown >/dev/null || return 0
	make -s -o "${B:-build}/memhint" -o all install B="${B:-build}" DESTDIR="$X" prefix=/usr
}

setup() {
	command -v lowdown >/dev/null || skip 'lowdown is not installed, so there are no pages to install'
	PATH=$X/usr/bin:$PATH
}

ids() {
	memhint list
	printf '%s\n' "$output" | awk '/^[a-z]+[0-9]+ / { print $1 }'
}

# Everything that belongs there, below the prefix.
expected() {
	echo bin/memhint
	echo include/memhint.h
	printf 'lib/%s\n' libmemhint.so libmemhint.so.0 memhint/libmemhint-plain.so memhint/libmemhint-preload.so pkgconfig/memhint.pc
	echo share/bash-completion/completions/memhint
	echo share/fish/vendor_completions.d/memhint.fish
	(cd man && printf 'share/man/man1/%s\n' *.1)
	for name in $("$MEMHINT" list --names) $(ids); do
		echo "share/man/man7/memhint-$name.7"
	done
	echo share/memhint/memhint.schema.json
	echo share/memhint/memhint-inspect.schema.json
	echo share/memhint/python/memhint.py
	echo share/zsh/site-functions/_memhint
}

@test "everything is in its place, and nothing else" {
	[ "$(ids | wc -l)" -eq "$("$MEMHINT" list --names | wc -l)" ]
	diff <(expected | sort) <(cd "$X/usr" && find . -type f -o -type l | sed 's,^\./,,' | sort)
	[ "$(ls "$X")" = usr ]
}

@test "the program may be executed by all, the rest read by all" {
	[ "$(stat -c %a "$X/usr/bin/memhint")" = 755 ]
	run find "$X/usr/share" -type f ! -perm 644
	[ -z "$output" ]
	run find "$X" -type d ! -perm 755
	[ -z "$output" ]
}

@test "what is installed is what was built, and runs from there" {
	cmp "$MEMHINT" "$X/usr/bin/memhint"
	cd /
	run "$X/usr/bin/memhint" run windows "${SMALL[@]}"
	[ "$status" -eq 0 ]
	[[ $output == *'Bytes are exact and as predicted.'* ]]
}

@test "the schemas are JSON" {
	need_python json
	for name in memhint memhint-inspect; do
		"$PYTHON" -m json.tool "$X/usr/share/memhint/$name.schema.json" >/dev/null
	done
}

@test "man shows every command's page" {
	command -v man >/dev/null || skip 'man is not installed'
	export MANPAGER=cat MANWIDTH=80
	for page in man/*.1; do
		name=$(basename "$page" .1)
		run man -M "$X/usr/share/man" 1 "$name"
		[ "$status" -eq 0 ]
		[[ $output == *SYNOPSIS*"SEE ALSO"* ]]
	done
}

@test "man shows every lesson's page, by its name and by its id" {
	command -v man >/dev/null || skip 'man is not installed'
	export MANPAGER=cat MANWIDTH=80
	paste -d ' ' <("$MEMHINT" list --names) <(ids) >"$BATS_TEST_TMPDIR/lessons"
	grep -qx 'windows pattern3' "$BATS_TEST_TMPDIR/lessons"
	while read -r name id; do
		echo "$name $id"
		run man -M "$X/usr/share/man" "memhint-$name"
		[ "$status" -eq 0 ]
		[[ $output == *"memhint-$name - "* ]]
		page=$output
		run man -M "$X/usr/share/man" "memhint-$id"
		[ "$status" -eq 0 ]
		[ "$output" = "$page" ]
	done <"$BATS_TEST_TMPDIR/lessons"
}

@test "bash, zsh and fish complete from there" {
	completion_bash=$X/usr/share/bash-completion/completions/memhint
	completion_zsh=$X/usr/share/zsh/site-functions
	completion_fish=$X/usr/share/fish/vendor_completions.d/memhint.fish
	for shell in bash zsh fish; do
		completing_shells | grep -qx $shell || { echo "# $shell is not installed: its completion is not tried" >&3; continue; }
		while IFS='|' read -r line wanted; do
			offered=$(complete_with $shell "$line" | sort | tr '\n' ' ')
			printf '%s: %s -> %s\n' $shell "$line" "$offered"
			# zsh adds the "=" of a parameter only when it is chosen.
			[ $shell != zsh ] || wanted=$(printf '%s' "$wanted" | sed -E 's/(n|window)=/\1/g')
			# bash replaces what follows "=".
			[ $shell != bash ] || wanted=$(printf '%s' "$wanted" | sed -E 's/--[a-z]+=//g')
			[ "$offered" = "$wanted" ]
		done <<-'END'
			memhint r|run 
			memhint run w|windows 
			memhint help w|words 
			memhint run --wid|--wide 
			memhint run --format=j|--format=json 
			memhint run --hugepages n|never 
			memhint run --color=|--color=always --color=auto --color=never 
			memhint run windows --variants str|strided 
			memhint run windows --variants=stack,str|--variants=stack,strided 
			memhint run 3 --variants take,sta|take,stack take,stack_kept 
			memhint show windows -v runn|running 
			memhint run windows --set |n= window= 
			memhint run windows --set=w|--set=window= 
			memhint run windows --set n=1K --set w|window= 
			memhint run --time 2 windows --variants runn|running 
			memhint doctor w|
			memhint run --sets |
		END
		[ "$(complete_with $shell 'memhint run ' | sort)" = "$(command memhint list --names | sort)" ]
		[ "$(complete_with $shell 'memhint ' | grep -v '^-' | sort)" = "$(command memhint --help | awk '/^  [a-z]/ { print $1 }' | sort)" ]
	done
}

@test "fish finds its completion by itself" {
	command -v fish >/dev/null || skip 'fish is not installed'
	run env HOME="$BATS_TEST_TMPDIR" XDG_DATA_DIRS="$X/usr/share:/usr/local/share:/usr/share" fish -c "complete --do-complete='memhint show wind'"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == windows* ]]
}

@test "uninstall leaves no file" {
	cp -a "$X" "$BATS_TEST_TMPDIR/x"
	X=$BATS_TEST_TMPDIR/x
	make_it uninstall
	run find "$X" -type f -o -type l
	[ -z "$output" ]
	[ ! -e "$X/usr/share/memhint" ]
	# And once more, from nothing, it is no error.
	make_it uninstall
}

@test "uninstall takes nothing that is not memhint's" {
	cp -a "$X" "$BATS_TEST_TMPDIR/x"
	X=$BATS_TEST_TMPDIR/x
	touch "$X/usr/share/man/man1/other.1" "$X/usr/share/memhint/kept" "$X/usr/bin/other"
	make_it uninstall
	[ "$(cd "$X" && find . -type f | sort | tr '\n' ' ')" = './usr/bin/other ./usr/share/man/man1/other.1 ./usr/share/memhint/kept ' ]
}
