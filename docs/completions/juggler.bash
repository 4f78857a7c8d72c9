# juggler.bash - completion for bash. Installed as juggler in bash-completion's folder.

_juggler_executors='sequential thread-each thread-each+gil thread-batch: thread-pool: process-each process-batch: process-pool: event-loop:'

# The work or command that stands nearest before the cursor, and the command of the line.
_juggler_look() {
    local i
    command='' work=''
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        run | compare | history | replay | serve | doctor) [[ $command ]] || command=${COMP_WORDS[i]} ;;
        download | primes | counter) work=${COMP_WORDS[i]} ;;
        esac
    done
}

_juggler_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_juggler() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command work options
    COMPREPLY=()
    if [[ $current == = ]]; then
        current=''
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $previous in
    --with) _juggler_words "$_juggler_executors" "$current"
            [[ ${COMPREPLY[0]-} == *: ]] && compopt -o nospace
            return ;;
    --kernel) _juggler_words 'trial sieve' "$current"; return ;;
    --product) _juggler_words 'fold tree' "$current"; return ;;
    --origin) _juggler_words 'live builtin' "$current"; return ;;
    --progress) _juggler_words 'auto bars lines none' "$current"; return ;;
    --lock) _juggler_words 'none mutex atomic' "$current"; return ;;
    --trace | --report | --record) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames; return ;;
    --theme) _juggler_words 'auto dark light blue-orange mono' "$current"; return ;;
    -o | --output) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames; return ;;
    --latency | --rate | --retry | --timeout | --max-size | --port | --files | --fps | --adds | --lease | --switch-interval | --repeat | --sweep | --seed | --run) return ;;
    esac
    _juggler_look
    options='--help --version --no-config'
    case $command in
    doctor) ;;
    serve) options+=' --port --files --latency --rate' ;;
    history) options+=' --json --csv --ascii --no-ascii --no-color --color' ;;
    replay) options+=' --json --csv --trace --report --run --theme --flat --no-flat --ascii --no-ascii --no-color --color --fps' ;;
    run) options+=' --with --lease --switch-interval --json --csv --trace --report --record --no-history --history --progress --ascii --no-ascii --no-color --color' ;;
    compare) options+=' --with --lease --switch-interval --repeat --sweep --seed --json --csv --report --no-history --history --progress --ascii --no-ascii --no-color --color' ;;
    *) options+=' --with --lease --switch-interval --record --no-history --history --theme --flat --no-flat --ascii --no-ascii --no-color --color --fps' ;;
    esac
    if [[ $command != serve && $command != doctor && $command != history && $command != replay ]]; then
        [[ $work == counter ]] || options+=' --output --sync --no-sync'
        [[ $work == primes || $work == counter ]] || options+=' --origin --latency --rate --retry --timeout --max-size --no-clobber --clobber'
        [[ $work == download || $work == counter ]] || options+=' --kernel --product'
        [[ $work == download || $work == primes ]] || options+=' --lock --adds'
    fi
    if [[ $current == -* ]]; then
        _juggler_words "$options" "$current"
    elif [[ $work == counter && $command && $command != replay ]]; then
        :
    elif [[ $work || $command == replay ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames
        [[ $command ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W 'download primes counter' -- "$current")
    elif [[ $command == run || $command == compare ]]; then
        _juggler_words 'download primes counter' "$current"
    elif [[ ! $command ]]; then
        _juggler_words 'download primes counter run compare history replay serve doctor' "$current"
    fi
}

complete -F _juggler juggler
