# mk/program.mk - the program: every src/*/*.c and ui/*.c is part of it, main() is in src/cli/main.c.

SRCS := $(wildcard src/*/*.c ui/*.c)
OBJS := $(SRCS:%.c=$(BUILD)/obj/%.o)
DATA_DIR_OBJ := $(BUILD)/obj/src/cli/data_dir.o

$(BUILD)/juggler: $(OBJS) $(BUILD)/objects.stamp
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK_FLAGS) -o $@ $(OBJS) $(LIBS)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags.stamp
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(COMPILE_FLAGS) $(EXTRA_FLAGS) -MMD -MP -c -o $@ $<

# A source that was removed leaves the program, too.
$(BUILD)/objects.stamp: export STAMP = $(OBJS)
$(BUILD)/objects.stamp: FORCE
	$(write_stamp)

# Where the installed program looks for its data. DESTDIR is where files are put meanwhile, and no part of it.
$(DATA_DIR_OBJ): EXTRA_FLAGS = -DJUGGLER_DATADIR='"$(PREFIX)/share/juggler"'
$(DATA_DIR_OBJ): $(BUILD)/prefix.stamp
$(BUILD)/prefix.stamp: export STAMP = $(PREFIX)
$(BUILD)/prefix.stamp: FORCE
	$(write_stamp)

# Sanitizers and coverage write reports, from any process, when it ends: workers are let.
$(BUILD)/obj/src/engine/call_filter.o: EXTRA_FLAGS = $(if $(SAN),-DJUGGLER_INSTRUMENTED)

-include $(OBJS:.o=.d)
