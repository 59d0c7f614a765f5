# TraceTrack. `make` builds, `make check` proves, `make demo` shows. Objects go to $(B).
# Each folder of src/ is one archive; an archive may use those to its right in LAYERS only.

VERSION := 0.1.0
prefix ?= /usr/local
bindir = $(prefix)/bin
mandir = $(prefix)/share/man
sharedir = $(prefix)/share
datadir = $(sharedir)/tracetrack
sysconfdir ?= /etc

B ?= build
CC ?= cc
PKGS := ncursesw libpq libserialport libudev jansson libuv sqlite3 libsodium liboath libqrencode
# What only printing needs; the stations load none of it but GLib, for the site's time zone.
PAPER_PKGS := pangocairo cairo-pdf
ZONE_PKGS := glib-2.0
WARN := -Wall -Wextra -Wshadow -Wconversion -Werror
OPT ?= -O2 -g
# System headers come in by -isystem so that their own warnings stay theirs.
CPPFLAGS += -Iinclude -I$(B) -D_GNU_SOURCE -DTT_VERSION='"$(VERSION)"' \
	$(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS) $(PAPER_PKGS) 2>/dev/null))
CFLAGS += -std=c11 $(OPT) $(WARN) $(SAN) -fstack-protector-strong
LDFLAGS += $(SAN)
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm
ZONE_LIBS := $(shell pkg-config --libs $(ZONE_PKGS) 2>/dev/null)
PAPER_LIBS := $(shell pkg-config --libs $(PAPER_PKGS) 2>/dev/null)

LAYERS := tui model core db dev paper base
archive = $(B)/libtt_$(1).a
ARCHIVES := $(foreach l,$(LAYERS),$(call archive,$(l)))
PROGRAMS := $(B)/tracetrack $(B)/tracetrackctl $(B)/tracetrack-stress
# What each program and test may link: the dependency direction, once more, for the linker.
CORE_LIBS := $(foreach l,core db base,$(call archive,$(l)))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2);)

all: $(PROGRAMS)

define layer_rules
$(1)_OBJS := $$(patsubst %.c,$(B)/%.o,$$(wildcard src/$(1)/*.c))
$(B)/libtt_$(1).a: $$($(1)_OBJS)
	$$(call say,AR,$$@)rm -f $$@; ar rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rules,$(l))))
$(B)/libtt_core.a: $(B)/sql_files.o
$(B)/libtt_core.a: core_OBJS += $(B)/sql_files.o

STATION_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard src/station/*.c))
CTL_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard src/ctl/*.c))
STRESS_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard stress/*.c))

$(B)/tracetrack: $(STATION_OBJS) $(ARCHIVES)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(ZONE_LIBS)
$(B)/tracetrackctl: $(CTL_OBJS) $(call archive,paper) $(CORE_LIBS)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(PAPER_LIBS)

$(B)/tracetrack-stress: $(STRESS_OBJS) $(B)/stress_meet.o $(foreach l,tui model core db base,$(call archive,$(l)))
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/%.o: %.c
	$(call say,CC,$<)mkdir -p $(@D); $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The migrations travel inside tracetrackctl.
$(B)/sql_files.c: contrib/embed-sql $(wildcard sql/*.sql sql/api/*.sql)
	$(call say,GEN,$@)mkdir -p $(@D); contrib/embed-sql > $@.tmp; mv $@.tmp $@
# And what the hosts of a load run meet in, inside tracetrack-stress.
$(B)/stress_meet.c: contrib/embed-sql stress/meet.sql
	$(call say,GEN,$@)mkdir -p $(@D); contrib/embed-sql stress_meet_sql stress/meet.sql > $@.tmp; mv $@.tmp $@
$(B)/sql_files.o $(B)/stress_meet.o: $(B)/%.o: $(B)/%.c
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Tests. A unit test is one file tests/unit/LAYER_WHAT.c, linked with that layer's archives only.
libs_base := base
libs_db := db base
libs_dev := dev base
libs_paper := paper base
libs_core := core db base
libs_model := model core db base
libs_tui := tui model core db dev paper base
# Of the faces only what is pure.
libs_station := base
also_station_line := $(B)/src/station/line.o
libs_stress := core db base
also_stress_parts := $(foreach o,answer value record record_json profile,$(B)/stress/$(o).o)
also_stress_host := $(B)/stress/host.o
also_stress_course := $(foreach o,course host profile,$(B)/stress/$(o).o)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*_*.c))
.SECONDEXPANSION:
$(B)/tests/unit/%: $(B)/tests/unit/%.o $$(also_$$*) $$(foreach l,$$(libs_$$(firstword $$(subst _, ,$$*))),$(B)/libtt_$$(l).a)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(if $(filter paper_%,$*),$(PAPER_LIBS)) $(if $(filter tui_%,$*),$(ZONE_LIBS)) -lcmocka

TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(wildcard tests/tools/*.c))
$(B)/tests/tools/%: $(B)/tests/tools/%.o $(CORE_LIBS)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

BENCH_TOOLS := $(patsubst tests/bench/%.c,$(B)/tests/bench/%,$(wildcard tests/bench/*.c))
$(B)/tests/bench/%: $(B)/tests/bench/%.o $(CORE_LIBS)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

DEV_TOOLS := $(patsubst tests/dev/%.c,$(B)/tests/dev/%,$(wildcard tests/dev/*.c))
$(B)/tests/dev/%: $(B)/tests/dev/%.o $(call archive,dev) $(call archive,base)
	$(call say,LD,$@)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

tests: $(UNIT_TESTS) $(TOOLS) $(BENCH_TOOLS) $(DEV_TOOLS) $(B)/manual-tables

-include Makefile.checks

install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man7
	install -m 755 $(PROGRAMS) $(DESTDIR)$(bindir)
	install -d $(DESTDIR)$(datadir)/profiles $(DESTDIR)$(datadir)/gates
	install -m 644 stress/profiles/*.json $(DESTDIR)$(datadir)/profiles
	install -m 644 stress/gates/*.json $(DESTDIR)$(datadir)/gates
	install -d $(DESTDIR)$(sharedir)/bash-completion/completions \
		$(DESTDIR)$(sharedir)/zsh/site-functions $(DESTDIR)$(sharedir)/fish/vendor_completions.d
	$(B)/tracetrackctl completion bash \
		> $(DESTDIR)$(sharedir)/bash-completion/completions/tracetrackctl
	$(B)/tracetrackctl completion zsh > $(DESTDIR)$(sharedir)/zsh/site-functions/_tracetrackctl
	$(B)/tracetrackctl completion fish \
		> $(DESTDIR)$(sharedir)/fish/vendor_completions.d/tracetrackctl.fish
	for s in 1 5 7; do for p in man/*.$$s; do [ ! -e "$$p" ] || \
		install -m 644 "$$p" $(DESTDIR)$(mandir)/man$$s; done; done

clean:
	rm -rf $(B)

.PHONY: all install clean tests
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
