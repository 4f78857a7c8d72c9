# juggler's build. `make help` lists the targets.
CC ?= cc
PKGS := libcurl gmp ncursesw libmicrohttpd jansson
STRICT := -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
CPPFLAGS += -Iinclude -Isrc -I. -D_GNU_SOURCE
CFLAGS ?= -O2 -g
BUILD ?= build

SRCS := $(wildcard src/*/*.c ui/*.c)
OBJS := $(SRCS:%.c=$(BUILD)/obj/%.o)
LIBS = $(shell pkg-config --libs $(PKGS)) -lprimesieve -pthread

all: $(BUILD)/juggler

$(BUILD)/juggler: $(OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJS) $(LIBS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(STRICT) -MMD -MP -pthread -c -o $@ $<

-include $(OBJS:.o=.d)

clean:
	rm -rf $(BUILD)

.PHONY: all clean
