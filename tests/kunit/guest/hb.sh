# SPDX-License-Identifier: GPL-2.0
# rbd_hb.ko in the guest: its cluster "kunit" with the nodes a (this one) and b, and a stand-in
# for the daemon.
# shellcheck shell=bash

HB=/sys/kernel/config/rbdshare
HB_DIR=$HB/kunit
GATE_OPEN=0 GATE_LEASE=1 GATE_FROZEN=2 GATE_FENCED=3
export GATE_OPEN GATE_LEASE GATE_FROZEN GATE_FENCED

hb_load() {
	[[ -e /tmp/hb-pool ]] || host ceph osd pool create rbdshare 8 >/tmp/hb-pool
	insmod "$HB_MODULE"
}
# hb_set FILE VALUE: the kernel's error is this function's output.
hb_set() { { printf '%s\n' "$2" >"$HB_DIR/$1"; } 2>&1; }

# hb_make: all but "online", with $HB_OPTIONS. A tick is 250 ms, the lease 1.75 s.
hb_make() {
	hb_load
	mkdir "$HB_DIR" "$HB_DIR/nodes/a" "$HB_DIR/nodes/b"
	hb_set nodes/a/number 0
	hb_set nodes/b/number 1
	hb_set nodes/a/address 10.77.0.60
	hb_set connection "$MONITOR name=admin,secret=$KEY${HB_OPTIONS:-} rbdshare"
	hb_set incarnation 1001
	hb_set dead_after_ms 2500
}
hb_up() {
	hb_make
	hb_set online 1
}
# hb_down: with its folder a cluster goes offline, so half of the time that is left to it.
hb_down() {
	((RANDOM % 2)) || hb_set online 0
	rmdir "$HB_DIR/nodes/a" "$HB_DIR/nodes/b" "$HB_DIR"
	# Whoever asks it something just now holds it for a moment.
	wait_until 10 rmmod rbd_hb
}

# What a failed check left, with a word on it.
hb_leftovers() {
	[[ -e /sys/module/rbd_hb ]] || return 0
	echo "rbd_hb is still loaded"
	rmdir "$HB"/*/nodes/* "$HB"/* 2>/dev/null || true
	rmmod rbd_hb || true
}

hb_field() { "$HBCTL" state | sed -n "s/.* $1 \([^ ]*\).*/\1/p"; }
gate_is() { [[ $(hb_field gate) == "$1" ]]; }

# hb_serve [ERRNO|silent]: the stand-in, which answers "may this be mapped".
hb_serve() {
	"$HBCTL" serve "${1:-0}" >/tmp/events 2>&1 &
	SERVER=$!
	wait_until 20 grep -q listening /tmp/events
}
hb_unserve() {
	kill "$SERVER"
	wait "$SERVER" || true
}

# said TEXT: in the kernel's log, during this check.
said() {
	dmesg --notime | sed -n '/^check: /h; /^check: /!H; ${x; p}' | grep -q -- "$1" || {
		echo "the kernel's log has no '$1'"
		return 1
	}
}

# On the host: "number incarnation counter hash" of each slot in the three objects.
hb_slots() {
	# shellcheck disable=SC2016  # expanded on the host
	host bash -c 'set -e; d=$(mktemp -d); trap "rm -rf $d" EXIT
		for i in 0 1 2; do rados -p rbdshare get hb.kunit.$i $d/$i; done
		python3 "$1" "$2" $d/?' bash "$READSLOTS" "$1"
}
