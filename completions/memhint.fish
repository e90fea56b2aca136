# SPDX-License-Identifier: MIT
# Completion of memhint for fish. Nothing is listed here: commands, options and their values are read from --help, the rest from memhint list, so that
# what is new completes by itself.

function __memhint_commands --argument-names program
    $program --help 2>/dev/null | string replace --filter --regex '^  ([a-z]+).*?  +(\S.*)$' '$1\t$2'
end

# Every option of a command in one line: name, short name, argument, what it does.
function __memhint_options --argument-names program command
    $program $command --help 2>/dev/null | awk '
        function flush() { if (name) print name "\t" short "\t" argument "\t" text; name = "" }
        match($0, /--[a-z-]+(=[^ ]+)?/) && /^ +(-., )?--/ {
            flush(); name = substr($0, RSTART, RLENGTH); text = substr($0, RSTART + RLENGTH); sub(/^ +/, "", text)
            argument = ""; if (at = index(name, "=")) { argument = substr(name, at + 1); name = substr(name, 1, at - 1) }
            short = match($0, /^ +-.,/) ? substr($0, RLENGTH - 2, 2) : ""
            next
        }
        name && /^          / { sub(/^ +/, ""); text = text (text ? " " : "") $0; next }
        { flush() }
        END { flush() }'
end

# The values of an option, each after what stands before it in the word.
function __memhint_values --argument-names program argument prefix value
    set -l lessons $argv[5..-1]
    switch $argument
        case FILE
            __fish_complete_path $value | string replace --regex '^' -- $prefix
        case 'NAME=VALUE'
            string match --quiet '*=*' -- $value; or printf "$prefix%s=\n" ($program list --params $lessons 2>/dev/null | sort -u)
        case 'A,B|*'
            set -l before (string replace --filter --regex '[^,]*$' '' -- $value)
            printf "$prefix$before%s\n" ($program list --ways $lessons 2>/dev/null | sort -u)
            string match --quiet '*,*' -- $value; or printf "$prefix%s\n" all
        case '*|*'
            printf "$prefix%s\n" (string split '|' -- $argument)
    end
end

function __memhint_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l program $words[1]
    type --query -- $program; or return
    if test (count $words) -eq 1
        __memhint_commands $program
        string match --quiet -- '-*' $word; and printf '%s\n' --help --version
        return
    end
    set -l command $words[2]
    string match --quiet --regex '^[a-z]+$' -- $command; or return
    set -l options (__memhint_options $program $command)
    set -l usage ($program $command --help 2>/dev/null)[1]

    # The words before this one that are neither options nor their values; and the argument of the option whose value this one is.
    set -l lessons
    set -l argument
    for other in $words[3..-1]
        if test -n "$argument"
            set argument
        else if string match --quiet -- '-*' $other
            for option in $options
                set -l parts (string split \t -- $option)
                contains -- $other $parts[1] $parts[2]; and set argument $parts[3]
            end
        else
            set --append lessons $other
        end
    end

    if test -n "$argument"
        __memhint_values $program $argument '' $word $lessons
    else if string match --quiet --regex '^--[a-z-]+=' -- $word
        set -l pair (string split --max 1 = -- $word)
        for option in $options
            set -l parts (string split \t -- $option)
            test $parts[1] = $pair[1]; and __memhint_values $program $parts[3] $pair[1]= "$pair[2]" $lessons
        end
    else if string match --quiet -- '-*' $word
        for option in $options
            set -l parts (string split \t -- $option)
            test -n "$parts[3]"; and set parts[1] $parts[1]=
            printf '%s\t%s\n' $parts[1] $parts[4]
        end
    else if string match --quiet -- '*LESSON*' $usage
        $program list 2>/dev/null | string replace --filter --regex '^[a-z]+[0-9]+ +([a-z0-9]+) +[0-9]+ +' '$1\t'
    else if string match --quiet -- '*PROGRAM*' $usage
        __fish_complete_command
        __fish_complete_path $word
    else if string match --quiet -- '*FILE*' $usage
        __fish_complete_path $word
    else if string match --quiet -- '*COMMAND*' $usage
        __memhint_commands $program
        printf '%s\t%s\n' words 'twelve words, each with a number'
    end
end

complete --command memhint --no-files --arguments '(__memhint_complete)'
