# mk/trials.mk - what curl, wget, aria2c and juggler do with servers that misbehave.

trials: ## Try curl, wget, aria2c (where installed) and juggler against misbehaving servers on loopback; prints a table. Half a minute.
	@$(MAKE) $(SUBFLAGS) all
	@python3 tests/bench/trials.py --juggler '$(BUILD)/juggler' $(ARGS)
.PHONY: trials
