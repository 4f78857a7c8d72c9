# mk/soak.mk - the program at work for an hour, while its workers are killed.

soak: ## Work for SOAK_SECONDS=3600 with a kill every KILL_EVERY=2 seconds; a line a minute, and a verdict.
	@$(MAKE) $(SUBFLAGS) all
	@JUGGLER='$(abspath $(BUILD)/juggler)' python3 tests/faults/soak.py --seconds $(or $(SOAK_SECONDS),3600) --kill-every $(or $(KILL_EVERY),2)
.PHONY: soak
