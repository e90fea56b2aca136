# SPDX-License-Identifier: MIT
# The tree keeps its own rules: who may include whom, one licence line a file, and a lesson that is one folder.

setup() {
	B=${B:-build}
	MEMHINT=${MEMHINT:-$PWD/$B/memhint}
}

# What a folder of src/ may include; its own folder is always allowed.
allowed() {
	case $1 in
	main) echo 'cmd worker base' ;;
	worker) echo 'lesson meter nd base worker' ;;
	cmd) echo 'lesson bench inspect report nd base' ;;
	inspect) echo 'nd base' ;;
	bench | report | meter | preload) echo 'base' ;;
	lesson) echo 'nd' ;;
	nd | base) echo '' ;;
	lessons) echo 'lesson nd' ;;
	*) echo "no rule for $1" ;;
	esac
}

@test "who may include whom" {
	bad=''
	for file in src/*.[ch] src/*/*.[ch] lessons/*/*.[ch]; do
		case $file in
		src/main.c) part=main ;;
		src/worker.*) part=worker ;;
		src/*) part=$(echo "$file" | cut -d/ -f2) ;;
		lessons/*) part=lessons ;;
		esac
		for header in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
			case $header in
			worker.h) to=worker ;;
			*/*) to=${header%%/*} ;;
			*) to=$part ;; # beside it
			esac
			[ "$to" = "$part" ] && continue
			case " $(allowed "$part") " in
			*" $to "*) ;;
			*) bad="$bad$file includes $header"$'\n' ;;
			esac
		done
	done
	# nd and base stand on libc alone
	bad="$bad$(grep -nE '^#include <(jansson|jemalloc|argp|cmocka)' src/nd/*.[ch] src/base/*.[ch] || true)"
	[ -z "$bad" ] || { echo "$bad"; false; }
}

@test "inspect would need only the geometry of nd: it stands alone" {
	for file in src/nd/geom*.c src/nd/overlap*.c; do
		run grep -E '#include "nd\.h"|#include "nd/nd\.h"|malloc|calloc' "$file"
		[ "$status" -ne 0 ]
	done
}

@test "every source file says its licence in its first two lines" {
	for file in Makefile build-aux/*.sh .ci/run src/*.[ch] src/*/*.[ch] lessons/*/*.c tests/unit/*.[ch] tests/cli/*.bats; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT' || { echo "$file"; false; }
	done
}

@test "the Makefile and the engine name no lesson" {
	for name in $("$MEMHINT" list --names); do
		run grep -nwE "\"$name\"|lessons/$name" Makefile src/main.c src/worker.c src/bench/*.c src/report/*.c src/meter/*.c src/cmd/*.c
		[ "$status" -eq 1 ] || { echo "$output"; false; }
	done
}

@test "every unit test has its module, every command its page and its bats file" {
	for command in $("$MEMHINT" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		[ -f "man/memhint-$command.1" ] || { echo "no page for $command"; false; }
		[ -f "tests/cli/$command.bats" ] || { echo "no test for $command"; false; }
	done
}

# The README's example, folder and all: it is taken from there, so that it stays true.
@test "adding a lesson adds one folder and edits nothing" {
	tree=$BATS_TEST_TMPDIR/tree
	mkdir "$tree"
	cp -r Makefile build-aux src lessons man completions LICENSE include python "$tree"
	mkdir -p "$tree/tests/unit" "$tree/tests/cli" "$tree/lessons/flip"
	cp tests/unit/test_meter_predictions.c "$tree/tests/unit"
	# The C, the Markdown and the Python block after the heading are the three files.
	sed -n '/^## Adding a lesson/,/^## /p' README.md >"$BATS_TEST_TMPDIR/section"
	sed -n '/^```c$/,/^```$/p' "$BATS_TEST_TMPDIR/section" | sed '1d;$d' >"$tree/lessons/flip/scenario.c"
	sed -n '/^```markdown$/,/^```$/p' "$BATS_TEST_TMPDIR/section" | sed '1d;$d' >"$tree/lessons/flip/lesson.md"
	sed -n '/^```python$/,/^```$/p' "$BATS_TEST_TMPDIR/section" | sed '1d;$d' >"$tree/lessons/flip/numpy.py"
	[ -s "$tree/lessons/flip/scenario.c" ]
	[ -s "$tree/lessons/flip/numpy.py" ]
	[ -s "$tree/lessons/flip/lesson.md" ]
	[ "$(wc -l <"$tree/lessons/flip/scenario.c")" -le 60 ]
	cd "$tree"
	make -s all build/tests/unit/test_meter_predictions
	build/memhint list --names | grep -qx flip
	build/memhint run flip --set n=2K --sets 2 --time 0.1 --quiet
	build/memhint compare --all --set n=2K --sets 2 --time 0.1 --quiet --variants all | grep -q '^flip'
	build/memhint show flip | grep -q 'make_'
	build/memhint show flip | grep -q '^def flipped(x):'
	if "$PYTHON" -c 'import numpy' 2>/dev/null; then
		build/memhint run flip --with numpy --set n=2K --sets 2 --time 0.1 --quiet | grep -q '^  flipped np '
		rm lessons/flip/numpy.py # which no lesson must have
		make -s all
		build/memhint run flip --with numpy --set n=2K --sets 2 --time 0.1 --quiet | grep -q 'no numpy.py'
	fi
	if command -v lowdown >/dev/null && command -v mandoc >/dev/null; then
		make -s man
		mandoc -Tlint -Wwarning build/man/memhint-flip.7
	fi
	build/tests/unit/test_meter_predictions 2>&1 | grep -q 'OK ] flip'
	# The completions ask the program.
	PATH=$PWD/build:$PATH bash -c '. completions/memhint.bash; COMP_WORDS=(memhint run fl); COMP_CWORD=2; COMP_LINE="memhint run fl"; COMP_POINT=14; $(complete -p memhint | sed "s/.*-F \([^ ]*\) .*/\1/"); printf "%s\n" "${COMPREPLY[@]}"' | grep -q '^flip'
	run git -C "$OLDPWD" status --porcelain lessons/flip
	[ -z "$output" ]
}
