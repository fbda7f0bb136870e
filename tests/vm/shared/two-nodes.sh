# SPDX-License-Identifier: GPL-2.0
# topic: shared mode: locks with names and addresses, a fence that hits one mapping only, a crashed node's lock
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"

pool sh
for image in img second plain; do
	rbd create sh/$image --size 64M
done
for image in img second; do
	rbd image-meta set sh/$image rbdshare.mode shared
done
attr() { node "$1" cat "/sys/bus/rbd/devices/$2"; }
lock_count() { rbd lock ls "sh/$1" --format json | jq length; }
lock_of() { rbd lock ls "sh/$1" --format json | jq -r ".[] | select(.address | startswith(\"10.77.0.1$2:\")) | .$3"; }

say "the stock command maps it shared on both nodes, because the image says so"
on_all rbd map sh/img
for n in 1 2; do
	expect "mode in node $n" "$(attr "$n" 0/mode)" shared
	expect "state in node $n" "$(attr "$n" 0/state)" ok
	expect "address in the lock of node $n" "$(lock_of img "$n" address)" "$(attr "$n" 0/client_addr)"
	expect "holder of the lock of node $n" "$(lock_of img "$n" locker)" "$(attr "$n" 0/client_id | sed 's/client/client./')"
done
expect "locks" "$(lock_count img)" 2
expect "type, tag and names" "$(node 1 "ceph --version >/dev/null; rados -p sh lock info rbd_header.$(rbd info sh/img --format json | jq -r .id) rbd_lock --format json" |
	jq -r '[.type, .tag] + ([.lockers[].description] | sort) | join(" ")')" "shared rbdshare node1 node2"
expect "watchers" "$(rbd status sh/img --format json | jq '.watchers | length')" 2

say "nobody gets the lock for himself"
if host rbd lock add sh/img mine 2>"$VM_TMP/lock-add"; then
	fail "an exclusive lock was given while two nodes have the image mapped"
fi
grep -qiE 'busy|exclusive|shared|already held' "$VM_TMP/lock-add" || fail "rbd lock add: $(cat "$VM_TMP/lock-add")"

say "an image without the mark is mapped as ever"
expect "device" "$(map 1 sh/plain)" /dev/rbd1
expect "mode" "$(attr 1 1/mode)" single
expect "locks" "$(lock_count plain)" 0

say "rbd lock rm fences that mapping and no other"
expect "device" "$(map 1 sh/second)" /dev/rbd2
[[ $(attr 1 0/client_addr) != "$(attr 1 2/client_addr)" ]] || fail "two shared mappings have one address"
[[ $(attr 1 0/client_addr) != "$(attr 1 1/client_addr)" ]] || fail "a shared mapping has the address of a plain one"
fenced_addr=$(attr 1 0/client_addr)
node 1 'setsid udevadm monitor --kernel --property --subsystem-match=block >/tmp/events 2>&1 </dev/null & echo $! >/tmp/monitor.pid; sleep 1'
rbd lock rm sh/img "$(lock_of img 1 id)" "$(lock_of img 1 locker)"
ceph osd blocklist ls 2>/dev/null | grep -qF "$fenced_addr" || fail "the address $fenced_addr is not blocklisted"
allow_dmesg 'I/O error, dev rbd0'
refuse 1 'dd if=/dev/zero of=/dev/rbd0 bs=4k count=1 oflag=direct conv=nocreat,notrunc' | grep -qi 'input/output error' ||
	fail "a write of the fenced node"
refuse 1 'dd if=/dev/rbd0 of=/dev/null bs=4k count=1 iflag=direct' >/dev/null
expect "state" "$(attr 1 0/state)" fenced
wait_until 20 node 1 'grep -qx RBD_STATE=fenced /tmp/events'
node 1 'kill $(cat /tmp/monitor.pid)'
expect "the event comes once" "$(node 1 'grep -cx RBD_STATE=fenced /tmp/events')" 1
for dev in rbd1 rbd2; do
	node 1 "dd if=/dev/zero of=/dev/$dev bs=64k count=4 oflag=direct conv=nocreat,notrunc status=none" ||
		fail "$dev of the same node was hit by the fence"
	expect "state of $dev" "$(attr 1 "${dev#rbd}/state")" ok
done
node 2 'dd if=/dev/zero of=/dev/rbd0 bs=64k count=4 oflag=direct conv=nocreat,notrunc status=none' ||
	fail "the other node was hit by the fence"

say "it stays fenced when the blocklist is emptied: a new life needs a new map"
ceph osd blocklist rm "$fenced_addr" 2>/dev/null
refuse 1 'dd if=/dev/rbd0 of=/dev/null bs=4k count=1 iflag=direct' >/dev/null
expect "state" "$(attr 1 0/state)" fenced
node 1 'rbd unmap /dev/rbd0'
expect "device" "$(map 1 sh/img)" /dev/rbd0
[[ $(attr 1 0/client_addr) != "$fenced_addr" ]] || fail "the new mapping has the address of the fenced one"
expect "state" "$(attr 1 0/state)" ok
node 1 'head -c 65536 /dev/urandom >/tmp/text; dd if=/tmp/text of=/dev/rbd0 bs=64k oflag=direct conv=nocreat,notrunc status=none'
expect "what it writes the other reads" "$(node 2 'dd if=/dev/rbd0 bs=64k count=1 iflag=direct status=none | md5sum')" \
	"$(node 1 'md5sum </tmp/text')"
expect "locks" "$(lock_count img)" 2

say "the lock of a crashed node goes when the node is back"
dead_addr=$(attr 2 0/client_addr)
lab node reset 2
expect "locks after the crash" "$(lock_count img)" 2
no_watcher() { ! rbd status sh/img | grep -qF "$dead_addr"; }
wait_until 90 no_watcher
expect "device" "$(map 2 sh/img)" /dev/rbd0
expect "locks after it is back" "$(lock_count img)" 2
expect "lock of node 2" "$(lock_of img 2 address)" "$(attr 2 0/client_addr)"
[[ $(lock_of img 1 address) == "$(attr 1 0/client_addr)" ]] || fail "the lock of the living node was taken away"

say "options and policies that shared mode refuses"
refuse 1 "echo fail > /sys/bus/rbd/devices/0/on_timeout" | grep -qi 'not supported' || fail "on_timeout=fail in shared mode"
for option in read_from_replica=balance osd_request_timeout=5; do
	refuse 1 "rbd map sh/img -o $option" | grep -qF '(22)' || fail "$option in shared mode"
done

say "unmapped, the locks are gone"
node 1 'for i in 2 1 0; do rbd unmap /dev/rbd$i; done'
node 2 'rbd unmap /dev/rbd0'
expect "locks" "$(lock_count img) $(lock_count second)" "0 0"
expect "watchers" "$(rbd status sh/img --format json | jq '.watchers | length')" 0
for n in 1 2; do
	nothing_left "$n"
done
