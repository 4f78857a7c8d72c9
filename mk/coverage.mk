# mk/coverage.mk - how much of the program the tests reach. gcc writes what was executed, gcov reads it.
#
# Runners and workers leave by _exit, which would throw their counts away: tests/coverage/leave.c saves them on the way out. What is ended by
# SIGKILL is not counted, so the figures are rather too small.

COVERAGE_OBJ := $(BUILD)/obj/tests/coverage/leave.o
ifeq ($(SAN),coverage)
SANFLAGS += -fprofile-update=atomic
LDFLAGS += -Wl,--wrap=_exit $(COVERAGE_OBJ)
$(BUILD)/juggler $(TEST_OBJS): $(COVERAGE_OBJ)
endif

coverage: ## Run the unit and cli tests with coverage, print lines and branches reached. TESTS= chooses. Needs gcc and gcov.
	@$(DEPS_SH) test
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory CC='$(if $(findstring gcc,$(CC)),$(CC),gcc)' SAN=coverage BUILD=build/coverage coverage-tests
	@tests/coverage/report --build build/coverage
coverage-tests:
	@MAKE='$(MAKE_COMMAND)' tests/run --build '$(BUILD)' --san coverage -- $(or $(TESTS),'unit/*' 'cli/*') || \
		echo 'Some tests failed; what they reached counts.'

.PHONY: coverage coverage-tests
