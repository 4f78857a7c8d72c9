# mk/fuzz.mk - the fuzz targets: a file tests/fuzz/fuzz_NAME.c each, with libFuzzer under ASan and UBSan. Only clang brings libFuzzer.
#
# They link what they use out of the rooms in FUZZ_OBJS: whatever reads what others wrote, and what that needs.

FUZZ_SRCS := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_NAMES := $(FUZZ_SRCS:tests/fuzz/fuzz_%.c=%)
FUZZ_ROOMS := base board jobs engine record report measure compare
FUZZ_OBJS := $(filter $(FUZZ_ROOMS:%=$(BUILD)/obj/src/%/%),$(OBJS)) \
	$(filter $(BUILD)/obj/src/cli/options% $(BUILD)/obj/src/cli/settings.o $(BUILD)/obj/ui/theme.o,$(OBJS))
FUZZ_SECONDS ?= 3600

$(BUILD)/libfuzzed.a: $(FUZZ_OBJS) $(BUILD)/objects.stamp
	@rm -f $@
	$(Q)$(AR) rcs $@ $(FUZZ_OBJS)
$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/libfuzzed.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK_FLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/libfuzzed.a $(LIBS)

fuzz-targets: $(FUZZ_NAMES:%=$(BUILD)/fuzz_%)
.SECONDARY: $(FUZZ_SRCS:%.c=$(BUILD)/obj/%.o)

# fuzz-short comes to the same end whenever it looks at the same program (tests/fuzz/run says how), so that what it finds is never a matter of
# chance: make fuzz is what looks further. CI does that for a minute, with all targets side by side (FUZZ_AT_ONCE=), as it has 20 in all.
fuzz: ## Look for inputs nobody thought of: an hour each (FUZZ_SECONDS=), TARGETS="urls board" only those. Needs clang.
fuzz-short: ## The corpus, and some thousand inputs made from it by a fixed seed: the same ones each time. A minute.
fuzz fuzz-short:
	@$(DEPS_SH) fuzz
	@$(MAKE) $(SUBFLAGS) CC='$(if $(findstring clang,$(CC)),$(CC),clang)' SAN=address BUILD=build/fuzz fuzz-targets
	@tests/fuzz/run --build build/fuzz $(if $(filter fuzz-short,$@),--short,--seconds '$(FUZZ_SECONDS)' $(FUZZ_AT_ONCE:%=--at-once %)) -- $(or $(TARGETS),$(FUZZ_NAMES))

.PHONY: fuzz fuzz-short fuzz-targets
-include $(FUZZ_SRCS:%.c=$(BUILD)/obj/%.d)
