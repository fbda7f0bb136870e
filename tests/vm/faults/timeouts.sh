# SPDX-License-Identifier: GPL-2.0
# topic: io_timeout and on_timeout, changed while mapped: queue waits, fail fails and recovers, fence-then-fail fences
# nodes: 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"

pool to
for image in plain own shared; do
	rbd create to/$image --size 16M
done
rbd image-meta set to/shared rbdshare.mode shared
allow_dmesg 'I/O error, dev rbd' 'timeout error, dev rbd'
secret=$(ceph auth print-key client.admin)
node 1 'modprobe rbd'
attr() { node 1 cat "/sys/bus/rbd/devices/$1"; }
set_attr() { node 1 "echo $2 > /sys/bus/rbd/devices/$1"; }

freeze() {
	lab ceph osd freeze 0
	lab ceph osd freeze 1
}
thaw() {
	lab ceph osd thaw 0
	lab ceph osd thaw 1
}
# start_io KIND COMMAND: in the background of the node; io_done KIND, io_result KIND.
start_io() {
	node 1 "rm -f /tmp/$1.rc; setsid sh -c '$2; echo \$? >/tmp/$1.rc' >/tmp/$1.out 2>&1 </dev/null &"
}
io_done() { node 1 "test -e /tmp/$1.rc"; }
io_result() { node 1 "cat /tmp/$1.rc"; }
WRITE='dd if=/dev/zero bs=4k count=1 oflag=direct conv=nocreat,notrunc of='
READ='dd of=/dev/null bs=4k count=1 iflag=direct if='

say "defaults, and values that are refused"
expect "device" "$(map 1 to/plain)" /dev/rbd0
expect "on_timeout" "$(attr 0/on_timeout)" queue
expect "io_timeout" "$(attr 0/io_timeout)" 60
for value in panic '' 'fail now'; do
	refuse 1 "echo '$value' > /sys/bus/rbd/devices/0/on_timeout" | grep -qi 'invalid' || fail "on_timeout='$value'"
done
for value in x -1; do
	refuse 1 "echo $value > /sys/bus/rbd/devices/0/io_timeout" | grep -qiE 'invalid' || fail "io_timeout=$value"
done
refuse 1 'echo 0 > /sys/bus/rbd/devices/0/io_timeout' | grep -qi 'out of range' || fail "io_timeout=0"
refuse 1 'echo fence-then-fail > /sys/bus/rbd/devices/0/on_timeout' | grep -qi 'not supported' ||
	fail "fence-then-fail on a connection that others may use"
expect "on_timeout" "$(attr 0/on_timeout)" queue
expect "io_timeout" "$(attr 0/io_timeout)" 60

say "queue: nothing fails, however long it takes"
set_attr 0/io_timeout 1
freeze
start_io w "${WRITE}/dev/rbd0"
start_io r "${READ}/dev/rbd0"
sleep 8
if io_done w || io_done r; then
	fail "I/O ended while no OSD runs: $(node 1 'cat /tmp/[wr].out')"
fi
node 1 'grep -q "^write rbd_data" /sys/bus/rbd/devices/0/inflight && grep -q "^read rbd_data" /sys/bus/rbd/devices/0/inflight' ||
	fail "inflight: $(attr 0/inflight)"
thaw
wait_until 90 io_done w
wait_until 90 io_done r
expect "write and read after the OSDs are back" "$(io_result w) $(io_result r)" "0 0"

say "fail: switched on while requests wait; they fail, the device goes on afterwards"
set_attr 0/io_timeout 3
freeze
start_io w "${WRITE}/dev/rbd0"
start_io r "${READ}/dev/rbd0"
sleep 6
! io_done w || fail "failed although the policy is queue: $(node 1 'cat /tmp/[wr].out')"
set_attr 0/on_timeout fail
wait_until 30 io_done w
wait_until 30 io_done r
[[ $(io_result w) -ne 0 && $(io_result r) -ne 0 ]] || fail "no error after io_timeout"
node 1 'grep -qiE "timed out|input/output error" /tmp/w.out && grep -qiE "timed out|input/output error" /tmp/r.out' ||
	fail "the errors: $(node 1 'cat /tmp/[wr].out')"
expect "state" "$(attr 0/state)" ok
thaw
works() { node 1 "timeout -k 5 20 ${WRITE}/dev/rbd0 && timeout -k 5 20 ${READ}/dev/rbd0"; }
wait_until 90 works
say "and back to queue"
set_attr 0/on_timeout queue
freeze
start_io w "${WRITE}/dev/rbd0"
sleep 7
! io_done w || fail "I/O failed although the policy is queue again: $(node 1 cat /tmp/w.out)"
thaw
wait_until 90 io_done w
expect "write" "$(io_result w)" 0
node 1 'rbd unmap /dev/rbd0'

# fences DEVICE IMAGE: whose policy is fence-then-fail.
fences() {
	local addr

	addr=$(attr 0/client_addr)
	freeze
	start_io w "${WRITE}/dev/rbd0"
	wait_until 40 io_done w
	[[ $(io_result w) -ne 0 ]] || fail "$1: no error after io_timeout"
	expect "$1: state" "$(attr 0/state)" fenced
	ceph osd blocklist ls 2>/dev/null | grep -qF "$addr" || fail "$1: $addr is not in the blocklist"
	thaw
	wait_until 90 eval 'ceph osd stat | grep -q "2 osds: 2 up"'
	refuse 1 "${WRITE}/dev/rbd0" >/dev/null
	expect "$1: state" "$(attr 0/state)" fenced
	node 1 'rbd unmap /dev/rbd0'
}
say "fence-then-fail, as an option at map time"
node 1 "echo '10.77.0.1:6789 name=admin,secret=$secret,noshare,io_timeout=3,on_timeout=fence-then-fail to own -' \
	> /sys/bus/rbd/add_single_major && udevadm settle"
expect "on_timeout" "$(attr 0/on_timeout)" fence-then-fail
expect "io_timeout" "$(attr 0/io_timeout)" 3
node 1 "${WRITE}/dev/rbd0" || fail "a write in time"
fences own

say "fence-then-fail of a shared image, switched on while mapped; fail alone is refused"
expect "device" "$(map 1 to/shared)" /dev/rbd0
refuse 1 'echo fail > /sys/bus/rbd/devices/0/on_timeout' | grep -qi 'not supported' || fail "on_timeout=fail in shared mode"
set_attr 0/io_timeout 3
set_attr 0/on_timeout fence-then-fail
fences shared

say "a new map works"
expect "device" "$(map 1 to/shared)" /dev/rbd0
works || fail "I/O after the new map"
node 1 'rbd unmap /dev/rbd0'
nothing_left 1
