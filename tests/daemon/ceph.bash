# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
# Helpers of the .bats files.

stock() { timeout 120 "$DAEMON_LAB" host "$@"; }

tool() {
	local name=$1
	shift
	stock "$DAEMON_BIN/$name" "$@"
}

# until_true SECONDS CMD...: false when the time is over.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || {
			echo "not within time: $*" >&2
			return 1
		}
		sleep 0.2
	done
}

all_active() {
	stock ceph pg stat -f json |
		jq -e '[.num_pg_by_state // .pg_summary.num_pg_by_state | .[] | select(.name != "active+clean")] == []'
}

# An object of a pool whose primary is that OSD.
object_on_osd() {
	local pool=$1 osd=$2 i
	for ((i = 0; i < 200; i++)); do
		[[ $(stock ceph osd map "$pool" "stamp.$i" -f json | jq .acting_primary) != "$osd" ]] || {
			echo "stamp.$i"
			return 0
		}
	done
	echo "no object of pool $pool is on osd.$osd" >&2
	return 1
}

osd_pid() { cat "${RBDSHARE_LAB:-/tmp/rbdshare-lab}/$RBDSHARE_LAB_NAME/ceph/osd.$1.pid"; }

# Value of NAME in "NAME VALUE NAME VALUE ..." on the last line.
field() { sed -n "\$s/.*\\b$1 \\(-\\?[0-9]*\\).*/\\1/p"; }
