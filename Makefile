# SPDX-License-Identifier: GPL-2.0
# rbdshare: what can be made, and how to test it. `make help` lists it.
VERSION := $(shell cat VERSION)
KVERS   ?= 6.1 6.12
DESTDIR ?=
PREFIX  ?= /usr
J       ?= $(shell nproc)
export DESTDIR PREFIX VERSION

.DEFAULT_GOAL := all
.PHONY: help all setup modules userspace demo check test test-unit test-fuzz \
	test-sim test-model test-kunit test-cli test-daemon test-vm soak lint bench install install-userspace \
	install-modules uninstall dkms-install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
		column -t -s '|'
	@echo
	@echo "  KVER=6.1 or 6.12 (modules): build for one kernel line of Debian 12,"
	@echo "  or KVER=\$$(uname -r): for the running kernel; KDIR= names its headers."

all: modules userspace ## kernel modules for both kernels, and the programs

setup: ## install what building and testing need (apt)
	@scripts/setup all

modules: ## kernel modules; KVER=... for one kernel
	@scripts/build-modules $(or $(KVER),$(KVERS))

userspace: ## rbdshare, rbdmap and the generator
	@scripts/setup build
	@$(MAKE) --no-print-directory -C userspace -j$(J)

demo: ## the whole walk-through on a cluster and two nodes of its own
	@scripts/setup lab
	@$(MAKE) --no-print-directory modules KVER=6.1
	@$(MAKE) --no-print-directory userspace
	@scripts/demo

check: lint test-unit ## lint and unit tests; fast

lint: userspace ## style, static checks; no finding is let through
	@scripts/setup test
	@scripts/lint

test-unit: ## unit tests with address and undefined-behaviour sanitizers
	@scripts/setup build
	@tests/unit/run

test-fuzz: ## every decoder and parser against random input; SECONDS=20 each
	@scripts/setup test
	@tests/fuzz/run $(or $(SECONDS),20)

test-sim: ## the cluster's policy in a simulated cluster, with mutants that must be caught
	@scripts/setup build
	@tests/sim/run --ci

test-model: ## the cluster's protocol model-checked by spin, with mutants that must be found
	@scripts/setup test
	@tests/model/run

test-kunit: ## KUnit and driver tests on a User Mode Linux with sanitizers
	@scripts/setup test
	@tests/kunit/run

test-cli: userspace ## the commands against a real one-host Ceph
	@scripts/setup lab
	@tests/cli/run

test-daemon: userspace ## the parts of the daemon against a real one-host Ceph
	@scripts/setup lab
	@tests/daemon/run

test-vm: modules userspace ## real kernels in QEMU; TESTS="group/name..." for some
	@scripts/setup lab
	@tests/vm/run --kernel $(or $(KVER),all) $(TESTS)

test: ## everything: check, fuzz, simulation, model, KUnit, CLI, VM
	@scripts/test-all

soak: modules userspace ## hours: all VM tests on both kernels, then the cluster's figures in ten rounds and more
	@scripts/setup lab
	@tests/vm/run --kernel all
	@RBDSHARE_ROUNDS=10 RBDSHARE_AWAY=90 tests/vm/run --kernel 6.1 cluster/two-nodes
	@RBDSHARE_ROUNDS=10 RBDSHARE_TIME_FACTOR=3 tests/vm/run --kernel 6.1 cluster/failover cluster/three-nodes
	@RBDSHARE_ROUNDS=10 RBDSHARE_TIME_FACTOR=3 RBDSHARE_PROFILE=fast tests/vm/run --kernel 6.1 cluster/failover cluster/three-nodes
	@RBDSHARE_ROUNDS=10 RBDSHARE_TIME_FACTOR=3 RBDSHARE_OUTAGE=180 tests/vm/run --kernel 6.1 cluster/partition
	@RBDSHARE_MINUTES=60 RBDSHARE_TIME_FACTOR=2 tests/vm/run --kernel 6.1 cluster/load
	@RBDSHARE_ROUNDS=200 RBDSHARE_TIME_FACTOR=20 tests/vm/run --kernel 6.1 cluster/late-writes

bench: modules userspace ## our rbd.ko against the in-tree one
	@scripts/setup lab
	@tests/bench/run

install: install-userspace ## programs, units, man pages; see also dkms-install

install-userspace:
	@scripts/install

uninstall: ## take away what make install put there; changed configuration stays
	@scripts/install --remove

install-modules: ## modules of the running kernel into its updates/
	@scripts/build-modules --install $(or $(KVER),$(shell uname -r))

dkms-install: ## modules by DKMS, for this and later kernels
	@scripts/dkms-install

clean: ## remove what was built
	@$(MAKE) --no-print-directory -C userspace clean
	rm -rf kernel/build tests/build
