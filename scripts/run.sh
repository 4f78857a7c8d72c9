#!/bin/sh
# run.sh PROGRAM [ARGUMENT]... - opens the dashboard. Where there is no terminal, the program does the same work without it.
set -u

program=$1
shift

"$program" "$@"
status=$?
# Leaving with Ctrl-C is an ordinary way out; make need not call it an error.
[ -t 0 ] && [ "$status" = 130 ] && exit 0
exit "$status"
