# mk/flags.mk - how things are compiled, and the stamps that make a change of flags rebuild what they reach.

SAN ?=
# Sanitized code is built faster, and sees more, with little optimisation; coverage is of what stands in the source.
CFLAGS ?= $(if $(filter coverage,$(SAN)),-O0,$(if $(SAN),-O1,-O2)) -g
ifeq ($(SAN),)
BUILD ?= build
else ifeq ($(SAN),address)
BUILD ?= build/asan
# clang's also count for libFuzzer what is reached: so the fuzz targets and the tests can use the same objects.
SANFLAGS := -fsanitize=address,undefined $(if $(findstring clang,$(CC)),-fsanitize=fuzzer-no-link) -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
else ifeq ($(SAN),thread)
BUILD ?= build/tsan
SANFLAGS := -fsanitize=thread -fno-omit-frame-pointer
else ifeq ($(SAN),coverage)
BUILD ?= build/coverage
SANFLAGS := --coverage
else
$(error SAN=$(SAN): there is SAN=address (with undefined behaviour) and SAN=thread; make coverage uses another)
endif

# primesieve is not here: older packages of it bring no .pc file.
PKGS := libcurl gmp ncursesw libmicrohttpd jansson zlib inih
TEST_PKGS := cmocka vterm

# Asked once, when first used. _GNU_SOURCE already says what ncurses would have us define.
PKG_CONFIG ?= pkg-config
pkg_cflags = $(filter-out -D_XOPEN_SOURCE=% -D_DEFAULT_SOURCE,$(shell $(PKG_CONFIG) --cflags $1 2>/dev/null))
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(call pkg_cflags,$(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null))$(PKG_LIBS)
TEST_CFLAGS = $(eval TEST_CFLAGS := $$(call pkg_cflags,$(TEST_PKGS)))$(TEST_CFLAGS)
TEST_LIBS = $(eval TEST_LIBS := $$(shell $(PKG_CONFIG) --libs $(TEST_PKGS) 2>/dev/null))$(TEST_LIBS)

# What newer compilers refuse is refused everywhere; other warnings stop the build only where that is asked for, so that a
# compiler that learns a new one tomorrow does not keep anybody from building.
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror=implicit-function-declaration \
	-Werror=int-conversion -Werror=incompatible-pointer-types -Werror=return-type $(if $(filter-out no,$(WERROR)),-Werror)
# The C library checks buffers only in optimised code, and the sanitizers check them better. Level 3 also knows sizes that are computed;
# the library says itself whether it has it with this compiler, and is asked once, when the first object is about to be compiled.
OPTIMISED := $(if $(SAN),,$(filter -O1 -O2 -O3 -Os,$(CFLAGS)))
FORTIFY_LEVEL = $(eval FORTIFY_LEVEL := $$(if $$(filter 3,$$(shell printf '%s\n' '#include <features.h>' '__USE_FORTIFY_LEVEL' | \
	$(CC) $(OPTIMISED) -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -x c -E -P - 2>/dev/null)),3,2))$(FORTIFY_LEVEL)
FORTIFY = $(if $(OPTIMISED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(FORTIFY_LEVEL))
# Code at an address nobody knows, tables of addresses that nobody can write, a stack that nobody can run (tests/cli/test_hardened.py
# looks for it in the program). Sanitizers have addresses of their own to choose.
HARDEN_COMPILE := -fstack-protector-strong $(if $(SAN),,-fPIE)
HARDEN_LINK := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack $(if $(SAN),,-pie)
COMPILE_FLAGS = -Iinclude -Isrc -I. -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS) -std=c17 $(WARNINGS) $(FORTIFY) \
	$(HARDEN_COMPILE) -pthread $(CFLAGS) $(SANFLAGS)
LINK_FLAGS = $(CFLAGS) $(SANFLAGS) -pthread -Wl,--as-needed $(HARDEN_LINK) $(LDFLAGS)
LIBS = $(PKG_LIBS) -lprimesieve -lm $(LDLIBS)

# V=1 shows the commands; otherwise a short line for each.
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' '$1' '$2')

# The recipe of a stamp: a file that is written only when the text in STAMP differs from what it holds.
define write_stamp
@mkdir -p $(@D) 2>/dev/null && test -w $(@D) || { \
	echo 'Cannot write to $(@D)/. Is it, or the folder it goes into, of another user? As that user: make clean' >&2; exit 1; }
@printf '%s\n' "$$STAMP" | cmp -s - $@ || printf '%s\n' "$$STAMP" >$@
endef

# Every object depends on this one; it is where packages that are missing are first noticed.
$(BUILD)/flags.stamp: export STAMP = $(CC) $(COMPILE_FLAGS) : $(LINK_FLAGS) : $(LIBS)
$(BUILD)/flags.stamp: FORCE
	@$(PKG_CONFIG) --exists $(PKGS) 2>/dev/null || { \
		echo 'Libraries that the build needs are missing. "make deps" installs them; "make deps DEPS=no" names them.' >&2; exit 1; }
	$(write_stamp)

# Made only when a test is built, so that the program needs no test library.
$(BUILD)/tests.stamp: export STAMP = $(TEST_CFLAGS) : $(TEST_LIBS)
$(BUILD)/tests.stamp: FORCE
	@$(PKG_CONFIG) --exists $(TEST_PKGS) 2>/dev/null || { \
		echo 'Libraries that the tests need are missing. "make deps" installs them; "make deps DEPS=no" names them.' >&2; exit 1; }
	$(write_stamp)
