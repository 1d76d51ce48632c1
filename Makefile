# traffic-capture: one file, not recursive.  `make help` lists the targets.

VERSION = 0.1.0

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=

CC ?= cc
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Werror
OPT ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc
HARDEN = -fstack-protector-strong -fPIE
CFLAGS_ALL = -std=c11 $(OPT) $(HARDEN) $(WARNINGS) $(CFLAGS)
LDFLAGS_ALL = -pie -Wl,--as-needed,-z,relro,-z,now $(LDFLAGS)
LIBS = -lcurl -lssh2 -lnetsnmp -lconfig -ljansson -lcares -lcrypto -lsystemd
LAB_LIBS = -lmicrohttpd -lssh -lssl -lgnutls
CHECK_LIBS = -lssh -lmicrohttpd -lgnutls -lcheck -lsubunit -lm -lrt -lpthread

# make SANITIZE=address,undefined builds a second tree beside the normal one.
ifdef SANITIZE
VARIANT = sanitize-$(subst $(comma),-,$(SANITIZE))
BIN = build/$(VARIANT)/bin
CFLAGS_ALL += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS_ALL += -fsanitize=$(SANITIZE)
else
VARIANT = normal
BIN = bin
CPPFLAGS += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
comma := ,
OBJ = build/$(VARIANT)

PROGRAMS = $(BIN)/traffic-capture $(BIN)/traffic-capture-agent \
	$(BIN)/traffic-capture-lab

lib_src := $(sort $(filter-out src/cmd/%,$(wildcard src/*/*.c)))
lab_src := $(sort $(wildcard tests/lab/*.c))
unit_src := $(sort $(wildcard tests/unit/check_*.c))
rig_src := $(sort $(filter-out $(unit_src),$(wildcard tests/unit/*.c)))
cmd_src := $(sort $(wildcard src/cmd/*.c))

lib_obj := $(lib_src:%.c=$(OBJ)/%.o)
lab_obj := $(lab_src:%.c=$(OBJ)/%.o)
rig_obj := $(rig_src:%.c=$(OBJ)/%.o)
units := $(unit_src:tests/unit/%.c=$(OBJ)/unit/%)
deps_files := $(patsubst %.c,$(OBJ)/%.d,$(lib_src) $(lab_src) $(unit_src) \
	$(rig_src) $(cmd_src))

.PHONY: all
all: $(PROGRAMS)

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(OBJ)/libtraffic-capture.a: $(lib_obj)
	@rm -f $@
	$(AR) rcs $@ $^

$(BIN)/traffic-capture: $(OBJ)/src/cmd/traffic_capture.o \
		$(OBJ)/src/cmd/process.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BIN)/traffic-capture-agent: $(OBJ)/src/cmd/traffic_capture_agent.o \
		$(OBJ)/src/cmd/process.o \
		$(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BIN)/traffic-capture-lab: $(lab_obj) $(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LAB_LIBS) $(LIBS)

$(OBJ)/unit/%: $(OBJ)/tests/unit/%.o $(rig_obj) $(OBJ)/libtraffic-capture.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(CHECK_LIBS) $(LIBS)

.PHONY: units
units: $(units)

.PHONY: demo
demo: all
	@tests/run/demo

.PHONY: clean
clean:
	rm -rf build $(addprefix bin/,traffic-capture traffic-capture-agent \
		traffic-capture-lab)

-include $(deps_files)
