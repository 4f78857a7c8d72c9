# mk/tests.mk - the test programs. tests/run builds those that it is going to run, and runs them.

# Tests link what they use out of the whole program but main(). A test that includes fake_worker.h, or says
# "test: fake-worker", links the rooms below the engine with tests/unit/fake_worker.c in the engine's place.
WHOLE_OBJS := $(filter-out $(BUILD)/obj/src/cli/main.o,$(OBJS))
LOWER_OBJS := $(filter-out $(BUILD)/obj/src/engine/% $(BUILD)/obj/src/cli/% $(BUILD)/obj/src/report/% $(BUILD)/obj/ui/%,$(OBJS))

FAKE_SRCS := $(shell grep -lsE 'test: fake-worker|include "(tests.unit.)?fake_worker.h"' tests/unit/test_*.c)
UNIT_SRCS := $(filter-out $(FAKE_SRCS),$(wildcard tests/unit/test_*.c))
TUI_SRCS := $(wildcard tests/tui/test_*.c)
TUI_HELPERS := $(filter-out $(TUI_SRCS),$(wildcard tests/tui/*.c))

FAKE_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/unit/fake_worker.c))
TUI_OBJS := $(TUI_HELPERS:%.c=$(BUILD)/obj/%.o)
TEST_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(FAKE_SRCS) $(UNIT_SRCS) $(TUI_SRCS)) $(FAKE_OBJS) $(TUI_OBJS)
$(TEST_OBJS): EXTRA_FLAGS = $(TEST_CFLAGS)
$(TEST_OBJS): $(BUILD)/tests.stamp

$(BUILD)/libwhole.a: $(WHOLE_OBJS) $(BUILD)/objects.stamp
	@rm -f $@
	$(Q)$(AR) rcs $@ $(WHOLE_OBJS)
$(BUILD)/liblower.a: $(LOWER_OBJS) $(BUILD)/objects.stamp
	@rm -f $@
	$(Q)$(AR) rcs $@ $(LOWER_OBJS)

# $1: the sources of the tests, $2: the objects and archives that each is linked with.
define test_programs
$(patsubst tests/%.c,$(BUILD)/tests/%,$1): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $2
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(LINK_FLAGS) -o $$@ $$< $2 $$(TEST_LIBS) $$(LIBS) -lutil
endef
$(if $(UNIT_SRCS),$(eval $(call test_programs,$(UNIT_SRCS),$(BUILD)/libwhole.a)))
$(if $(FAKE_SRCS),$(eval $(call test_programs,$(FAKE_SRCS),$(FAKE_OBJS) $(BUILD)/liblower.a)))
$(if $(TUI_SRCS),$(eval $(call test_programs,$(TUI_SRCS),$(TUI_OBJS) $(BUILD)/libwhole.a)))

# How tests/run learns which of its goals could be made: "built/unit/test_board" appends the name to the file BUILT.
built/%: $(BUILD)/tests/%
	@echo '$*' >>'$(BUILT)'
built/juggler: $(BUILD)/juggler
	@echo juggler >>'$(BUILT)'

# Built as ever: what is looked at is what runs. Each test says in its head when valgrind is not for it (tests/README.md).
valgrind: ## The unit tests under valgrind's memcheck: no error, no leak, in their forked processes neither. TESTS= chooses.
	@$(DEPS_SH) valgrind
	@MAKE='$(MAKE_COMMAND)' tests/run --build '$(BUILD)' --san valgrind -- $(or $(TESTS),'unit/*')

# Tests that compare what they draw with pictures in tests/golden.
GOLDEN := $(patsubst %.c,$(BUILD)/%,$(shell grep -lsE "golden_(check|compare)|check_golden" tests/unit/test_*.c))
golden: $(GOLDEN) ## Draw the pictures in tests/golden anew, after a change that is meant. Then read the difference.
	@for test in $(GOLDEN); do GENERATE=1 "$$test" >/dev/null 2>&1 || { echo "$$test failed" >&2; exit 1; }; done
	@git --no-pager diff --stat -- tests/golden 2>/dev/null || true

# The program and every test program, built and not run.
everything: $(BUILD)/juggler $(patsubst tests/%.c,$(BUILD)/tests/%,$(UNIT_SRCS) $(FAKE_SRCS) $(TUI_SRCS))
# The same, the tests compiled and not linked: all that a compiler has to say.
compiled: $(BUILD)/juggler $(TEST_OBJS)
.PHONY: everything compiled golden valgrind

-include $(TEST_OBJS:.o=.d)
