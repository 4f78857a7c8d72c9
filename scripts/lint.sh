#!/bin/sh
# lint.sh [--fix | cppcheck | format | shellcheck]... - checks the sources; --fix lays them out. No argument: every check.
set -u

sources() { find src ui include tests sample-data -name '*.[ch]' 2>/dev/null | sort; }
scripts() { printf '%s\n' scripts/*.sh .ci/run tests/fuzz/run; }

check_cppcheck() {
    # Told what the compiler is told, but not where the libraries are: their headers are theirs to check.
    # Whether something is initialised is the compilers' to say: cppcheck takes what a loop or a call fills in for unset.
    cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
        --suppress=uninitvar -D_GNU_SOURCE -D__linux__ \
        -Iinclude -Isrc -I. -j 2 src ui
}

check_format() { sources | xargs clang-format --dry-run -Werror; }

check_shellcheck() {
    command -v shellcheck >/dev/null 2>&1 || {
        echo "shellcheck is not here; the scripts were not checked"
        return 0
    }
    scripts | xargs shellcheck
}

check() {
    case $1 in
    cppcheck) check_cppcheck ;;
    format) check_format ;;
    shellcheck) check_shellcheck ;;
    esac
}

[ $# -gt 0 ] || set -- cppcheck format shellcheck
worst=0
for what in "$@"; do
    case $what in
    --fix) sources | xargs clang-format -i || worst=1 ;;
    cppcheck | format | shellcheck)
        if check "$what"; then
            echo "ok    $what"
        else
            echo "FAIL  $what"
            worst=1
        fi
        ;;
    *)
        echo "lint.sh: there is no check \"$what\"" >&2
        exit 2
        ;;
    esac
done
exit "$worst"
