# SPDX-License-Identifier: GPL-2.0
# topic: two nodes write and read heartbeats; an independent reader sees what is documented; bad settings are refused
# nodes: 2
# seconds: 600
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/hb.bash
. "$RC_DIR/hb/hb.bash"

ceph osd pool create rbdshare 8 8 >/dev/null
hb_tools

say "without a cluster nothing is online"
[[ $(refuse 1 'modprobe rbd_hb && hbctl state') == *"not connected"* ]] || fail "state without a cluster"

say "bad settings: each is refused, and the kernel says why"
hb_configure 1
cluster=/sys/kernel/config/rbdshare/demo
bad() {
	local file=$1 value=$2 word=$3 good

	good=$(node 1 "cat $cluster/$file")
	node 1 "dmesg -C; echo $value >$cluster/$file"
	refuse 1 "echo 1 >$cluster/online" >/dev/null
	[[ $(node 1 dmesg) == *"$word"* ]] || fail "$file $value: $(node 1 dmesg)"
	node 1 "echo $good >$cluster/$file"
}
bad incarnation 0 "'incarnation' is not set"
bad number 7 "our number 7 belongs to none of the nodes"
bad dead_after_ms 100 "dead-after is below"
bad slow_after_ms 1000 "slow-after is below"
refuse 1 "echo x >$cluster/number" >/dev/null
refuse 1 "echo 1 >$cluster/nodes/a/number" >/dev/null
refuse 1 "mkdir $cluster/nodes/c && echo 1 >$cluster/nodes/c/number" >/dev/null
node 1 "rmdir $cluster/nodes/c"
refuse 1 "echo perhaps >$cluster/on_fenced" >/dev/null
refuse 1 "mkdir /sys/kernel/config/rbdshare/a-name-that-is-too-long" >/dev/null

say "both online"
hb_online 1
hb_configure 2
hb_online 2
refuse 1 "echo 5 >$cluster/number" >/dev/null
refuse 1 "echo 1 >$cluster/online" >/dev/null
on_each wait_until 30 gate_is @ "$GATE_OPEN"

say "what stands in the objects, read without our code"
slots() {
	local i

	for i in 0 1 2; do
		host rados -p rbdshare get "hb.demo.$i" "$VM_TMP/hb.$i"
	done
	python3 "$RC_DIR/hb/readslots.py" 2 "$VM_TMP"/hb.[012]
}
slots >"$VM_TMP/first"
sleep 5
slots >"$VM_TMP/second"
while read -r n incarnation counter _ && read -r -u 3 _ _ later _; do
	expect "incarnation" "$incarnation" "$((1001 + n))"
	((later > counter)) || fail "node $n: its counter stands still at $counter"
done <"$VM_TMP/first" 3<"$VM_TMP/second"

say "the list of nodes changes while it is online"
config_hash() { slots | sed -n "s/^$1 .* //p" | sort -u; }
expect "config_hash of node 1" "$(config_hash 0)" 0
node 1 "echo 18446744073709551615 >$cluster/config_hash"
wait_until 20 eval '[[ $(config_hash 0) == 18446744073709551615 ]]'
expect "config_hash of node 2" "$(config_hash 1)" 0
peer() { node "$1" hbctl peers | sed -n "s/^$2 //p"; }
# A slot on another page than those that were read so far.
expect "slot 9 before there is such a node" "$(peer 1 9)" ""
node 1 "mkdir $cluster/nodes/c && echo 9 >$cluster/nodes/c/number"
[[ $(node 1 dmesg) == *"slots of 10 nodes are read"* ]] || fail "the log does not say that there is a further node"
[[ $(peer 1 9) == none* && $(peer 1 8) == none* ]] || fail "nobody has written slots 8 and 9: $(node 1 hbctl peers)"
write_slot() {
	local i

	python3 "$RC_DIR/hb/makeslot.py" 9 4711 "$1" >"$VM_TMP/slot.9"
	for i in 0 1 2; do
		host rados -p rbdshare put "hb.demo.$i" "$VM_TMP/slot.9" --offset $((9 * 512))
	done
}
write_slot 5
wait_until 20 eval '[[ $(peer 1 9) == "incarnation 4711 counter 5 "* ]]'
write_slot 6
wait_until 20 eval '[[ $(peer 1 9) == "incarnation 4711 counter 6 "* ]]'
[[ $(peer 1 8) == none* ]] || fail "nobody has written slot 8: $(peer 1 8)"
expect "slot 9 at the node that was not told" "$(peer 2 9)" ""
node 1 "rmdir $cluster/nodes/c"
[[ $(peer 1 9) == "incarnation 4711 counter 6 "* ]] || fail "fewer slots are read while it is online: $(peer 1 9)"
gate_is 1 "$GATE_OPEN" || fail "the gate closed meanwhile: $(node 1 hbctl state)"

say "another host writes slot 0 too: node 1 notices, and goes on"
expect "clash at node 1" "$(hb_field 1 clash)" 0
python3 "$RC_DIR/hb/makeslot.py" 0 4711 1 >"$VM_TMP/slot.0"
# rados cuts the object there; node 2 writes its slot again with the next heartbeat.
intrude() {
	local i

	for i in 0 1 2; do
		host rados -p rbdshare put "hb.demo.$i" "$VM_TMP/slot.0" --offset 0
	done
	[[ $(hb_field 1 clash) == 1 ]]
}
wait_until 30 intrude
wait_until 30 eval '[[ $(hb_field 1 clash) == 0 ]]'
expect "clash at node 2" "$(hb_field 2 clash)" 0
gate_is 1 "$GATE_OPEN" || fail "the gate closed meanwhile: $(node 1 hbctl state)"

say "each sees the other; one that stops is seen to stand still"
still() { peer "$1" "$2" | sed -n 's/.* still \([0-9]*\).*/\1/p'; }
((10#$(still 1 1) <= 3)) || fail "node 2 writes, but node 1 sees: $(peer 1 1)"
node 2 'echo 0 >/sys/kernel/config/rbdshare/demo/online'
wait_until 60 eval '(($(still 1 1) > 3))'
((10#$(still 1 0) <= 3)) || fail "node 1 thinks that it stands still itself: $(peer 1 0)"

say "the daemon's part, and its silence"
wait_until 30 eval '[[ $(hb_field 1 flags) == 1 ]]'
node 1 'hbctl daemon hello && hbctl kick'
wait_until 10 eval '[[ $(peer 1 0) == *"flags 0 daemon hello"* ]]'
wait_until 30 eval '[[ $(hb_field 1 flags) == 1 ]]'

say "everything goes away"
hb_remove 1
hb_remove 2
