# traffic-capture: one file, not recursive.  `make help` lists the targets.

VERSION = 0.2.0

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=

CC ?= cc
# WERROR=1 is how the project checks itself: another compiler's opinion must not
# keep anybody from building.
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 $(if $(WERROR),-Werror)
# What sanitizers print names lines, not variables: so it takes half the time.
ifdef SANITIZE
OPT ?= -O1 -g1
endif
OPT ?= -O2 -g
# Those that this compiler has for this processor.
HARDEN := -fstack-protector-strong -fPIE $(foreach flag, \
	-fstack-clash-protection -fcf-protection, $(shell \
	$(CC) -Werror $(flag) -fsyntax-only -x c /dev/null 2>/dev/null && \
	echo $(flag)))
# What a packager or a user says comes last and wins.
CPPFLAGS_ALL = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc $(FORTIFY) \
	$(CPPFLAGS)
CFLAGS_ALL = -std=c11 $(OPT) $(HARDEN) $(WARNINGS) $(SANITIZERS) $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,--as-needed,-z,relro,-z,now $(SANITIZERS) $(LDFLAGS)
LIBS = -lcurl -lssh2 -lnetsnmp -lconfig -ljansson -lcares -lssl -lcrypto \
	-lsystemd -lxml2 -lcsv -lsqlite3 -laio
# Its headers are in a folder of their own, for the one file that needs them.
XML_FLAGS = $(shell pkg-config --cflags libxml-2.0 2>/dev/null || \
	echo -I/usr/include/libxml2)
# Only what compares captures has it, and what makes them.
PCAP_LIBS = -lpcap -lm
LAB_LIBS = -lmicrohttpd -lssh -lgnutls
CHECK_LIBS = -lssh -lmicrohttpd -lgnutls -lcheck -lsubunit -lm -lrt -lpthread

# make SANITIZE=address,undefined builds a second tree beside the normal one.
ifdef SANITIZE
VARIANT = sanitize-$(subst $(comma),-,$(SANITIZE))
BIN = build/$(VARIANT)/bin
SANITIZERS = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
else
VARIANT = normal
BIN = bin
# Twice with two values is a warning, and so is no optimization.
ifeq ($(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS))$(filter -O0, \
	$(OPT) $(CFLAGS)),)
FORTIFY = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
endif
comma := ,
OBJ = build/$(VARIANT)

# Debian packages: of the build (the lab's too), of the demo, of make check.
BUILD_PACKAGES = libc6-dev libcurl4-openssl-dev libssh2-1-dev libsnmp-dev \
	libconfig-dev libjansson-dev libc-ares-dev libssl-dev libpcap-dev \
	libsystemd-dev libxml2-dev libcsv-dev libsqlite3-dev libaio-dev \
	libmicrohttpd-dev libgnutls28-dev libssh-dev
DEMO_PACKAGES = tcpdump snmpd iproute2 nftables util-linux procps
CHECK_PACKAGES = check libsubunit-dev ca-certificates openssh-server \
	openssh-client clang libclang-rt-dev lld clang-format mandoc \
	valgrind shellcheck jq curl openssl gnutls-bin sqlite3 python3 snmp
# One of each, for a word of advice where they are missing.
BUILD_HEADERS = curl/curl.h libssh2.h net-snmp/net-snmp-config.h libconfig.h \
	jansson.h ares.h openssl/evp.h pcap.h systemd/sd-daemon.h \
	libxml/xmlwriter.h csv.h sqlite3.h libaio.h \
	microhttpd.h gnutls/gnutls.h libssh/libssh.h

PROGRAMS = $(BIN)/traffic-capture $(BIN)/traffic-capture-agent \
	$(BIN)/traffic-capture-compare $(BIN)/traffic-capture-splitter \
	$(BIN)/traffic-capture-lab

lib_src := $(sort $(filter-out src/cmd/%,$(wildcard src/*/*.c)))
lab_src := $(sort $(wildcard tests/lab/*.c))
unit_src := $(sort $(wildcard tests/unit/check_*.c))
rig_src := $(sort $(filter-out $(unit_src),$(wildcard tests/unit/*.c)) \
	tests/lab/sftp_hello.c)
stand_in_src := $(sort $(wildcard tests/unit/*/*.c))
cmd_src := $(sort $(wildcard src/cmd/*.c))
peer_src := $(sort $(wildcard tests/peers/*.c))

lib_obj := $(lib_src:%.c=$(OBJ)/%.o)
lab_obj := $(lab_src:%.c=$(OBJ)/%.o)
rig_obj := $(rig_src:%.c=$(OBJ)/%.o)
units := $(unit_src:tests/unit/%.c=$(OBJ)/unit/%)
deps_files := $(patsubst %.c,$(OBJ)/%.d,$(lib_src) $(lab_src) $(unit_src) \
	$(rig_src) $(stand_in_src) $(cmd_src) $(peer_src))

.PHONY: all
all: $(PROGRAMS) completions

$(OBJ)/headers-found:
	@mkdir -p $(@D)
	@printf '#include <%s>\n' stdlib.h $(BUILD_HEADERS) | \
		$(CC) -D_GNU_SOURCE $(XML_FLAGS) -fsyntax-only -x c - || \
		{ echo 'Headers are missing: run "make deps"' >&2; exit 1; }
	@touch $@

$(OBJ)/%.o: %.c Makefile | $(OBJ)/headers-found
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(OBJ)/src/report/html.o $(OBJ)/tests/unit/page_rig.o: \
	CPPFLAGS_ALL += $(XML_FLAGS)

# Who knows where the installation is: made anew when it is to be elsewhere.
places = BINDIR='"$(BINDIR)"' ETCDIR='"$(ETCDIR)"' \
	LIBEXECDIR='"$(LIBEXECDIR)"'
placed = $(addprefix $(OBJ)/,src/campaign/comparison.o \
	src/agent/shared_capture.o \
	src/cmd/campaign_options.o src/cmd/traffic_capture_agent.o \
	tests/unit/check_comparisons.o)
$(placed): CPPFLAGS_ALL += $(places:%=-D%)
$(placed): $(OBJ)/places

.PHONY: places
$(OBJ)/places: places
	@mkdir -p $(@D)
	@echo "$(places)" | cmp -s - $@ || echo "$(places)" >$@

$(OBJ)/libtraffic-capture.a: $(lib_obj)
	@rm -f $@
	$(AR) rcs $@ $^

options_obj = $(addprefix $(OBJ)/src/cmd/,options.o option_table.o \
	program_options.o)

$(BIN)/traffic-capture: $(OBJ)/src/cmd/traffic_capture.o \
		$(OBJ)/src/cmd/campaign_options.o \
		$(OBJ)/src/cmd/campaign_source.o \
		$(OBJ)/src/cmd/show_run.o $(OBJ)/src/cmd/show_history.o \
		$(options_obj) \
		$(OBJ)/src/cmd/process.o $(OBJ)/src/cmd/rejudge.o \
		$(OBJ)/src/cmd/probe_run.o $(OBJ)/src/cmd/enroll_run.o \
		$(OBJ)/src/cmd/first_conf.o $(OBJ)/src/cmd/finish_hook.o \
		$(OBJ)/src/cmd/rebuild_history.o $(OBJ)/src/cmd/merge_run.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BIN)/traffic-capture-agent: $(OBJ)/src/cmd/traffic_capture_agent.o \
		$(options_obj) $(OBJ)/src/cmd/process.o \
		$(OBJ)/src/cmd/first_conf.o $(OBJ)/src/cmd/ask_agent.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BIN)/traffic-capture-compare: $(OBJ)/src/cmd/traffic_capture_compare.o \
		$(OBJ)/src/cmd/compare_options.o $(OBJ)/src/cmd/confine.o \
		$(OBJ)/src/cmd/same_file.o \
		$(options_obj) $(OBJ)/src/cmd/process.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(PCAP_LIBS)

$(BIN)/traffic-capture-splitter: $(OBJ)/src/cmd/traffic_capture_splitter.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS) $(PCAP_LIBS)

$(BIN)/traffic-capture-lab: $(lab_obj) $(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LAB_LIBS) $(LIBS)

# Of hundreds of programs: a linker that takes a third of the time, if there.
QUICK_LINK := $(shell command -v ld.lld >/dev/null && echo -fuse-ld=lld)

$(units): $(OBJ)/unit/%: $(OBJ)/tests/unit/%.o $(rig_obj) \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) $(QUICK_LINK) -o $@ \
		$(filter %.o,$^) $(filter %.a,$^) \
		$(CHECK_LIBS) $(LIBS) $(PCAP_LIBS)

# What stands in for modules of src/ in which units, from tests/unit: linked
# before the library, whose own module is then left out.
unit = $(1:%=$(OBJ)/unit/check_%)
with = $(1:%=$(OBJ)/tests/unit/%.o)
fakes = rig/stage rig/rows rig/fake_agent rig/fake_device rig/fake_net \
	rig/fake_resolve rig/fake_rest rig/fake_server rig/fake_sftp \
	rig/fake_sync rig/fake_disk_sync \
	rig/fake_verify rig/old_mark
campaign_rig = rig/rig rig/killed rig/trouble $(fakes)

$(call unit,campaign_after campaign_agent campaign_alarm campaign_cost \
	campaign_disk campaign_down campaign_end campaign_file campaign_info \
	campaign_key campaign_killed campaign_life campaign_lives \
	campaign_moments campaign_net campaign_old_agent campaign_recover \
	campaign_share campaign_skip campaign_soak campaign_summary \
	campaign_trouble campaign_vanished inbox): \
	$(call with,$(campaign_rig))
$(call unit,aftermath alarms cli earlier ending event_notes fetch heartbeat \
	ledger probes reach server_host status switching talk visit visits \
	waiting): \
	$(call with,rig/bench $(fakes))
$(call unit,journal line_file file_sync): $(call with,rig/fake_disk_sync)
$(call unit,retrieval): \
	$(call with,rig/fake_device rig/fake_server rig/fake_sftp \
	rig/fake_sync rig/fake_disk_sync)
$(call unit,session session_info session_keep lease registration \
	verification): \
	$(call with,session/world)

.PHONY: units
units: $(units)

# What stands in for version 1.0.6 in the tests: its agent and its campaign.
# Either takes what it needs of the modules that both share.  And a bad network.
$(OBJ)/libpeers.a: $(patsubst %.c,$(OBJ)/%.o,$(filter-out \
		tests/peers/old_agent.c tests/peers/old_campaign.c \
		tests/peers/liar.c tests/peers/udp_proxy.c,$(peer_src))) \
		$(OBJ)/tests/unit/rig/old_mark.o
	@rm -f $@
	$(AR) rcs $@ $^

peers = $(OBJ)/peers/old_agent $(OBJ)/peers/old_campaign \
	$(OBJ)/peers/liar $(OBJ)/peers/udp_proxy
$(peers): $(OBJ)/peers/%: $(OBJ)/tests/peers/%.o $(OBJ)/libpeers.a \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -ljansson -lcrypto

.PHONY: peers
peers: $(peers)

# What talks and what delays while packets are truly lost, in tests/loss.
loss_src := $(sort $(wildcard tests/loss/*.c))
loss = $(loss_src:tests/loss/%.c=$(OBJ)/loss/%)
deps_files += $(loss_src:%.c=$(OBJ)/%.d)
$(loss): $(OBJ)/loss/%: $(OBJ)/tests/loss/%.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^

.PHONY: loss-programs
loss-programs: $(loss)

# Three hosts and a router that drops: where does the report say it was?
.PHONY: loss
loss: all $(loss)
	@OBJ=$(OBJ) BIN=$(BIN) tests/loss/run

# Pairs of captures with known loss: who makes them, who looks at them packet
# by packet, who judges what traffic-capture-compare says of them.
pair_src := $(sort $(wildcard tests/pairs/*.c))
pair_mains = make_pair check_pair judge_pair
deps_files += $(pair_src:%.c=$(OBJ)/%.d)

$(OBJ)/libpairs.a: $(patsubst %.c,$(OBJ)/%.o,$(filter-out \
		$(pair_mains:%=tests/pairs/%.c),$(pair_src)))
	@rm -f $@
	$(AR) rcs $@ $^

pairs = $(pair_mains:%=$(OBJ)/pairs/%)
$(pairs): $(OBJ)/pairs/%: $(OBJ)/tests/pairs/%.o $(OBJ)/libpairs.a \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -ljansson -lcrypto

.PHONY: pair-programs
pair-programs: $(pairs)

# Pages for the browser that tests/page/run opens them in.
$(OBJ)/page/make_pages: $(OBJ)/tests/page/make_pages.o \
		$(OBJ)/tests/unit/event_made.o $(OBJ)/tests/unit/run_made.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
deps_files += $(OBJ)/tests/page/make_pages.d

.PHONY: pages
pages: $(OBJ)/page/make_pages

# Each scenario with SEEDS seeds, and MIXTURES of all of them.
SEEDS ?= 20
MIXTURES ?= 100

.PHONY: pairs
pairs: all $(pairs)
	@OBJ=$(OBJ) BIN=$(BIN) MIXTURES=$(MIXTURES) tests/pairs/run $(SEEDS)

# What it costs, beside the bars: BENCH, one of tests/bench; all of them.  SIZES
# and RUNS, as each of them says.
bench_src := $(sort $(wildcard tests/bench/*.c))
bench_tools = $(patsubst tests/bench/%.c,$(OBJ)/bench/%,$(filter-out \
	tests/bench/stamps.c,$(bench_src)))
deps_files += $(bench_src:%.c=$(OBJ)/%.d)
$(bench_tools): $(OBJ)/bench/%: $(OBJ)/tests/bench/%.o \
		$(OBJ)/tests/bench/stamps.o $(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
# A run made by hand.
$(OBJ)/bench/make_reports: $(OBJ)/tests/unit/event_made.o \
	$(OBJ)/tests/unit/run_made.o

.PHONY: bench-programs
bench-programs: $(bench_tools)

.PHONY: bench
bench: all $(bench_tools)
	@OBJ=$(OBJ) BIN=$(BIN) tests/bench/bench $(BENCH)

# The decoders under libFuzzer, which is clang's: FUZZ_SECONDS for each target
# in seeds/, two side by side.  tests/fuzz/run says what becomes of a finding.
FUZZ_SECONDS ?= 20
fuzz_src := $(sort $(wildcard tests/fuzz/fuzz_*.c))
fuzzers := $(fuzz_src:tests/fuzz/%.c=$(OBJ)/fuzz/%)
deps_files += $(fuzz_src:%.c=$(OBJ)/%.d)

$(fuzzers): $(OBJ)/fuzz/%: $(OBJ)/tests/fuzz/%.o \
		$(OBJ)/tests/fuzz/memory_file.o $(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(LIBS) $(PCAP_LIBS)

.PHONY: fuzzers
fuzzers: $(fuzzers)

.PHONY: fuzz
fuzz:
	@$(MAKE) --no-print-directory CC=clang VARIANT=fuzz OPT='-O1 -g1' \
		SANITIZE=address,undefined,fuzzer-no-link fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run build/fuzz

# What takes too long for `make check`: every unit under valgrind that can be,
# thousands of events in virtual time with SOAK_SEEDS seeds, every scenario of
# real loss, SOAK_MIXTURES pairs of captures, a night in a Slurm, then one agent
# for SOAK_SECONDS, and the image.
SOAK_MIXTURES ?= 2000
SOAK_SEEDS ?= 20
SOAK_SECONDS ?= 600
soak_units = build/sanitize-address-undefined/unit/check_campaign_soak \
	build/sanitize-address-undefined/unit/check_campaign_lives \
	build/sanitize-address-undefined/unit/check_campaign_net

.PHONY: soak
soak:
	@tests/check valgrind
	@$(MAKE) --no-print-directory SANITIZE=address,undefined $(soak_units)
	@for seed in $$(seq $(SOAK_SEEDS)); do for unit in $(soak_units); do \
		SOAK_SEED=$$seed NET_SEED=$${seed}00 \
		LIVES_SEED=$${seed}00 LIVES=100 CK_TIMEOUT_MULTIPLIER=10 \
		$$unit || exit 1; done; done
	@$(MAKE) --no-print-directory cost
	@$(MAKE) --no-print-directory all loss-programs
	@OBJ=$(OBJ) BIN=$(BIN) tests/loss/run
	@$(MAKE) --no-print-directory all pair-programs
	@MIXTURES=$(SOAK_MIXTURES) tests/pairs/run 0 mixture
	@$(MAKE) --no-print-directory slurm
	@SOAK_SECONDS=$(SOAK_SECONDS) tests/run/soak
	@if [ "$$(id -u)" = 0 ]; then \
		$(MAKE) --no-print-directory try-image; else \
		echo 'soak: only root can make an image: left out'; fi

# Instructions a device with 100 of them, and with thousands.
.PHONY: cost
cost: $(OBJ)/unit/check_campaign_cost
	@OBJ=$(OBJ) tests/cost/run

# Shards of a campaign as jobs of a real Slurm, as packaging/slurm has them.
.PHONY: slurm
slurm: all
	@tests/slurm/packages
	@BIN=$(BIN) tests/slurm/run

.PHONY: demo
demo:
	@packaging/install-packages $(BUILD_PACKAGES) $(DEMO_PACKAGES)
	@$(MAKE) --no-print-directory all loss-programs
	@OBJ=$(OBJ) BIN=$(BIN) tests/run/demo

# Install the packages that are missing; `make check` needs all of them.
.PHONY: deps
deps:
	@packaging/install-packages $(BUILD_PACKAGES) $(DEMO_PACKAGES) \
		$(CHECK_PACKAGES)

.PHONY: check
check: deps
	@tests/check

# What of it is worth waiting for before each commit.
.PHONY: quick
quick:
	@tests/check quick

# Both of README.md's commands on a bare Debian, as root, or WHAT=packages; not
# a part of check.
.PHONY: try
try:
	@packaging/install-packages debootstrap systemd-container
	@tests/try $(SUITE) $(WHAT)

# The image of packaging/kubernetes, made and run; as root, too.
.PHONY: try-image
try-image:
	@packaging/install-packages $(BUILD_PACKAGES) $(DEMO_PACKAGES) \
		build-essential debhelper pkgconf debootstrap podman runc \
		openssl jq python3-yaml python3-jsonschema
	@$(MAKE) --no-print-directory all
	@BIN=$(BIN) tests/kubernetes/image

# Every file, by the eyes of another compiler.
.PHONY: warnings
warnings:
	@$(MAKE) --no-print-directory CC=clang VARIANT=clang \
		OPT='-O0 -fsyntax-only' objects

.PHONY: lint
lint: $(OBJ)/print-keys all
	@OBJ=$(OBJ) BIN=$(BIN) VERSION=$(VERSION) tests/lint/run

$(OBJ)/print-keys: $(OBJ)/tests/lint/print_keys.o $(OBJ)/libtraffic-capture.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

.PHONY: format
format:
	clang-format -i --style=file $(wildcard src/*/*.[ch] \
		tests/*/*.[ch] tests/*/*/*.[ch])

BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DOCDIR = $(PREFIX)/share/doc/traffic-capture
LIBDIR = $(PREFIX)/lib
LIBEXECDIR = $(PREFIX)/libexec/traffic-capture
UNITDIR = $(LIBDIR)/systemd/system
ETCDIR = $(SYSCONFDIR)/traffic-capture
CONFIGURED = traffic-capture traffic-capture-agent
INSTALLED = $(CONFIGURED) traffic-capture-compare
# Nobody but the agent starts it.
SPLITTER = traffic-capture-splitter
UNITS = traffic-capture.service traffic-capture.timer \
	traffic-capture-agent.service
# Of these there is one for each of several campaigns, too, made of the plain
# one: traffic-capture@NAME reads NAME.d.
INSTANCES = service timer
# For whose folders in LIBDIR packaging/ has a file for each program.
SNIPPETS = sysctl sysusers tmpfiles
# Programs for devices_command, for the documentation.
INVENTORIES = netbox oxidized sqlite
# Jobs for Slurm, and what submits them, for the documentation as well.
SLURM = merge shard submit
MANUAL = $(notdir $(filter-out %-lab.8,$(wildcard man/*)))
# Where the places of the installation go into a file of packaging/.
PLACED = sed -e 's|@BINDIR@|$(BINDIR)|g' -e 's|@ETCDIR@|$(ETCDIR)|g' \
	-e 's|@DOCDIR@|$(DOCDIR)|g'
PLACED_TEXT = sed -e 's|/etc/traffic-capture|$(ETCDIR)|g'

# What shells complete is made of the options that --help tells.
SHELLS = bash zsh fish
completions = $(foreach s,$(SHELLS),$(INSTALLED:%=$(OBJ)/completion/$s/%))
BASHDIR = $(PREFIX)/share/bash-completion/completions
# Debian's for packages; where it has none of them, ZSHDIR says so.
ZSHDIR = $(PREFIX)/share/zsh/$(if \
	$(filter /usr,$(PREFIX)),vendor-completions,site-functions)
FISHDIR = $(PREFIX)/share/fish/vendor_completions.d

$(OBJ)/print-options: $(addprefix $(OBJ)/src/cmd/,print_options.o \
		program_options.o) $(OBJ)/libtraffic-capture.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(completions): $(OBJ)/completion/%: $(OBJ)/print-options \
		$(SHELLS:%=packaging/completion/%)
	@mkdir -p $(@D)
	@$(OBJ)/print-options $(@F) >$@.options
	@packaging/completion/$(notdir $(@D)) $(@F) <$@.options >$@.part
	@rm $@.options && mv $@.part $@

.PHONY: completions
completions: $(completions)

# The lab is a tool for developers and is not installed.
.PHONY: install
install: $(PROGRAMS) $(completions)
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBEXECDIR) $(UNITDIR) \
		$(foreach n,1 5 7 8,$(MANDIR)/man$(n)) \
		$(BASHDIR) $(ZSHDIR) $(FISHDIR) \
		$(SNIPPETS:%=$(LIBDIR)/%.d) $(DOCDIR)/examples/agent.d \
		$(DOCDIR)/examples/inventory $(DOCDIR)/examples/kubernetes \
		$(DOCDIR)/examples/slurm $(DOCDIR)/schema \
		$(ETCDIR)/conf.d $(ETCDIR)/agent.d)
	install -d -m 700 $(DESTDIR)$(ETCDIR)/credentials
	install -m 755 $(INSTALLED:%=$(BIN)/%) $(DESTDIR)$(BINDIR)
	install -m 755 $(BIN)/$(SPLITTER) $(DESTDIR)$(LIBEXECDIR)
	for f in $(MANUAL); do $(PLACED_TEXT) man/$$f | install -m 644 \
		/dev/stdin $(DESTDIR)$(MANDIR)/man$${f##*.}/$$f || exit 1; done
	install -m 644 $(INSTALLED:%=$(OBJ)/completion/bash/%) \
		$(DESTDIR)$(BASHDIR)
	for p in $(INSTALLED); do install -m 644 $(OBJ)/completion/zsh/$$p \
		$(DESTDIR)$(ZSHDIR)/_$$p && \
		install -m 644 $(OBJ)/completion/fish/$$p \
		$(DESTDIR)$(FISHDIR)/$$p.fish || exit 1; done
	$(PLACED_TEXT) README.md | install -m 644 /dev/stdin \
		$(DESTDIR)$(DOCDIR)/README.md
	install -m 644 NEWS LICENSE $(DESTDIR)$(DOCDIR)
	install -m 644 packaging/schema/*.json $(DESTDIR)$(DOCDIR)/schema
	install -m 644 conf.d/*.conf $(DESTDIR)$(DOCDIR)/examples
	install -m 644 conf.d/agent.d/*.conf \
		$(DESTDIR)$(DOCDIR)/examples/agent.d
	for f in $(UNITS); do $(PLACED) packaging/systemd/$$f | install -m 644 \
		/dev/stdin $(DESTDIR)$(UNITDIR)/$$f || exit 1; \
	done
	for f in $(INSTANCES); do $(PLACED) -e 's|/conf[.]d|/%i.d|g' \
		-e '/^Description=/s|campaign|campaign %i|' \
		packaging/systemd/traffic-capture.$$f | \
		install -m 644 /dev/stdin \
		$(DESTDIR)$(UNITDIR)/traffic-capture@.$$f || exit 1; done
	for f in $(notdir $(wildcard packaging/examples/*)); do \
		$(PLACED) packaging/examples/$$f | install -m 644 /dev/stdin \
		$(DESTDIR)$(DOCDIR)/examples/$$f || exit 1; done
	for f in $(INVENTORIES); do $(PLACED_TEXT) packaging/inventory/$$f | \
		install -m 755 /dev/stdin \
		$(DESTDIR)$(DOCDIR)/examples/inventory/$$f || exit 1; done
	install -m 644 packaging/kubernetes/* \
		$(DESTDIR)$(DOCDIR)/examples/kubernetes
	for f in $(SLURM); do $(PLACED) packaging/slurm/$$f | \
		install -m 755 /dev/stdin \
		$(DESTDIR)$(DOCDIR)/examples/slurm/$$f || exit 1; done
	install -m 755 packaging/migrate \
		$(DESTDIR)$(DOCDIR)/examples/traffic-capture-migrate
	install -m 644 packaging/monitoring/* $(DESTDIR)$(DOCDIR)/examples
	for d in $(SNIPPETS); do for p in $(CONFIGURED); do \
		$(PLACED) packaging/$$d/$$p.conf | install -m 644 /dev/stdin \
		$(DESTDIR)$(LIBDIR)/$$d.d/$$p.conf || exit 1; done; done
	for d in conf.d agent.d; do $(PLACED) packaging/etc/$$d/README | \
		install -m 644 /dev/stdin $(DESTDIR)$(ETCDIR)/$$d/README || \
		exit 1; done

# Configuration and captures stay.
.PHONY: uninstall
uninstall:
	rm -f $(INSTALLED:%=$(DESTDIR)$(BINDIR)/%) \
		$(MANUAL:%=$(DESTDIR)$(MANDIR)/man?/%) \
		$(INSTALLED:%=$(DESTDIR)$(BASHDIR)/%) \
		$(INSTALLED:%=$(DESTDIR)$(ZSHDIR)/_%) \
		$(INSTALLED:%=$(DESTDIR)$(FISHDIR)/%.fish) \
		$(UNITS:%=$(DESTDIR)$(UNITDIR)/%) \
		$(INSTANCES:%=$(DESTDIR)$(UNITDIR)/traffic-capture@.%) \
		$(foreach program,$(CONFIGURED),$(SNIPPETS:%= \
		$(DESTDIR)$(LIBDIR)/%.d/$(program).conf)) \
		$(DESTDIR)$(ETCDIR)/conf.d/README \
		$(DESTDIR)$(ETCDIR)/agent.d/README
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(LIBEXECDIR)

# The sources, the same bytes twice, and of what it holds again.
.PHONY: dist
dist:
	@packaging/dist traffic-capture-$(VERSION) build/dist

# Debian's packages: in DEB, of a copy of what is here with packaging/debian as
# its debian/.
DEB = build/deb
.PHONY: deb deb-packages
deb:
	@packaging/install-packages $(BUILD_PACKAGES) build-essential \
		debhelper pkgconf
	@$(MAKE) --no-print-directory deb-packages

deb-packages:
	rm -rf $(DEB)
	mkdir -p $(DEB)/traffic-capture-$(VERSION)
	tar -c --exclude-vcs --exclude=./build --exclude='./bin/traffic-*' . | \
		tar -x -C $(DEB)/traffic-capture-$(VERSION)
	cd $(DEB)/traffic-capture-$(VERSION) && cp -r packaging/debian . && \
		env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc -b
	@ls $(DEB)/*.deb

.PHONY: help
help:
	@echo 'make            build the five programs in bin/'
	@echo 'make deps       install the Debian packages that are missing'
	@echo 'make demo       lab, agent and a campaign of five devices'
	@echo 'make check      everything below, and every test'
	@echo 'make quick      gcc, lint, units, three scenes: two minutes'
	@echo 'make units      build the unit tests, build/normal/unit/check_*'
	@echo 'make peers      build what plays 1.0.6, build/normal/peers/*'
	@echo 'make pages      build what makes the pages that tests/page opens'
	@echo 'make pairs      compare SEEDS pairs of captures of each kind'
	@echo 'make loss       what is said where a router truly drops'
	@echo 'make bench      what things cost, beside their bars: BENCH=arm'
	@echo 'make fuzz       FUZZ_SECONDS for each decoder, 20 if not given'
	@echo 'make soak       valgrind on all units, SOAK_SEEDS, SOAK_SECONDS'
	@echo 'make slurm      a night of shards in a Slurm of its own'
	@echo 'make try        demo and check on a bare Debian: SUITE=trixie'
	@echo 'make try-image  the image for Kubernetes, a night in pods'
	@echo 'make warnings   what clang says of all sources'
	@echo 'make lint       what tests/lint checks of the sources'
	@echo 'make format     let clang-format write the sources anew'
	@echo 'make install    takes DESTDIR, PREFIX and SYSCONFDIR'
	@echo 'make uninstall  configuration and captures stay'
	@echo 'make deb        the Debian packages, in build/deb'
	@echo 'make dist       the tarball of the sources, in build/dist'
	@echo 'make clean      remove what was built'
	@echo
	@echo 'With CC=clang VARIANT=clang BIN=build/clang/bin, or with'
	@echo 'SANITIZE=address,undefined, each makes a tree of its own.'
	@echo 'CPPFLAGS, CFLAGS and LDFLAGS come last.  With WERROR=1 a warning'
	@echo 'is an error.'

.PHONY: clean
clean:
	rm -rf build $(addprefix bin/,$(INSTALLED) $(SPLITTER) \
		traffic-capture-lab)

.PHONY: objects
objects: $(deps_files:%.d=%.o)

-include $(deps_files)
