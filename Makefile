# juggler's build. `make help` lists the targets.
#
# Nothing here needs a library to be parsed: pkg-config is asked when the first object is about to be compiled, so that
# `make help`, `make deps` and `make run` work on a machine that has none of the packages yet.
#
#   make CC=clang            another compiler           make WERROR=yes      warnings are errors
#   make SAN=address|thread  with sanitizers, in a      make V=1             show the commands
#                            build folder of its own    make BUILD=folder    build elsewhere

ifeq ($(origin CC),default)
CC := $(firstword $(foreach c,cc gcc clang,$(if $(shell command -v $c),$c)) cc)
endif
PREFIX ?= /usr/local
NPROC := $(shell nproc 2>/dev/null || echo 2)
SHELL := /bin/sh
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

include mk/flags.mk
include mk/program.mk
include mk/tests.mk
include mk/fuzz.mk
include mk/coverage.mk
include mk/screenshot.mk
include mk/soak.mk
include mk/trials.mk
include mk/install.mk

# Sub-makes use every core, unless the person said how many.
SUBFLAGS = --no-print-directory --output-sync=target $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(NPROC))
DEPS_SH = CC='$(CC)' DEPS='$(DEPS)' scripts/deps.sh

all: $(BUILD)/juggler ## Build the program: build/juggler. The default.

run: ## Install what is missing, build, and open the dashboard (no terminal: print both result tables). ARGS= is passed on.
	@$(DEPS_SH) run
	@$(MAKE) $(SUBFLAGS) all
	@scripts/run.sh $(BUILD)/juggler $(ARGS)

test: ## Install what is missing, build, and run every test, or with TESTS="board cli/*" those.
	@$(DEPS_SH) test
	@MAKE='$(MAKE_COMMAND)' tests/run --build '$(BUILD)' --san '$(SAN)' -- $(TESTS)

test-faults: ## The tests of faults in their long form: KILLS=200 kills of each kind at random moments; their seeds are printed.
	@$(DEPS_SH) test
	@MAKE='$(MAKE_COMMAND)' JUGGLER_KILLS='$(or $(KILLS),200)' \
		tests/run --build '$(BUILD)' --san '$(SAN)' --longer 10 -- $(or $(TESTS),'faults/*' unit/board unit/every_step tui/signals tui/sizes tui/quit)

bench: ## Measure speed and size beside curl, wget2 and Python, where they are installed.
	@$(DEPS_SH) test
	@$(MAKE) $(SUBFLAGS) all
	@python3 tests/bench/run.py --juggler '$(BUILD)/juggler' $(ARGS)

compare-article: ## Measure the article's ways here and in CPython, and put the table into README.md. Takes five minutes.
	@$(DEPS_SH) test
	@$(MAKE) $(SUBFLAGS) all
	@python3 tests/bench/compare_article.py --juggler '$(BUILD)/juggler' --readme README.md $(ARGS)

deps: ## Install what building and testing needs. DEPS=no only prints the command.
	@$(DEPS_SH) test

lint: ## Check the sources: cppcheck, clang-format, shellcheck.
	@$(DEPS_SH) lint
	@scripts/lint.sh

format: ## Lay out all C sources with clang-format.
	@$(DEPS_SH) format
	@scripts/lint.sh --fix

clean: ## Remove the build folder.
	rm -rf build
	@[ ! -e '$(BUILD)/flags.stamp' ] || rm -rf '$(BUILD)'

help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile mk/*.mk

.PHONY: all run test test-faults bench compare-article deps lint format clean help FORCE
FORCE:
