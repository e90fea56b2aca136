# SPDX-License-Identifier: MIT
# memhint: `make help` lists the targets. No lesson and no test is named here: they are found.

VERSION := 0.1.0
B ?= build
CC ?= cc
CFLAGS ?= -O2 -g
prefix ?= /usr/local
bindir ?= $(prefix)/bin
libdir ?= $(prefix)/lib
includedir ?= $(prefix)/include
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
LESSON_CFLAGS ?= -O3 -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free -ffp-contract=off
# What goes into measured programs has its own flags too, whatever CFLAGS say: it is in every call of malloc that they make.
PRELOAD_CFLAGS ?= -O2 -g
LDLIBS += -ljansson -lm -ldl -pthread

quiet := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V),,@)$(if $(V)$(quiet),,printf '  %-8s %s\n' $(1) '$(2)';)

# src/preload/ goes into measured programs, not into memhint.
preload_c := $(sort $(wildcard src/preload/*.c))
src_c := $(filter-out $(preload_c),$(sort $(wildcard src/*.c src/*/*.c)))
lesson_c := $(sort $(wildcard lessons/*/scenario.c))
lesson_py := $(sort $(wildcard lessons/*/numpy.py))
lesson_names := $(patsubst lessons/%/scenario.c,%,$(lesson_c))
obj := $(src_c:%.c=$(B)/%.o) $(lesson_c:%.c=$(B)/%.o) $(B)/registry.o
# The meter replaces malloc: it is linked on purpose, never picked out of an archive.
meter_obj := $(filter $(B)/src/meter/%.o $(B)/src/worker.o,$(obj))
core_obj := $(filter-out $(meter_obj) $(B)/src/main.o,$(obj))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help demo check lint fuzz bench deps man install uninstall clean

all: $(B)/memhint $(B)/libmemhint-preload.so $(B)/libmemhint-plain.so $(B)/libmemhint.so ## build memhint (the default)

help: ## list the targets
	@grep -hE '^[a-z][a-z_-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z_-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

# ---- objects: a stamp rebuilds them when the flags change ----

flags := $(CC) $(CFLAGS) $(PRELOAD_CFLAGS) $(BASE_CFLAGS) $(ND_CFLAGS) $(LESSON_CFLAGS)
# In `make demo`, `make check` and `make install` nothing is made before what it needs is installed.
deps_first := $(if $(filter demo check install,$(MAKECMDGOALS)),deps)
$(B)/flags: FORCE | $(deps_first)
	@mkdir -p $(@D); printf '%s\n' "$(subst ",\",$(flags))" | cmp -s - $@ || printf '%s\n' "$(subst ",\",$(flags))" > $@
.PHONY: FORCE
FORCE:

$(B)/src/nd/%.o: extra = $(ND_CFLAGS)
# sqrt becomes a vector instruction. Only here: the flag also makes gcc believe that malloc leaves errno alone.
$(B)/src/nd/loops.o: extra = $(ND_CFLAGS) -fno-math-errno
# The loop that the floor comes from must not be slower than theirs.
$(B)/src/meter/bandwidth.o: extra = $(ND_CFLAGS)
$(B)/lessons/%.o: extra = $(LESSON_CFLAGS)
# Where the libraries for measured programs are, if they are not found from where memhint is.
$(B)/src/bench/library.o: extra = -DMEMHINT_LIBDIR='"$(libdir)/memhint"'
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) $(BASE_CFLAGS) $(extra) -c -o $@ $<
$(B)/registry.o: $(B)/registry.c $(B)/flags
	$(call say,CC,$<)$(CC) $(CFLAGS) $(BASE_CFLAGS) -c -o $@ $<

# ---- the registry: one line for each folder of lessons/ ----

$(B)/registry.c: build-aux/registry.sh $(lesson_c) $(lesson_py) src/bench/twin.py $(B)/lessons.list
	$(call say,GEN,$@)sh build-aux/registry.sh $(lesson_names) > $@
$(B)/lessons.list: FORCE
	@mkdir -p $(@D); printf '%s\n' "$(lesson_names) $(lesson_py)" | cmp -s - $@ || printf '%s\n' "$(lesson_names) $(lesson_py)" > $@

# ---- jemalloc: linked in, its malloc names renamed, so that the meter alone is the allocator that others see ----

$(B)/jemalloc.libs: build-aux/jemalloc.sh $(B)/flags
	$(call say,GEN,$@)CC='$(CC)' OBJCOPY='$(OBJCOPY)' sh build-aux/jemalloc.sh $(B) > $@

$(B)/memhint: $(obj) $(B)/jemalloc.libs
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -static-libgcc -o $@.new $(obj) $$(cat $(B)/jemalloc.libs) $(LDLIBS) && mv -f $@.new $@

$(B)/libcore.a: $(core_obj)
	$(call say,AR,$@)rm -f $@; $(AR) rcs $@ $(core_obj)

# ---- what goes into measured programs: the meter, the bystander of plain runs, and the two functions that a program may call ----

preload_flags := -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -Isrc -MMD -MP -pthread $(PRELOAD_CFLAGS) -fPIC -ftls-model=initial-exec -fno-builtin-malloc -fno-semantic-interposition
preload_common := $(addprefix $(B)/src/preload/,attach.o end.o exec.o python.o region.o resident.o symbol.o text.o)
preload_meter := $(addprefix $(B)/src/preload/,caller.o doors.o large.o slot.o under.o)
preload_link = $(CC) $(PRELOAD_CFLAGS) $(LDFLAGS) -shared -static-libgcc -Wl,-Bsymbolic-functions -Wl,-z,defs -Wl,-z,now -Wl,--exclude-libs,ALL -Wl,--as-needed

$(B)/preload.libs: build-aux/preload.sh $(B)/flags
	$(call say,GEN,$@)CC='$(CC)' OBJCOPY='$(OBJCOPY)' AR='$(AR)' sh build-aux/preload.sh $(B)
$(B)/src/preload/%.o: src/preload/%.c $(B)/flags $(B)/preload.libs
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(preload_flags) $$(cat $(B)/preload.cflags) -c -o $@ $<
$(B)/libmemhint-preload.so: $(preload_common) $(preload_meter) $(B)/preload.libs build-aux/preload.map
	$(call say,LD,$@)$(preload_link) -Wl,--version-script=build-aux/preload.map -o $@.new $(preload_common) $(preload_meter) $$(cat $(B)/preload.libs) && mv -f $@.new $@
$(B)/libmemhint-plain.so: $(preload_common) $(B)/src/preload/plain.o build-aux/preload_plain.map
	$(call say,LD,$@)$(preload_link) -Wl,--version-script=build-aux/preload_plain.map -o $@.new $(preload_common) $(B)/src/preload/plain.o && mv -f $@.new $@
$(B)/libmemhint.so: $(B)/src/preload/stubs.o
	$(call say,LD,$@)$(preload_link) -Wl,-soname,libmemhint.so.0 -o $@.new $< && mv -f $@.new $@ && ln -sf libmemhint.so $@.0

# ---- unit tests: one program a module; test_meter*.c are linked with the meter ----

unit_c := $(sort $(wildcard tests/unit/test_*.c))
unit := $(unit_c:%.c=$(B)/%)
$(B)/tests/unit/test_meter%: $(B)/tests/unit/test_meter%.o $(meter_obj) $(B)/libcore.a $(B)/jemalloc.libs
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(meter_obj) $(B)/libcore.a $$(cat $(B)/jemalloc.libs) -lcmocka $(LDLIBS)
$(B)/tests/unit/test_%: $(B)/tests/unit/test_%.o $(B)/libcore.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libcore.a -lcmocka $(LDLIBS)

# ---- fuzzing: what parses and follows programs, with libFuzzer under sanitizers; `make check` replays the corpus ----

FUZZ_CC ?= clang
# Words come from the dictionary, so comparisons need not be traced; with that and plain scheduling three times as many inputs are tried in a second.
FUZZ_CFLAGS ?= -O2 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -fno-sanitize-coverage=trace-cmp
FUZZ_FLAGS ?= -max_len=256 -timeout=10 -entropic=0 -max_total_time=600
fuzz_c := $(sort $(wildcard src/inspect/*.c src/nd/geom*.c src/nd/overlap*.c src/base/*.c src/report/inspect_*.c) src/report/style.c)

$(B)/fuzz/inspect: tests/fuzz/fuzz_inspect.c $(fuzz_c)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)$(FUZZ_CC) -std=gnu11 -D_GNU_SOURCE -DMEMHINT_VERSION='"$(VERSION)"' -Isrc $(FUZZ_CFLAGS) -o $@ $^ -lm
# Without libFuzzer: runs the files that it is given.
$(B)/tests/fuzz/replay: $(B)/tests/fuzz/replay.o $(B)/libcore.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libcore.a $(LDLIBS)
$(B)/tests/fuzz/replay.o: tests/fuzz/fuzz_inspect.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) $(BASE_CFLAGS) -DREPLAY -c -o $@ $<

# ---- manual pages: section 1 by hand, section 7 from each lesson's text, and again under its id ----

man1 := $(sort $(wildcard man/*.1))
lesson_id = $(shell sed -n 's/^\t\.id = "\(.*\)",/\1/p' lessons/$(1)/scenario.c | head -n 1)
man7 := $(lesson_names:%=$(B)/man/memhint-%.7)

man: $(man7) ## make the manual pages of the lessons
$(B)/man/memhint-%.7: lessons/%/lesson.md build-aux/manpage.sh | $(deps_first)
	@mkdir -p $(@D)
	$(call say,MAN,$@)LOWDOWN='$(LOWDOWN)' sh build-aux/manpage.sh $< $* $(VERSION) > $@

# ---- the two commands, and what they need ----

deps:
	@CC='$(CC)' sh build-aux/deps.sh $(firstword $(filter check install,$(MAKECMDGOALS)) build)

demo: all ## install what is missing, build, and measure all lessons
	@$(B)/memhint compare --all
	@echo 'next: $(B)/memhint run pattern3'

check: all $(unit) ## install what tests need, build, and run all tests
	@B='$(B)' CC='$(CC)' sh build-aux/check.sh $(unit)

lint: ## shellcheck, cppcheck and clang-tidy, as far as they are installed
	@B='$(B)' sh build-aux/lint.sh

fuzz: $(B)/fuzz/inspect ## look for programs that crash inspect (clang; FUZZ_FLAGS are libFuzzer's)
	@mkdir -p $(B)/fuzz/found
	cd $(B)/fuzz && $(CURDIR)/$(B)/fuzz/inspect -dict=$(CURDIR)/tests/fuzz/words.dict $(FUZZ_FLAGS) found $(CURDIR)/tests/fuzz/corpus/inspect

bench: all ## benchmarks by hand: no test depends on their times
	@B='$(B)' sh tests/bench/run.sh

# ---- installing ----

install: all man ## install to $(DESTDIR)$(prefix)
	install -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(mandir)/man1' '$(DESTDIR)$(mandir)/man7' '$(DESTDIR)$(datadir)/memhint' \
		'$(DESTDIR)$(datadir)/bash-completion/completions' '$(DESTDIR)$(datadir)/zsh/site-functions' '$(DESTDIR)$(datadir)/fish/vendor_completions.d'
	install -m 755 $(B)/memhint '$(DESTDIR)$(bindir)/memhint'
	install -m 644 $(man1) '$(DESTDIR)$(mandir)/man1'
	install -m 644 $(man7) '$(DESTDIR)$(mandir)/man7'
	umask 022; $(foreach name,$(lesson_names),printf '.so man7/memhint-$(name).7\n' > '$(DESTDIR)$(mandir)/man7/memhint-$(call lesson_id,$(name)).7' &&) :
	install -d '$(DESTDIR)$(libdir)/memhint' '$(DESTDIR)$(libdir)/pkgconfig' '$(DESTDIR)$(includedir)' '$(DESTDIR)$(datadir)/memhint/python'
	install -m 755 $(B)/libmemhint-preload.so $(B)/libmemhint-plain.so '$(DESTDIR)$(libdir)/memhint'
	install -m 755 $(B)/libmemhint.so '$(DESTDIR)$(libdir)/libmemhint.so.0'
	ln -sf libmemhint.so.0 '$(DESTDIR)$(libdir)/libmemhint.so'
	install -m 644 include/memhint.h '$(DESTDIR)$(includedir)/memhint.h'
	install -m 644 python/memhint.py '$(DESTDIR)$(datadir)/memhint/python/memhint.py'
	umask 022; sed -e 's,@prefix@,$(prefix),; s,@libdir@,$(libdir),; s,@includedir@,$(includedir),; s,@version@,$(VERSION),' build-aux/memhint.pc.in \
		> '$(DESTDIR)$(libdir)/pkgconfig/memhint.pc' && chmod 644 '$(DESTDIR)$(libdir)/pkgconfig/memhint.pc'
	install -m 644 src/report/memhint.schema.json '$(DESTDIR)$(datadir)/memhint/memhint.schema.json'
	install -m 644 src/report/memhint-inspect.schema.json '$(DESTDIR)$(datadir)/memhint/memhint-inspect.schema.json'
	install -m 644 completions/memhint.bash '$(DESTDIR)$(datadir)/bash-completion/completions/memhint'
	install -m 644 completions/_memhint '$(DESTDIR)$(datadir)/zsh/site-functions/_memhint'
	install -m 644 completions/memhint.fish '$(DESTDIR)$(datadir)/fish/vendor_completions.d/memhint.fish'

uninstall: ## remove what install put there
	rm -f '$(DESTDIR)$(bindir)/memhint' $(man1:man/%='$(DESTDIR)$(mandir)/man1/%') $(lesson_names:%='$(DESTDIR)$(mandir)/man7/memhint-%.7') \
		$(foreach name,$(lesson_names),'$(DESTDIR)$(mandir)/man7/memhint-$(call lesson_id,$(name)).7') \
		'$(DESTDIR)$(datadir)/bash-completion/completions/memhint' '$(DESTDIR)$(datadir)/zsh/site-functions/_memhint' \
		'$(DESTDIR)$(datadir)/fish/vendor_completions.d/memhint.fish' '$(DESTDIR)$(datadir)/memhint/memhint.schema.json' \
		'$(DESTDIR)$(datadir)/memhint/memhint-inspect.schema.json' \
		'$(DESTDIR)$(libdir)/memhint/libmemhint-preload.so' '$(DESTDIR)$(libdir)/memhint/libmemhint-plain.so' '$(DESTDIR)$(libdir)/libmemhint.so.0' \
		'$(DESTDIR)$(libdir)/libmemhint.so' '$(DESTDIR)$(includedir)/memhint.h' '$(DESTDIR)$(libdir)/pkgconfig/memhint.pc' \
		'$(DESTDIR)$(datadir)/memhint/python/memhint.py'
	-rmdir '$(DESTDIR)$(datadir)/memhint/python' '$(DESTDIR)$(datadir)/memhint' '$(DESTDIR)$(libdir)/memhint' 2>/dev/null

clean: ## remove what was built
	rm -rf '$(B)'

-include $(wildcard $(B)/*.d $(B)/src/*.d $(B)/src/*/*.d $(B)/lessons/*/*.d $(B)/tests/unit/*.d $(B)/tests/fuzz/*.d)
