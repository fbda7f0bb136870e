# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Once for all files: the cluster, a pool, and a place for files.

setup_suite() {
	local here
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	: "${RBDSHARE:?run these tests with tests/cli/run}" "${RBDSHARE_LAB_NAME:?}"
	export CLI_LAB=$here/../../scripts/lab
	"$CLI_LAB" ceph start >&2
	CLI_TMP=$(mktemp -d /tmp/rbdshare-cli.XXXXXX)
	export CLI_TMP
	"$CLI_LAB" host "$RBDSHARE" -q pool create dovecot --pg-num 8
}

teardown_suite() {
	"$CLI_LAB" stop >&2
	rm -rf "$CLI_TMP"
}
