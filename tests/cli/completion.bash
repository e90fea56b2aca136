# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a shell offers after a line, one word a line, asked of the real shell:   complete_with SHELL LINE
#
# The program is taken from PATH, the completion from the file or folder in completion_bash, completion_zsh and completion_fish.

complete_with() {
	local shell=$1 line=$2
	"complete_in_$shell" "$line"
}

# bash hands the function the words of the line, taken apart at "=" too. Of an answer it replaces what follows the last "=".
complete_in_bash() {
	# shellcheck disable=SC2016 # the inner shell expands it
	bash --norc -c 'source "$1" || exit
		line=${2//=/ = }
		read -r -a COMP_WORDS <<<"$line"
		[[ $2 != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
		function=$(complete -p memhint) function=${function#*-F } function=${function%% *}
		"$function" memhint "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "${completion_bash:?}" "$1"
}

complete_in_fish() {
	# shellcheck disable=SC2016
	env HOME="$BATS_TEST_TMPDIR" fish --no-config --command 'source $argv[1]; complete --do-complete=$argv[2]' "${completion_fish:?}" "$1" | cut -f 1
}

# zsh completes only while a line is edited: so it gets a terminal of its own, finds the line typed already, and tells what it would have listed. Nothing is
# sent to it, as keys that come before it listens would be lost.
complete_in_zsh() {
	mkdir -p "$BATS_TEST_TMPDIR/zsh"
	cat >"$BATS_TEST_TMPDIR/zsh/.zshrc" <<-'END'
		PS1= hits=()
		fpath=($completion_zsh $fpath)
		autoload -Uz compinit
		compinit -D -u
		compadd() {
			local -a found
			if (( ! ${@[(I)-[OAD]*]} )); then
				builtin compadd -A found "$@"
				hits+=("$IPREFIX${^found[@]}")
			fi
			builtin compadd "$@"
		}
		zle-line-init() {
			BUFFER=$completion_line CURSOR=$#completion_line
			zle list-choices
			print -rl -- "" "HIT "${^${(u)hits}} END
			exit
		}
		zle -N zle-line-init
	END
	# shellcheck disable=SC2016 # zsh expands it
	ZDOTDIR=$BATS_TEST_TMPDIR/zsh completion_zsh=${completion_zsh:?} completion_line=$1 TERM=dumb timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -d -i
		zpty -r -m z seen "*END*"
		print -r -- "$seen" | tr -d "\r" | sed -n "s/^HIT //p"'
}

# The shells that are installed; the caller says aloud which are not.
completing_shells() {
	local shell
	for shell in bash zsh fish; do
		! command -v "$shell" >/dev/null 2>&1 || echo "$shell"
	done
}
