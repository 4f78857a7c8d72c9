# juggler.fish - completion for fish.

function __juggler_has
    set -l words (commandline -opc)
    for word in $argv
        contains -- $word $words; and return 0
    end
    return 1
end

set -l executors 'sequential thread-each thread-batch: thread-pool: process-each process-batch: process-pool:'
set -l no_work 'not __juggler_has serve doctor'
set -l downloads 'not __juggler_has doctor; and begin; __juggler_has download serve; or not __juggler_has primes; end'
set -l own_downloads 'not __juggler_has serve doctor; and begin; __juggler_has download; or not __juggler_has primes; end'
set -l primes 'not __juggler_has serve doctor; and begin; __juggler_has primes; or not __juggler_has download; end'
set -l dashboard 'not __juggler_has run serve doctor'

complete -c juggler -n 'not __juggler_has download primes' -f
complete -c juggler -n 'not __juggler_has run serve doctor download primes' -a run -d 'headless'
complete -c juggler -n 'not __juggler_has run serve doctor download primes' -a serve -d 'the built-in web server'
complete -c juggler -n 'not __juggler_has run serve doctor download primes' -a doctor -d 'what this machine offers'
complete -c juggler -n 'not __juggler_has serve doctor download' -a download -d 'URLs'
complete -c juggler -n 'not __juggler_has serve doctor primes' -a primes -d 'limits'

complete -c juggler -s h -l help -d 'help, with examples'
complete -c juggler -s V -l version -d 'the version'
complete -c juggler -n $no_work -l with -x -a $executors -d 'how the work is carried out'
complete -c juggler -n $no_work -s o -l output -x -a '(__fish_complete_directories)' -d 'where files go'
complete -c juggler -n '__juggler_has run' -l json -d 'the result as JSON'
complete -c juggler -n '__juggler_has run' -l csv -d 'the result as CSV'
complete -c juggler -n '__juggler_has run' -l progress -x -a 'auto bars lines none' -d 'on stderr'
complete -c juggler -n $no_work -l ascii -d 'ASCII only'
complete -c juggler -n $no_work -l no-color -d 'no colours'
complete -c juggler -n $dashboard -l theme -x -a 'auto dark light blue-orange mono' -d 'colours'
complete -c juggler -n $dashboard -l fps -x -d 'frames a second'
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
