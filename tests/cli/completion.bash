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

# zsh completes only while a line is edited: so it gets a terminal of its own, is typed to, and tells what it would have listed.
complete_in_zsh() {
	# shellcheck disable=SC2016
	timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "PS1=; unsetopt zle promptcr promptsp; stty -echo -onlcr cols 500"
		zpty -w z "setopt zle; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D -u"
		zpty -w z '\''
			compadd() {
				local -a found
				if (( ! ${@[(I)-[OAD]*]} )); then
					builtin compadd -A found "$@"
					hits+=("$IPREFIX${^found[@]}")
				fi
				builtin compadd "$@"
			}
			show() { hits=(); zle list-choices; print -rl -- "" "HIT "${^${(u)hits}} "EN""D" }
			zle -N show
			bindkey "^T" show
			print -r -- READ""Y'\''
		zpty -r -m z seen "*READY*"
		zpty -n -w z "$2"$'\''\C-t'\''
		zpty -r -m z seen "*END*"
		print -r -- "$seen" | tr -d "\r" | sed -n "s/^HIT //p"' zsh "${completion_zsh:?}" "$1"
}

# The shells that are installed; the caller says aloud which are not.
completing_shells() {
	local shell
	for shell in bash zsh fish; do
		! command -v "$shell" >/dev/null 2>&1 || echo "$shell"
	done
}
