# SPDX-License-Identifier: GPL-2.0
# Bring rbd_hb online in the nodes of a test, and look at what it does.
# shellcheck shell=bash disable=SC2016

hb_tools() {
	"$RC_DIR/hb/build" "$VM_TMP/hbctl" || fail "there is no hbctl"
	on_each lab push @ "$VM_TMP/hbctl" /usr/local/bin/hbctl
	on_all 'chmod 755 /usr/local/bin/hbctl'
}

# on_each COMMAND...: with @ replaced by the number of each node.
on_each() {
	local n

	for n in $VM_NODES; do
		"${@//@/$n}"
	done
}

# hb_configure N: all but "online"; node N gets the number N-1.
hb_configure() {
	local n=$1 mons key

	mons=$(ceph mon dump -f json 2>/dev/null |
		jq -r '[.mons[].public_addrs.addrvec[] | select(.type == "v1") | .addr] | join(",")')
	key=$(ceph auth get-key client.admin)
	node "$n" "modprobe rbd_hb && { mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config; }
		cd /sys/kernel/config/rbdshare && mkdir demo && cd demo && mkdir nodes/a nodes/b
		echo 0 >nodes/a/number; echo 1 >nodes/b/number
		echo 10.79.0.11 >nodes/a/address
		echo '$mons name=admin,secret=$key rbdshare' >connection
		echo $((n - 1)) >number; echo $((1000 + n)) >incarnation
		tr -d - </proc/sys/kernel/random/boot_id >boot_id"
}
hb_online() { node "$1" 'echo 1 >/sys/kernel/config/rbdshare/demo/online'; }
hb_remove() {
	node "$1" 'cd /sys/kernel/config/rbdshare && echo 0 >demo/online && rmdir demo/nodes/a demo/nodes/b demo && rmmod rbd_hb'
}

# The stand-in for the daemon, which answers "may this be mapped" with ERRNO.
hb_serve() {
	node "$1" "setsid hbctl serve ${2:-0} >/tmp/events 2>&1 </dev/null & echo \$! >/tmp/serve.pid"
	wait_until 20 hb_served "$1"
}
hb_served() { [[ $(node "$1" 'hbctl peers') == *"daemon served"* ]]; }
hb_unserve() { node "$1" 'kill $(cat /tmp/serve.pid)'; }

# hb_field N NAME: of the node's own state
hb_field() { node "$1" hbctl state | sed -n "s/.* $2 \([^ ]*\).*/\1/p"; }
gate_is() { [[ $(hb_field "$1" gate) == "$2" ]]; }
GATE_OPEN=0 GATE_LEASE=1 GATE_FROZEN=2 GATE_FENCED=3
export GATE_OPEN GATE_LEASE GATE_FROZEN GATE_FENCED
