# mk/coverage.mk - how much of the program the tests reach. gcc writes what was executed, gcov reads it.
#
# Nothing is optimised, inlined or checked by a macro of the C library (no _FORTIFY_SOURCE, no assert in src/), so that a branch is one that
# stands in the source; exceptions, which C has not, make none.
#
# Runners and workers leave by _exit, which would throw their counts away, and the built-in server is ended by SIGKILL: tests/coverage/leave.c
# saves what they reached. What else is ended by SIGKILL is not counted, so the figures are rather too small.

COVERAGE_OBJ := $(BUILD)/obj/tests/coverage/leave.o
COVERAGE_TESTS ?= 'unit/*' 'cli/*' 'tui/*' 'faults/*'
# Percent of branches. With TESTS= only a part is run: there no bound holds but one that is asked for.
COVERAGE_PURE ?= $(if $(TESTS),,95)
COVERAGE_ALL ?= $(if $(TESTS),,85)
COVERAGE_BOUNDS = $(if $(COVERAGE_PURE),--pure $(COVERAGE_PURE)) $(if $(COVERAGE_ALL),--all $(COVERAGE_ALL))
ifeq ($(SAN),coverage)
SANFLAGS += -fprofile-update=atomic -fno-inline -fno-exceptions
LDFLAGS += -Wl,--wrap=_exit -Wl,--wrap=MHD_run $(COVERAGE_OBJ)
$(BUILD)/juggler $(TEST_OBJS): $(COVERAGE_OBJ)
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
