# mk/coverage.mk - how much of the program the tests reach. gcc writes what was executed, gcov reads it.
#
# Nothing is optimised, inlined or checked by a macro of the C library (no _FORTIFY_SOURCE, no assert in src/), so that a branch is one that
# stands in the source; exceptions, which C has not, make none.
#
# Runners and workers leave by _exit or are killed, which would throw their counts away: tests/coverage/counts.c says how they are kept.
# gcov's own fork would have the child begin at nought.

COVERAGE_OBJ := $(BUILD)/obj/tests/coverage/counts.o
COVERAGE_LAYOUT := tests/coverage/counts.ld
COVERAGE_TESTS ?= 'unit/*' 'cli/*' 'tui/*' 'faults/*'
# Percent of branches. With TESTS= only a part is run: there no bound holds but one that is asked for.
COVERAGE_PURE ?= $(if $(TESTS),,95)
COVERAGE_ALL ?= $(if $(TESTS),,85)
COVERAGE_BOUNDS = $(if $(COVERAGE_PURE),--pure $(COVERAGE_PURE)) $(if $(COVERAGE_ALL),--all $(COVERAGE_ALL))
ifeq ($(SAN),coverage)
SANFLAGS += -fprofile-update=single -fno-inline -fno-exceptions -fdata-sections -fno-builtin-fork
LDFLAGS += -Wl,--wrap=_exit -Wl,-T,$(COVERAGE_LAYOUT) $(COVERAGE_OBJ)
$(BUILD)/juggler $(TEST_OBJS): $(COVERAGE_OBJ) $(COVERAGE_LAYOUT)
endif

coverage: ## Run the tests with coverage, print lines and branches reached; fails below the bounds. TESTS= chooses. Needs gcc and gcov.
	@$(DEPS_SH) test
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory CC='$(if $(findstring gcc,$(CC)),$(CC),gcc)' SAN=coverage BUILD=build/coverage coverage-tests
	@tests/coverage/report --build build/coverage $(COVERAGE_BOUNDS)
coverage-tests:
	@MAKE='$(MAKE_COMMAND)' tests/run --build '$(BUILD)' --san coverage -- $(or $(TESTS),$(COVERAGE_TESTS)) || \
		echo 'Some tests failed; what they reached counts.'

.PHONY: coverage coverage-tests
