# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Once for all files: a cluster whose OSDs keep their data over a restart, and pools.

setup_suite() {
	local here
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	: "${RBDSHARE_LAB_NAME:?run these tests with tests/daemon/run}"
	export DAEMON_LAB=$here/../../scripts/lab
	export DAEMON_BIN=$here/../build/daemon
	"$DAEMON_LAB" ceph start --store bluestore >&2
	"$DAEMON_LAB" host ceph osd pool create meta 8 >&2
	"$DAEMON_LAB" host ceph osd pool application enable meta rbd >&2
}

teardown_suite() {
	"$DAEMON_LAB" stop >&2
}
