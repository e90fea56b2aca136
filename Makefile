# SPDX-License-Identifier: MIT
# memhint: `make help` lists the targets. No lesson and no test is named here: they are found.

VERSION := 0.1.0
B ?= build
CC ?= cc
CFLAGS ?= -O2 -g
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
DESTDIR ?=
LOWDOWN ?= lowdown
OBJCOPY ?= objcopy

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
BASE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DMEMHINT_VERSION='"$(VERSION)"' $(WARNINGS) -Isrc -I$(B) -MMD -MP -pthread
# The loops of nd are what the lessons time: they keep their own optimisation whatever CFLAGS say.
ND_CFLAGS ?= -O3 -ffp-contract=off
# A scenario is a specimen. gcc may delete a malloc+write+free that nobody reads; these flags forbid it.
LESSON_CFLAGS ?= -O2 -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free -ffp-contract=off
LDLIBS += -ljansson -lm -ldl -pthread

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) '$(2)';)

src_c := $(sort $(wildcard src/*.c src/*/*.c))
lesson_c := $(sort $(wildcard lessons/*/scenario.c))
lesson_names := $(patsubst lessons/%/scenario.c,%,$(lesson_c))
obj := $(src_c:%.c=$(B)/%.o) $(lesson_c:%.c=$(B)/%.o) $(B)/registry.o
# The meter replaces malloc: it is linked on purpose, never picked out of an archive.
meter_obj := $(filter $(B)/src/meter/%.o $(B)/src/worker.o,$(obj))
core_obj := $(filter-out $(meter_obj) $(B)/src/main.o,$(obj))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help

all: $(B)/memhint ## build memhint (the default)

help: ## list the targets
	@grep -hE '^[a-z][a-z_-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z_-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# ---- objects: a stamp rebuilds them when the flags change ----

flags := $(CC) $(CFLAGS) $(BASE_CFLAGS) $(ND_CFLAGS) $(LESSON_CFLAGS)
# In `make demo` and `make check` nothing is compiled before what it needs is installed.
$(B)/flags: FORCE | $(if $(filter demo check,$(MAKECMDGOALS)),deps)
	@mkdir -p $(@D); printf '%s\n' "$(subst ",\",$(flags))" | cmp -s - $@ || printf '%s\n' "$(subst ",\",$(flags))" > $@
.PHONY: FORCE
FORCE:

$(B)/src/nd/%.o: extra = $(ND_CFLAGS)
$(B)/lessons/%.o: extra = $(LESSON_CFLAGS)
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) $(BASE_CFLAGS) $(extra) -c -o $@ $<
$(B)/registry.o: $(B)/registry.c $(B)/flags
	$(call say,CC,$<)$(CC) $(CFLAGS) $(BASE_CFLAGS) -c -o $@ $<

# ---- the registry: one line for each folder of lessons/ ----

$(B)/registry.c: build-aux/registry.sh $(lesson_c) $(B)/lessons.list
	$(call say,GEN,$@)sh build-aux/registry.sh $(lesson_names) > $@
$(B)/lessons.list: FORCE
	@mkdir -p $(@D); printf '%s\n' "$(lesson_names)" | cmp -s - $@ || printf '%s\n' "$(lesson_names)" > $@

# ---- jemalloc: linked in, its malloc names renamed, so that the meter alone is the allocator that others see ----

$(B)/jemalloc.libs: build-aux/jemalloc.sh $(B)/flags
	$(call say,GEN,$@)CC='$(CC)' OBJCOPY='$(OBJCOPY)' sh build-aux/jemalloc.sh $(B) > $@

$(B)/memhint: $(obj) $(B)/jemalloc.libs
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(obj) $$(cat $(B)/jemalloc.libs) $(LDLIBS)

$(B)/libcore.a: $(core_obj)
	$(call say,AR,$@)rm -f $@; $(AR) rcs $@ $(core_obj)

# ---- unit tests: one program a module; test_meter*.c are linked with the meter ----

unit_c := $(sort $(wildcard tests/unit/test_*.c))
unit := $(unit_c:%.c=$(B)/%)
$(B)/tests/unit/test_meter%: $(B)/tests/unit/test_meter%.o $(meter_obj) $(B)/libcore.a $(B)/jemalloc.libs
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(meter_obj) $(B)/libcore.a $$(cat $(B)/jemalloc.libs) -lcmocka $(LDLIBS)
$(B)/tests/unit/test_%: $(B)/tests/unit/test_%.o $(B)/libcore.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libcore.a -lcmocka $(LDLIBS)

-include $(wildcard $(B)/*.d $(B)/src/*.d $(B)/src/*/*.d $(B)/lessons/*/*.d $(B)/tests/unit/*.d)
