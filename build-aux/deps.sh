#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, and says so first. Usage: deps.sh build|install|check
#
# What is there is found by trying it (a header that compiles, a command that is found), not by asking a package manager, so that hand-made
# installations count and nothing is asked of root where all is there. Needs of the tests that cannot be had are skipped aloud by the tests.
set -eu
what=${1:-build}
CC=${CC:-cc}

# kind name: apt / dnf / pacman packages
needs_build="
command ${CC%% *}: gcc libc6-dev / gcc glibc-devel / gcc
header jemalloc/jemalloc.h: libjemalloc-dev / jemalloc-devel / jemalloc
header jansson.h: libjansson-dev / jansson-devel / jansson
"
needs_install='
command lowdown: lowdown / lowdown / lowdown
library libedit.so: libedit2 / libedit / libedit
'
needs_check='
header cmocka.h: libcmocka-dev / libcmocka-devel / cmocka
command bats: bats / bats / bats
command mandoc: mandoc / mandoc / mandoc
command man: man-db / man-db / man-db
command shellcheck: shellcheck / ShellCheck / shellcheck
command cppcheck: cppcheck / cppcheck / cppcheck
command clang: clang / clang / clang
command clang-tidy: clang-tidy / clang-tools-extra / clang
command tmux: tmux / tmux / tmux
command setsid: util-linux / util-linux / util-linux
command git: git / git / git
command valgrind: valgrind / valgrind / valgrind
command c++: g++ / gcc-c++ / gcc
command pkg-config: pkg-config / pkgconf-pkg-config / pkgconf
command zsh: zsh / zsh / zsh
command fish: fish / fish / fish
python numpy: python3-numpy / python3-numpy / python-numpy
python jsonschema: python3-jsonschema / python3-jsonschema / python-jsonschema
'

there() { # kind name
	case $1 in
	command) command -v "$2" >/dev/null 2>&1 ;;
	header)
		command -v "${CC%% *}" >/dev/null 2>&1 || return 1
		# cmocka.h wants these before it
		printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <%s>\n' "$2" |
			$CC -E -x c - >/dev/null 2>&1
		;;
	library) # found at run time only
		{ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$2"
		;;
	python) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import $2" >/dev/null 2>&1 ;;
	esac
}

if command -v apt-get >/dev/null 2>&1; then
	column=1 update='apt-get update -qq' install='apt-get install -y -qq --no-install-recommends'
elif command -v dnf >/dev/null 2>&1; then
	column=2 update='' install='dnf install -y -q'
elif command -v pacman >/dev/null 2>&1; then
	column=3 update='' install='pacman -S --needed --noconfirm'
else
	column=1 update='' install=''
fi

needs=$needs_build
[ "$what" = build ] || needs="$needs$needs_install"
[ "$what" != check ] || needs="$needs$needs_check"

packages='' missing=''
while IFS= read -r line; do
	[ -n "$line" ] || continue
	kind=${line%% *} rest=${line#* }
	name=${rest%%: *} list=${rest#*: }
	there "$kind" "$name" && continue
	missing="$missing $name"
	packages="$packages $(printf '%s\n' "$list" | cut -d/ -f$column)"
done <<END
$needs
END

# What the build needs must be there in the end; what only tests need they skip aloud.
is_enough() {
	while IFS= read -r line; do
		[ -n "$line" ] || continue
		kind=${line%% *} rest=${line#* }
		name=${rest%%: *}
		there "$kind" "$name" || { printf 'still missing: %s\n' "$name" >&2 && return 1; }
	done <<END
$needs_build
END
}

[ -n "$missing" ] || exit 0
packages=$(printf '%s\n' "$packages" | tr -s ' ')
if [ -z "$install" ]; then
	printf 'memhint needs these, and no package manager is known here (Debian names):%s\n' "$packages" >&2
	is_enough
	exit
fi
as=''
if [ "$(id -u)" != 0 ]; then
	if command -v sudo >/dev/null 2>&1; then
		as='sudo DEBIAN_FRONTEND=noninteractive '
	else
		printf 'memhint needs%s; as root: %s%s\n' "$missing" "$install" "$packages" >&2
		is_enough
		exit
	fi
fi
printf 'missing:%s\ninstalling: %s%s%s\n' "$missing" "$as" "$install" "$packages"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # words are wanted
{
	[ -z "$update" ] || $as $update || printf 'the list of packages could not be refreshed; trying with what is known\n' >&2
	if ! $as $install $packages >/dev/null; then
		# One that cannot be had must not keep the others away.
		for package in $packages; do
			$as $install "$package" >/dev/null || printf 'could not install %s\n' "$package" >&2
		done
	fi
}
is_enough
