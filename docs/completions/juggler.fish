# juggler.fish - completion for fish.

function __juggler_has
    set -l words (commandline -opc)
    for word in $argv
        contains -- $word $words; and return 0
    end
    return 1
end

set -l executors 'sequential thread-each thread-each+gil thread-batch: thread-pool: process-each process-batch: process-pool: event-loop:'
set -l no_work 'not __juggler_has serve doctor history replay'
set -l files 'not __juggler_has serve doctor history replay; and begin; __juggler_has download primes; or not __juggler_has counter; end'
set -l measured '__juggler_has run compare'
set -l results '__juggler_has run compare history replay'
set -l downloads 'not __juggler_has doctor history replay; and begin; __juggler_has download serve; or not __juggler_has primes counter; end'
set -l own_downloads 'not __juggler_has serve doctor history replay; and begin; __juggler_has download; or not __juggler_has primes counter; end'
set -l primes 'not __juggler_has serve doctor history replay; and begin; __juggler_has primes; or not __juggler_has download counter; end'
set -l counter 'not __juggler_has serve doctor history replay; and begin; __juggler_has counter; or not __juggler_has download primes; end'
set -l screen 'not __juggler_has run compare history serve doctor'
set -l first 'not __juggler_has run compare history replay serve doctor download primes counter'

complete -c juggler -n 'not __juggler_has download primes replay' -f
complete -c juggler -n $first -a run -d 'headless'
complete -c juggler -n $first -a compare -d 'several executors'
complete -c juggler -n $first -a history -d 'earlier runs'
complete -c juggler -n $first -a replay -d 'a record, once more'
complete -c juggler -n $first -a serve -d 'the built-in web server'
complete -c juggler -n $first -a doctor -d 'what this machine offers'
complete -c juggler -n 'not __juggler_has serve doctor history replay download' -a download -d 'URLs'
complete -c juggler -n 'not __juggler_has serve doctor history replay primes counter' -a primes -d 'limits'
complete -c juggler -n 'not __juggler_has serve doctor history replay primes counter' -a counter -d 'a counter that all share'

complete -c juggler -s h -l help -d 'help, with examples'
complete -c juggler -s V -l version -d 'the version'
complete -c juggler -n $no_work -l with -x -a $executors -d 'how the work is carried out'
complete -c juggler -n $files -s o -l output -x -a '(__fish_complete_directories)' -d 'where files go'
complete -c juggler -n $results -l json -d 'the result as JSON'
complete -c juggler -n $results -l csv -d 'the result as CSV'
complete -c juggler -n $measured -l progress -x -a 'auto bars lines none' -d 'on stderr'
complete -c juggler -n '__juggler_has run replay' -l trace -r -d 'a Chrome trace'
complete -c juggler -n '__juggler_has run compare replay' -l report -r -d 'one HTML page'
complete -c juggler -n 'not __juggler_has compare history replay serve doctor' -l record -r -d 'keep it in a record'
complete -c juggler -n '__juggler_has replay' -l run -x -d 'which run to report'
complete -c juggler -n $no_work -l no-history -d 'do not note it'
complete -c juggler -n $no_work -l switch-interval -x -d 'ms, of the interpreter lock'
complete -c juggler -n '__juggler_has compare' -l repeat -x -d 'rounds that count'
complete -c juggler -n '__juggler_has compare' -l sweep -x -d 'widths of one executor'
complete -c juggler -n '__juggler_has compare' -l seed -x -d 'of the order'
complete -c juggler -n $counter -l lock -x -a 'none mutex atomic' -d 'how the counter is guarded'
complete -c juggler -n $counter -l adds -x -d 'how often each job adds one'
complete -c juggler -n 'not __juggler_has serve doctor' -l ascii -d 'ASCII only'
complete -c juggler -n 'not __juggler_has serve doctor' -l no-color -d 'no colours'
complete -c juggler -n $screen -l theme -x -a 'auto dark light blue-orange mono' -d 'colours'
complete -c juggler -n $screen -l fps -x -d 'frames a second'
complete -c juggler -n $own_downloads -l origin -x -a 'live builtin' -d 'where downloads come from'
complete -c juggler -n $downloads -l latency -x -d 'ms before the first byte'
complete -c juggler -n $downloads -l rate -x -d 'bytes a second for each connection'
complete -c juggler -n $own_downloads -l retry -x -d 'extra attempts'
complete -c juggler -n $own_downloads -l timeout -x -d 'seconds without progress'
complete -c juggler -n $own_downloads -l max-size -x -d 'largest body'
complete -c juggler -n $own_downloads -l no-clobber -d 'keep files that are there'
complete -c juggler -n $primes -l kernel -x -a 'trial sieve' -d 'how primes are found'
complete -c juggler -n $primes -l product -x -a 'fold tree' -d 'how they are multiplied'
complete -c juggler -n '__juggler_has serve' -l port -x -d 'the port'
complete -c juggler -n '__juggler_has serve' -l files -x -d 'how many synthetic files'
