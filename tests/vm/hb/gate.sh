# SPDX-License-Identifier: GPL-2.0
# topic: I/O to shared images waits while the node has no right to it, and goes on or fails as it must
# nodes: 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/hb.bash
. "$RC_DIR/hb/hb.bash"

# Of the writes that must fail.
allow_dmesg 'I/O error, dev rbd1, sector (24|32|40|48) '

ceph osd pool create rbdshare 8 8 >/dev/null
pool gate
rbd create gate/shared --size 16M
rbd create gate/plain --size 16M
rbd image-meta set gate/shared rbdshare.mode shared
hb_tools
hb_configure 1
hb_online 1
wait_until 30 gate_is 1 "$GATE_OPEN"

say "a shared image is mapped when the daemon says yes, and not otherwise"
expect "plain image" "$(map 1 gate/plain)" /dev/rbd0
refuse 1 'rbd map gate/shared' >/dev/null
[[ $(node 1 dmesg) == *"rbdshared does not answer"* ]] || fail "no word on the daemon: $(node 1 'dmesg | tail')"
hb_serve 1 13
refuse 1 'rbd map gate/shared' >/dev/null
[[ $(node 1 dmesg) == *"may not use shared images now (-13)"* ]] || fail "no word on the refusal: $(node 1 'dmesg | tail')"
hb_unserve 1
hb_serve 1
device=$(map 1 gate/shared)
id=${device#/dev/rbd}
address=$(node 1 "cat /sys/bus/rbd/devices/$id/client_addr")
[[ $(node 1 'cat /tmp/events') == *"admit 0 $address gate/shared"* ]] || fail "asked for: $(node 1 'cat /tmp/events'), not $address"

# blocklist ADDRESS: until it holds, that is until each OSD goes by a map that has it.
blocklist() {
	local epoch osd

	ceph osd blocklist add "$1" 3600
	epoch=$(ceph osd dump -f json | jq .epoch)
	for osd in $(ceph osd ls); do
		wait_until 30 osd_has "$osd" "$epoch"
	done
}
osd_has() { (($(ceph tell "osd.$1" status -f json | jq .newest_map) >= $2)); }

# write_begins CHAR BLOCK: 4 kB with O_DIRECT, in the background; its exit code appears in /tmp/CHAR.rc
write_begins() {
	node 1 "rm -f /tmp/$1.rc; head -c 4096 /dev/zero | tr '\0' $1 >/tmp/$1; setsid sh -c 'dd if=/tmp/$1 of=$device bs=4096 \
		seek=$2 count=1 oflag=direct conv=nocreat,notrunc; echo \$? >/tmp/$1.rc' >/tmp/$1.out 2>&1 </dev/null &"
}
waits() {
	sleep 3
	node 1 "! test -e /tmp/$1.rc" || fail "write $1 ended although the gate is closed: $(node 1 "cat /tmp/$1.out")"
}
ends() {
	wait_until 60 node 1 "test -e /tmp/$1.rc"
	expect "exit code of write $1" "$(node 1 "cat /tmp/$1.rc")" "$2"
}
# stands CHAR BLOCK N: so many bytes of that block are not CHAR
stands() {
	rm -f "$VM_TMP/image"
	rbd export gate/shared "$VM_TMP/image" --no-progress
	expect "bytes of block $2 that are not '$1', as librbd reads it" \
		"$(dd if="$VM_TMP/image" bs=4096 skip="$2" count=1 status=none | tr -d "$1" | wc -c)" "$3"
}

say "open: it is written"
write_begins a 0
ends a 0
stands a 0 0

say "frozen by the daemon: it waits, what is not shared goes on, and it is written behind the thaw"
node 1 'hbctl freeze'
expect "gate" "$(hb_field 1 gate)" "$GATE_FROZEN"
write_begins b 1
waits b
node 1 'dd if=/dev/zero of=/dev/rbd0 bs=4096 count=1 oflag=direct conv=nocreat,notrunc status=none'
node 1 'hbctl thaw'
ends b 0
stands b 1 0

say "cut off the storage: the gate closes by itself, and opens again without an error"
lab cut 1 storage
wait_until 120 gate_is 1 "$GATE_LEASE"
write_begins c 2
waits c
lab heal 1
wait_until 120 gate_is 1 "$GATE_OPEN"
ends c 0
stands c 2 0

say "a forced unmap ends what waits"
node 1 'hbctl freeze'
write_begins d 3
waits d
node 1 "rbd unmap -o force $device"
wait_until 60 node 1 'test -e /tmp/d.rc'
[[ $(node 1 'cat /tmp/d.rc') != 0 ]] || fail "a write succeeded on a device that was unmapped"
node 1 'hbctl thaw'
stands d 3 4096
wait_until 20 node 1 "grep -q 'retired 0 $address' /tmp/events"

say "blocklisted, policy hold: no error comes up, nothing is written, and it never goes on"
device=$(map 1 gate/shared)
id=${device#/dev/rbd}
blocklist "$(node 1 "cat /sys/bus/rbd/devices/$id/client_addr")" 3600
write_begins e 4
wait_until 60 gate_is 1 "$GATE_FENCED"
waits e
expect "state of the device" "$(node 1 "cat /sys/bus/rbd/devices/$id/state")" fenced
write_begins f 5
waits f
node 1 'hbctl thaw'
waits f
stands e 4 4096
node 1 "rbd unmap -o full-force $device" || node 1 "echo $id full-force >/sys/bus/rbd/remove_single_major"
wait_until 60 node 1 'test -e /tmp/e.rc && test -e /tmp/f.rc'
[[ $(node 1 'cat /tmp/e.rc /tmp/f.rc | tr -d "\n"') == 11 ]] || fail "writes of a fenced node: $(node 1 'cat /tmp/[ef].rc')"
hb_unserve 1
hb_remove 1

say "policy fail: an error comes up at once"
hb_configure 1
node 1 'echo fail >/sys/kernel/config/rbdshare/demo/on_fenced'
hb_online 1
wait_until 30 gate_is 1 "$GATE_OPEN"
hb_serve 1
device=$(map 1 gate/shared)
blocklist "$(node 1 "cat /sys/bus/rbd/devices/${device#/dev/rbd}/client_addr")" 3600
write_begins g 6
ends g 1
stands g 6 4096
node 1 "rbd unmap $device && rbd unmap /dev/rbd0"
hb_unserve 1
hb_remove 1
