# SPDX-License-Identifier: MIT
# Completion of memhint for bash. Nothing is listed here: commands, options and their values are read from --help, the rest from memhint list, so that
# what is new completes by itself.

_memhint() {
	local program=${COMP_WORDS[0]} command='' usage='' cur prefix='' value='' line i
	local -a words=() lessons=() options=() choices=()
	local -A argument=() short=()
	COMPREPLY=()

	# bash takes --name=value and name=value apart at each "="; put together again.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		if ((${#words[@]} > 1)) && [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	cur=${words[-1]}

	if ((${#words[@]} == 2)); then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null | awk '/^  [a-z]/ { print $1 } /^  -/ { print $2 }')" -- "$cur")
		return
	fi
	command=${words[1]}
	[[ $command =~ ^[a-z]+$ ]] || return

	while IFS= read -r line; do
		if [[ $line =~ ^Usage: ]]; then
			usage=$line
		elif [[ $line =~ ^\ +(-(.),\ )?--([a-z-]+)(=([^ ]+))? ]]; then
			options+=("--${BASH_REMATCH[3]}")
			argument[--${BASH_REMATCH[3]}]=${BASH_REMATCH[5]}
			[[ -z ${BASH_REMATCH[2]} ]] || short[-${BASH_REMATCH[2]}]=--${BASH_REMATCH[3]}
		fi
	done < <("$program" "$command" --help 2>/dev/null)

	# The words before this one that are neither options nor their values; and the option whose value this one is.
	for ((i = 2; i < ${#words[@]}; i++)); do
		line=${words[i]}
		[[ ! $line =~ ^-.$ ]] || line=${short[$line]:-$line}
		if ((i == ${#words[@]} - 1)); then
			[[ $line != --*=* ]] || { value=${line%%=*} prefix=$value= cur=${line#*=}; }
		elif [[ $line == -* ]]; then
			[[ -z ${argument[$line]:-} ]] || { ((i++)); ((i < ${#words[@]} - 1)) || value=$line; }
		else
			lessons+=("$line")
		fi
	done

	case ${value:+${argument[$value]:-}} in
	FILE)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	NAME=VALUE)
		[[ $cur != *=* ]] || return
		compopt -o nospace 2>/dev/null
		mapfile -t choices < <("$program" list --params "${lessons[@]}" 2>/dev/null | sort -u)
		mapfile -t COMPREPLY < <(compgen -S = -W "${choices[*]}" -- "$cur")
		;;
	A,B\|*)
		compopt -o nospace 2>/dev/null
		[[ $cur != *,* ]] || { prefix+=${cur%,*}, && cur=${cur##*,}; }
		mapfile -t choices < <("$program" list --ways "${lessons[@]}" 2>/dev/null | sort -u)
		[[ $prefix == *, ]] || choices+=(all)
		mapfile -t COMPREPLY < <(compgen -W "${choices[*]}" -- "$cur")
		;;
	*\|*)
		line=${argument[$value]}
		mapfile -t COMPREPLY < <(compgen -W "${line//|/ }" -- "$cur")
		;;
	'')
		if [[ -n $value ]]; then
			return
		elif [[ $cur == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "${options[*]}" -- "$cur")
			for i in "${!COMPREPLY[@]}"; do
				[[ -z ${argument[${COMPREPLY[i]}]} ]] || COMPREPLY[i]+='='
			done
			[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		elif [[ $usage == *LESSON* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$("$program" list --names 2>/dev/null)" -- "$cur")
		elif [[ $usage == *PROGRAM* ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -c -- "$cur"; compgen -f -- "$cur")
		elif [[ $usage == *FILE* ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		elif [[ $usage == *COMMAND* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "words $("$program" --help 2>/dev/null | awk '/^  [a-z]/ { print $1 }')" -- "$cur")
		fi
		return
		;;
	esac

	# bash replaces what follows the last "=", if that is where it takes words apart.
	[[ $COMP_WORDBREAKS != *=* ]] || prefix=${prefix#--*=}
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$prefix${COMPREPLY[i]}
	done
}

complete -F _memhint memhint
