#!/bin/sh
# run.sh PROGRAM [ARGUMENT]... - opens the dashboard, or, where there is no terminal, does the same work without it:
# the work that the arguments name, or both kinds.
set -u

program=$1
shift

if [ -t 0 ] && [ -t 1 ]; then
    "$program" "$@"
    status=$?
    # Leaving with Ctrl-C is an ordinary way out; make need not call it an error.
    [ "$status" = 130 ] && exit 0
    exit "$status"
fi

echo "No terminal here, so no dashboard: the same work, and its results." >&2
if [ $# -gt 0 ]; then
    "$program" run "$@"
    exit
fi
worst=0
for work in download primes; do
    echo
    "$program" run "$work" || { status=$? && [ "$status" -le "$worst" ] || worst=$status; }
done
exit "$worst"
