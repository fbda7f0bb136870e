# SPDX-License-Identifier: GPL-2.0
# topic: a node that is set up wrongly is turned away with a sentence; the one that runs does not notice
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

# While the pool is full.
allow_dmesg 'blocked for more than' 'INFO: task'

# turned_away COMMAND TEXT...: the daemon of node 2, started by COMMAND, ends with these words
turned_away() {
	local said text

	said=$(refuse 2 "timeout 100 $1")
	shift
	for text in "$@"; do
		[[ $said == *"$text"* ]] || fail "no word of '$text' in: $said"
	done
	say "  ${said##*rbdshared: }"
	expect "heartbeats of node 2" "$(node 2 'ls /sys/kernel/config/rbdshare')" ''
	undisturbed
}
life() { status 1 '[.incarnation, (.lockspaces[] | .generation)] | join(" ")'; }
undisturbed() {
	expect "fences" "$(fences 1)" 0
	expect "state of node 1" "$(status 1 .state)" active
	expect "nodes that take part" "$(status 1 '[.nodes[] | select(.state != "none" and .state != "left")] | length')" 1
	expect "life and generations of node 1" "$(life)" "$before"
	goes_on 1 o
}
# conf N TEXT SED-EXPRESSION: cluster.conf of node N, changed
conf() { cluster_conf 1 2 | sed "$2" | put "$1" /etc/ocfs2/cluster.conf; }

cluster_init
# What is wrong in both files first.
for n in 1 2; do
	conf $n 's/= 10.79.0.12/= 10.79.0.99/'
done
daemon_start 1
filesystems
mount_both 1
writers 1
wait_until 60 settled 1
before=$(life)
node 2 'modprobe -a configfs dlm rbd rbd_hb; mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config'

say "an address that this host does not have"
turned_away rbdshared '10.79.0.99, is on no interface here'

say "another cluster.conf than the node that runs"
conf 2 's/= 10.79.0.12/= 10.79.0.13/'
turned_away rbdshared 'cluster.conf is not the same as on node1' \
	'number 1 is node2 (10.79.0.13) here, node2 (10.79.0.99) there'
conf 2 's/number = 1/number = 7/'
turned_away rbdshared 'not the same as on node1' 'number 1 is nobody here'

say "a number that belongs to the node that runs"
conf 2 's/number = 0/number = 5/; s/number = 1/number = 0/'
turned_away rbdshared 'number 0 is that of node1'

say "a copy of the node that runs"
conf 2 's/= 10.79.0.12/= 10.79.0.99/'
node 2 'hostname node1'
turned_away rbdshared 'another host runs as node 0 (node1)' 'is this one a copy'
node 2 'hostname node2'

say "no rights, a key that does not exist, a pool that does not exist"
ceph auth get-or-create client.weak mon 'allow r' >"$VM_TMP/weak" 2>/dev/null
put 2 /etc/ceph/ceph.client.weak.keyring <"$VM_TMP/weak"
printf '[client.nobody]\n\tkey = AQDIcuFkAAAAABAAzUbBeZsVAgEk7vDBUxW9gg==\n' | put 2 /etc/ceph/ceph.client.nobody.keyring
turned_away 'env RBDSHARE_ID=weak RBDSHARE_KEYRING=/etc/ceph/ceph.client.weak.keyring rbdshared' 'too few rights'
turned_away 'env RBDSHARE_ID=nobody RBDSHARE_KEYRING=/etc/ceph/ceph.client.nobody.keyring rbdshared' 'client.nobody'
turned_away 'env RBDSHARE_POOL=nowhere rbdshared' "there is no pool 'nowhere'" 'rbdshare cluster init'

say "no monitor: it waits, and says so"
lab cut 2 storage
node 2 'setsid rbdshared >/tmp/waits.log 2>&1 </dev/null & sleep 0.2'
wait_until 60 node 2 'grep -q "trying again" /tmp/waits.log'
undisturbed
lab heal 2
node 2 'pkill -KILL -x rbdshared'
wait_until 20 node 2 '! pgrep -x rbdshared'

say "who runs takes the right file while it runs, and no wrong one"
conf 1 's/= 10.79.0.11/= 10.79.0.99/'
refuse 1 'rbdshare cluster reload' | grep -q 'address' || fail "no word on the address that changed"
conf 1 '/^node:/,$d'
refuse 1 'rbdshare cluster reload' >/dev/null
for n in 1 2; do
	conf $n ''
done
node 1 'rbdshare cluster reload 2>&1' | grep -q node2 || fail "no word on the node that changed"
undisturbed

say "the ports of the lock manager are closed in one direction, then in the other"
# ports_closed N open|closed: what comes for TCP port 21064 of node N
ports() {
	node "$1" "modprobe -a sch_ingress cls_u32 act_gact; dev=\$(ip -o -4 addr | awk '/ 10\\.79\\./ { print \$2 }')
		tc qdisc del dev \$dev clsact 2>/dev/null
		[ $2 = open ] || { tc qdisc add dev \$dev clsact && tc filter add dev \$dev ingress protocol ip \
			u32 match ip protocol 6 0xff match ip dport 21064 0xffff action drop; }"
}
trouble() { status 2 '.advice | join(" ")'; }
has_trouble() { [[ $(trouble) == *"$1"* ]]; }
for n in 1 2; do
	ports $n closed
	node 2 'setsid rbdshared >/tmp/ports.log 2>&1 </dev/null & sleep 0.2'
	if ((n == 1)); then
		wait_until 60 has_trouble 'node1: its TCP port 21064 (lock manager) cannot be reached from here'
	else
		wait_until 60 has_trouble 'node1: it cannot reach TCP port 21064 (lock manager) of this node'
	fi
	sleep 15
	expect "state of node 2" "$(status 2 .state)" joining
	refuse 2 'rbdshare cluster wait --timeout 3' >/dev/null
	expect "fences" "$(fences 1)" 0
	goes_on 1 o
	ports $n open
	wait_until 60 member_is 2 active
	daemon_stop 2
	wait_until 30 sees 1 2 left
done
undisturbed

say "a full pool: a newcomer is refused, who runs waits, and all goes on when there is room"
ceph osd pool set-quota rbdshare max_objects 1 >/dev/null 2>&1
is_full() { [[ $(ceph health detail 2>/dev/null) == *"pool 'rbdshare' is full"* ]]; }
wait_until 60 is_full
[[ $(refuse 2 'timeout 100 rbdshared') == *'the pool rbdshare is full'* ]] || fail "no word of the full pool"
wait_until 60 gate_is 1 lease
expect "fences" "$(fences 1)" 0
daemon_stop 1
node 1 'setsid rbdshared >>/tmp/rbdshared.log 2>&1 </dev/null & sleep 0.2'
# The next one takes the node over while nothing can be written.
wait_until 60 gate_is 1 lease
ceph osd pool set-quota rbdshare max_objects 0 >/dev/null 2>&1
wait_until 60 gate_is 1 open
goes_on 1 o
expect "fences" "$(fences 1)" 0

daemon_start 2
writers_stop 1
umount_both 1
fsck_both
daemon_stop 1 2

say "two hosts with one number begin at the same moment: that is told, and when one stops the other takes part"
node 2 'hostname node1; ip addr add 10.79.0.11/32 dev lo'
for n in 1 2; do
	node $n 'setsid rbdshared >/tmp/both.log 2>&1 </dev/null & sleep 0.2' &
done
wait
# Either one is refused, or both write heartbeats and say that.
told() { node "$1" "grep -q 'another host $2' /tmp/both.log"; }
any_told() { told 1 runs || told 2 runs || told 1 writes || told 2 writes; }
wait_until 60 any_told
say "  $(for n in 1 2; do node $n 'grep -m1 "another host" /tmp/both.log || true'; done | sed -n 1p)"
for n in 1 2; do
	if told $n writes; then
		[[ $(status $n '.advice | join(" ")') == *'another host'*'runs as node 0'* ]] || fail "status of node $n does not say so"
	fi
done
node 2 'pkill -KILL -x rbdshared; c=/sys/kernel/config/rbdshare/demo; [ ! -d $c ] || { echo 0 >$c/online; rmdir $c/nodes/* $c; }'
daemon_start 1
node 2 'hostname node2; ip addr del 10.79.0.11/32 dev lo'
daemon_stop 1
