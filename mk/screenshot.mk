# mk/screenshot.mk - the pictures in docs/: frames of the dashboard's own, taken while it works (tests/tools/screenshot.c).

SHOT_OBJ := $(BUILD)/obj/tests/tools/screenshot.o

$(BUILD)/screenshot: $(SHOT_OBJ) $(BUILD)/libwhole.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LINK_FLAGS) -o $@ $(SHOT_OBJ) $(BUILD)/libwhole.a $(LIBS)

# A sequential run first, so that the others have something to be compared with.
screenshots: $(BUILD)/screenshot ## Make the pictures in docs/ anew. Takes a minute; best on a machine that does nothing else.
	$(BUILD)/screenshot docs/dashboard.svg 120x36 dark with=sequential tab with=sequential end with=process-pool:4 end \
		tab end with=thread-pool:10 end tab with=process-pool:4 tab with=thread-pool:10 2.6
	$(BUILD)/screenshot docs/projector.svg 80x24 light start 2.6
	$(BUILD)/screenshot docs/juggler.svg 100x30 dark start 2.4 j 0.3
	$(BUILD)/screenshot docs/timeline.svg 100x24 dark with=thread-batch:10 end with=thread-pool:10 end =

screenshot: screenshots
.PHONY: screenshot screenshots
-include $(SHOT_OBJ:.o=.d)
