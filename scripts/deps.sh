#!/bin/sh
# deps.sh GROUP - finds out what a group of tasks needs and this machine lacks, and installs it.
#
#   GROUP   run: build and run; test: and test; lint, format: check, lay out the sources; fuzz; valgrind; ci: all of it
#   DEPS=no only prints the command that would install it, and fails
#   CC      the compiler that is going to be used
#
# What is there is found by trying it (a compiler compiles, a header is found), never by asking the package manager, so that
# any flavour of a library will do. The package manager is asked only to install.
set -u

group=${1:-run}
work=$(mktemp -d "${TMPDIR:-/tmp}/juggler-deps.XXXXXX") || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

case $group in
run) needs="cc make pkg-config curl gmp ncurses microhttpd primesieve jansson zlib inih certificates" ;;
test) needs="cc make pkg-config curl gmp ncurses microhttpd primesieve jansson zlib inih certificates cmocka vterm python3 jsonschema" ;;
valgrind) needs="cc make pkg-config curl gmp ncurses microhttpd primesieve jansson zlib inih certificates cmocka vterm python3 valgrind" ;;
lint) needs="cppcheck clang-format" ;;
format) needs="clang-format" ;;
fuzz) needs="cc make pkg-config curl gmp ncurses microhttpd primesieve jansson zlib inih clang clang-rt fuzzer" ;;
ci) needs="cc make pkg-config curl gmp ncurses microhttpd primesieve jansson zlib inih certificates cmocka vterm python3 jsonschema \
        cppcheck clang-format shellcheck clang clang-rt fuzzer sanitizers" ;;
*)
    say "deps.sh: there is no group \"$group\"; there are run, test, valgrind, lint, format, fuzz, ci"
    exit 2
    ;;
esac

if [ "$(uname -s)" != Linux ]; then
    say "juggler runs on Linux only: it reads what the Linux kernel says about every thread. This is $(uname -s)."
    exit 3
fi

# --- what is there ---------------------------------------------------------------------------------------------------

# $1: a compiler, $2: source text; more: flags. Whether it compiles and links.
links() {
    compiler=$1
    text=$2
    shift 2
    printf '%s\n' "$text" >"$work/try.c"
    # shellcheck disable=SC2086 # CC may hold a command with arguments
    $compiler -o "$work/try" "$work/try.c" "$@" >/dev/null 2>&1
}

# $1: pkg-config's name, $2: headers. Where no compiler or no pkg-config is, the other one decides.
has_library() {
    flags=
    if has "$pkg_config"; then
        flags=$("$pkg_config" --cflags "$1" 2>/dev/null) || return 1
    elif [ -z "$compiler_works" ]; then
        return 1
    fi
    [ -n "$compiler_works" ] || return 0
    for header in $2; do printf '#include <%s>\n' "$header"; done >"$work/try.c"
    # shellcheck disable=SC2086 # flags are many words
    $cc $flags -fsyntax-only "$work/try.c" >/dev/null 2>&1
}

there() {
    case $1 in
    cc) [ -n "$compiler_works" ] ;;
    pkg-config) has "$pkg_config" ;;
    curl) has_library libcurl curl/curl.h ;;
    gmp) has_library gmp gmp.h ;;
    ncurses) has_library ncursesw curses.h ;;
    microhttpd) has_library libmicrohttpd "microhttpd.h" ;;
    primesieve) links "$cc" '#include <primesieve.h>
int main(void) { return primesieve_version() == 0; }' -lprimesieve ;;
    jansson) has_library jansson jansson.h ;;
    zlib) has_library zlib zlib.h ;;
    inih) has_library inih ini.h ;;
    cmocka) has_library cmocka "stdarg.h stddef.h setjmp.h stdint.h cmocka.h" ;;
    vterm) has_library vterm vterm.h ;;
    certificates) [ -n "$(find /etc/ssl /etc/pki /etc/ca-certificates -name 'ca-*.crt' -o -name 'tls-ca-bundle.pem' \
        -o -name cert.pem 2>/dev/null | head -n 1)" ] ;;
    jsonschema) has python3 && python3 -W ignore -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null ;;
    sanitizers) links "$cc" 'int main(void) { return 0; }' -fsanitize=address,undefined &&
        links "$cc" 'int main(void) { return 0; }' -fsanitize=thread ;;
    clang-rt) links clang 'int main(void) { return 0; }' -fsanitize=address ;;
    fuzzer) links clang 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return data[0] < size ? 0 : 0; }' \
        -fsanitize=fuzzer,address,undefined ;;
    *) has "$1" ;;
    esac
}

find_missing() {
    cc=${CC:-cc}
    pkg_config=${PKG_CONFIG:-pkg-config}
    compiler_works=
    has "${cc%% *}" || cc=gcc
    links "$cc" '#include <stdio.h>
int main(void) { return puts("") < 0; }' && compiler_works=yes
    missing=
    for need in $needs; do there "$need" || missing="$missing $need"; done
    missing=${missing# }
}

# --- what the distribution calls it ----------------------------------------------------------------------------------

# $1: package manager, $2: need
package() {
    case $1:$2 in
    apt-get:cc) echo build-essential ;;
    apt-get:curl) echo libcurl4-openssl-dev ;;
    apt-get:gmp) echo libgmp-dev ;;
    apt-get:ncurses) echo libncurses-dev ;;
    apt-get:microhttpd) echo libmicrohttpd-dev ;;
    apt-get:primesieve) echo libprimesieve-dev ;;
    apt-get:jansson) echo libjansson-dev ;;
    apt-get:zlib) echo zlib1g-dev ;;
    apt-get:inih) echo libinih-dev ;;
    apt-get:cmocka) echo libcmocka-dev ;;
    apt-get:vterm) echo libvterm-dev ;;
    apt-get:jsonschema) echo python3-jsonschema ;;
    apt-get:sanitizers) echo build-essential ;;
    apt-get:valgrind) echo valgrind libc6-dbg ;;
    apt-get:clang-rt | apt-get:fuzzer) clang_rt_for_apt ;;

    dnf:cc) echo gcc ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    dnf:curl) echo libcurl-devel ;;
    dnf:gmp) echo gmp-devel ;;
    dnf:ncurses) echo ncurses-devel ;;
    dnf:microhttpd) echo libmicrohttpd-devel ;;
    dnf:primesieve) echo primesieve-devel ;;
    dnf:jansson) echo jansson-devel ;;
    dnf:zlib) echo zlib-devel ;;
    dnf:inih) echo inih-devel ;;
    dnf:cmocka) echo libcmocka-devel ;;
    dnf:vterm) echo libvterm-devel ;;
    dnf:jsonschema) echo python3-jsonschema ;;
    dnf:clang-format) echo clang-tools-extra ;;
    dnf:sanitizers) echo libasan libubsan libtsan ;;
    dnf:clang-rt | dnf:fuzzer) echo compiler-rt ;;
    dnf:shellcheck) echo ShellCheck ;;

    pacman:cc) echo base-devel ;;
    pacman:pkg-config) echo pkgconf ;;
    pacman:microhttpd) echo libmicrohttpd ;;
    pacman:inih) echo libinih ;;
    pacman:vterm) echo libvterm ;;
    pacman:python3) echo python ;;
    pacman:jsonschema) echo python-jsonschema ;;
    pacman:clang-format) echo clang ;;
    pacman:sanitizers) echo base-devel ;;
    pacman:clang-rt | pacman:fuzzer) echo compiler-rt ;;

    apk:cc) echo build-base linux-headers ;;
    apk:pkg-config) echo pkgconf ;;
    apk:curl) echo curl-dev ;;
    apk:gmp) echo gmp-dev ;;
    apk:ncurses) echo ncurses-dev ;;
    apk:microhttpd) echo libmicrohttpd-dev ;;
    apk:primesieve) echo primesieve-dev ;;
    apk:jansson) echo jansson-dev ;;
    apk:zlib) echo zlib-dev ;;
    apk:inih) echo inih-dev ;;
    apk:cmocka) echo cmocka-dev ;;
    apk:vterm) echo libvterm-dev ;;
    apk:jsonschema) echo py3-jsonschema ;;
    apk:clang-format) echo clang-extra-tools ;;
    apk:sanitizers) echo build-base ;;
    apk:clang-rt | apk:fuzzer) echo compiler-rt ;;

    *:certificates) echo ca-certificates ;;
    *) echo "$2" ;;
    esac
}

# Debian names the compiler's run-time library after the compiler's version.
clang_rt_for_apt() {
    version=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
    [ -n "$version" ] && echo "libclang-rt-$version-dev" || echo libclang-rt-dev
}

find_manager() {
    for manager in apt-get dnf pacman apk; do
        has "$manager" && return
    done
    manager=
}

find_packages() {
    packages=
    for need in $missing; do packages="$packages $(package "$manager" "$need")"; done
    packages=${packages# }
    case $manager in
    apt-get) command="apt-get install -y --no-install-recommends $packages" ;;
    dnf) command="dnf install -y $packages" ;;
    pacman) command="pacman -Sy --needed --noconfirm $packages" ;;
    apk) command="apk add $packages" ;;
    esac
}

# --- installing ------------------------------------------------------------------------------------------------------

# Runs a command of the package manager with its words kept for the case that it fails.
quietly() {
    # shellcheck disable=SC2086 # sudo is empty, or sudo with its options
    $sudo env DEBIAN_FRONTEND=noninteractive "$@" >>"$work/log" 2>&1 </dev/null
}

show_log() {
    say "What $manager said:"
    tail -n 25 "$work/log" >&2
}

# Names what the package sources do not have, and leaves it out of packages, so that the rest is installed.
leave_out_what_is_not_offered() {
    offered=
    absent=
    for name in $packages; do
        if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then offered="$offered $name"; else absent="$absent $name"; fi
    done
    packages=${offered# }
    [ -n "$absent" ] || return 0
    say "The package sources of this machine do not offer:$absent"
    # shellcheck disable=SC1091
    if [ "$(. /etc/os-release 2>/dev/null && echo "$ID")" = ubuntu ]; then
        say "On Ubuntu these come from the component \"universe\". Add it, then try again:"
        say "  sudo add-apt-repository universe"
    fi
}

install_packages() {
    : >"$work/log"
    if [ "$manager" = apt-get ]; then
        quietly apt-get -q -o DPkg::Lock::Timeout=120 update ||
            say "apt-get update failed; trying with the package lists that are here."
        leave_out_what_is_not_offered
    fi
    # shellcheck disable=SC2086 # one word a package
    case $manager in
    apt-get) quietly apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $packages ;;
    dnf) quietly dnf -q install -y $packages ;;
    pacman) quietly pacman -Sy --needed --noconfirm $packages ;;
    apk) quietly apk add --no-progress $packages ;;
    esac || {
        show_log
        return 1
    }
}

# Sets sudo to what makes us root: nothing, or sudo (asking for the password only where somebody can type it).
become_root() {
    sudo=
    [ "$(id -u)" = 0 ] && return 0
    has sudo || return 1
    sudo="sudo"
    [ -t 0 ] || { sudo="sudo -n" && sudo -n true 2>/dev/null; } || return 1
    [ ! -t 0 ] || sudo -v
}

say_command() {
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo "
    [ "$manager" != apt-get ] || say "  ${as_root}apt-get update"
    say "  $as_root$command"
}

find_missing
[ -n "$missing" ] || exit 0

find_manager
if [ -z "$manager" ]; then
    say "Missing here: $missing."
    say "None of apt-get, dnf, pacman, apk was found. Install these with what this system has, with their headers, and try again."
    exit 3
fi
find_packages
say "Missing here: $missing."
if [ "${DEPS:-}" = no ]; then
    say "This installs what is missing:"
    say_command
    say "Nothing was installed, because of DEPS=no."
    exit 3
fi
say "Installing: $packages"
if ! become_root; then
    say "That needs root, and sudo is not to be had here. Have an administrator run this, then try again:"
    say_command
    exit 3
fi
wanted=$packages
install_packages || exit 3

find_missing
# The version of clang decides about its run-time library, so that may take a second round.
if [ -n "$missing" ] && find_packages && [ "$packages" != "$wanted" ]; then
    say "Installing: $packages"
    install_packages || exit 3
    find_missing
fi
[ -z "$missing" ] && exit 0
say "Still not found: $missing."
say "If these were installed, look at PKG_CONFIG_PATH, PKG_CONFIG_LIBDIR, CPATH and CC: something keeps the build from seeing them there."
exit 3
