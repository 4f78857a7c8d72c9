# mk/install.mk - make install PREFIX=/usr/local DESTDIR=

BIN_DIR = $(DESTDIR)$(PREFIX)/bin
DATA_DIR = $(DESTDIR)$(PREFIX)/share/juggler
MAN_DIR = $(DESTDIR)$(PREFIX)/share/man/man1
BASH_DIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_DIR = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
FISH_DIR = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
DATA_FILES = $(shell cd sample-data && find . -type f ! -name '*.[ch]' ! -name '*.md' ! -name '*.py' ! -path '*/__pycache__/*')

# $(call install_file,MODE,FILE,TARGET): FILE, where the tree has it.
install_file = $(if $(wildcard $2),@install -D -m $1 $2 '$3')

install: all ## Install program, man page, completions and sample data under PREFIX (/usr/local), inside DESTDIR.
	@case '$(PREFIX)' in /*) ;; *) echo 'PREFIX must be an absolute path, not "$(PREFIX)"' >&2; exit 2;; esac
	@install -D -m 755 $(BUILD)/juggler '$(BIN_DIR)/juggler'
	$(call install_file,644,docs/juggler.1,$(MAN_DIR)/juggler.1)
	$(call install_file,644,docs/completions/juggler.bash,$(BASH_DIR)/juggler)
	$(call install_file,644,docs/completions/_juggler,$(ZSH_DIR)/_juggler)
	$(call install_file,644,docs/completions/juggler.fish,$(FISH_DIR)/juggler.fish)
	@for file in $(DATA_FILES); do install -D -m 644 "sample-data/$$file" '$(DATA_DIR)'/"$$file" || exit; done
	@echo 'juggler is installed: $(BIN_DIR)/juggler'

uninstall: ## Remove what make install put there, given the same PREFIX and DESTDIR.
	rm -f '$(BIN_DIR)/juggler' '$(MAN_DIR)/juggler.1' '$(BASH_DIR)/juggler' '$(ZSH_DIR)/_juggler' '$(FISH_DIR)/juggler.fish'
	rm -rf '$(DATA_DIR)'

.PHONY: install uninstall
