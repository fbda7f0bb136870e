# SPDX-License-Identifier: GPL-2.0
# What tests/vm/run does around each test: a clean cluster before, checks of the nodes after.
# shellcheck shell=bash

# Nothing of this may ever be in a kernel log.
BAD_DMESG='BUG:|BUG at|WARNING:|Oops|Call Trace|general protection|kernel NULL|unable to handle'
BAD_DMESG+='|INFO: (task|rcu|possible|trying)|rcu.*(stall|detected)|soft lockup|hard LOCKUP|blocked for more than'
BAD_DMESG+='|possible circular|inconsistent lock|suspicious RCU|scheduling while atomic|sleeping function called'
BAD_DMESG+='|refcount_t|UBSAN|KASAN|KCSAN|kmemleak|ODEBUG|list_(add|del) corruption|Bad page|slab .* corrupt'
BAD_DMESG+='|I/O error|lost (async|sync) page write|Kernel panic|Out of memory'
BAD_DMESG+='|Objects remaining in|still has [0-9]+ objects'
# A program that crashes, a daemon that is started again above all.
BAD_DMESG+='|segfault at|trap (invalid opcode|divide error)'

node_running() { [[ $'\n'$("$LAB" node list) == *$'\n'"node$1 running"* ]]; }

# lab_try SECONDS WORD...: on a busy machine (RBDSHARE_TIME_FACTOR) as many times longer.
lab_try() { timeout -k 5 $(($1 * FACTOR)) "$LAB" "${@:2}"; }

# What the storage itself says of a test that failed: was it there at all?
storage_state() {
	local n

	echo "--- the storage, after the failure"
	lab_try 30 host ceph health detail || true
	lab_try 30 host ceph pg stat || true
	for n in $VM_NODES; do
		lab_try 30 run --timeout $((20 * FACTOR)) "$n" 'for f in /sys/kernel/debug/ceph/*/osdc; do
			[ ! -e "$f" ] || { echo "$f"; head -n 12 "$f"; }; done' || true
	done
}

# All daemons run, no pool of an earlier test, nobody blocked, no cut.
clean_cluster() {
	local i pool n

	for n in 1 2 3; do
		"$LAB" heal "$n" 2>/dev/null || true
	done
	"$LAB" ceph mon thaw 2>/dev/null || true
	"$LAB" ceph mon start
	for i in 0 1; do
		"$LAB" ceph osd thaw "$i" 2>/dev/null || true
		"$LAB" ceph osd start "$i"
	done
	lab_try 60 host ceph osd unset pause >/dev/null 2>&1 || true
	for i in $(seq 60); do
		! lab_try 20 host ceph osd stat 2>/dev/null | grep -q '2 osds: 2 up' || break
		sleep 1
	done
	[[ $i -lt 60 ]] || {
		echo "the OSDs do not come up"
		return 1
	}
	lab_try 60 host ceph osd blocklist clear >/dev/null 2>&1 || true
	for pool in $(lab_try 60 host rados lspools); do
		[[ $pool == device_health_metrics || $pool == .mgr ]] ||
			lab_try 60 host ceph osd pool rm "$pool" "$pool" --yes-i-really-really-mean-it >/dev/null 2>&1
	done
}

mark_dmesg() {
	local n

	for n in $VM_NODES; do
		"$LAB" run --timeout $((30 * FACTOR)) "$n" "echo 'rbdshare-test: begin $1' > /dev/kmsg" || true
	done
}

# The kernel log of node $1 since the test began.
test_dmesg() {
	lab_try 60 run --timeout $((50 * FACTOR)) "$1" dmesg |
		awk -v mark="rbdshare-test: begin $VM_TEST" 'index($0, mark) { n = 0 } { l[n++] = $0 } END { for (i = 0; i < n; i++) print l[i] }'
}

# Undo what a test left: mounts, maps, the module. The module must unload.
clean_node() {
	# shellcheck disable=SC2016  # expanded in the node
	lab_try 120 run --timeout $((110 * FACTOR)) "$1" '
		for dev in $(ls /sys/bus/rbd/devices 2>/dev/null); do
			awk -v d="^/dev/rbd$dev(p[0-9]+)?\$" "\$1 ~ d { print \$2 }" /proc/mounts | sort -r |
				while read -r m; do umount "$m" || exit 1; done
		done || exit 1
		for dev in $(ls /sys/bus/rbd/devices 2>/dev/null); do
			echo "left mapped by the test: /dev/rbd$dev"
			rbd unmap "/dev/rbd$dev" || exit 1
		done
		for cluster in /sys/kernel/config/rbdshare/*/; do
			[ -d "$cluster" ] || continue
			echo "left online by the test: $cluster"
			echo 0 >"$cluster/online"
			rmdir "$cluster"/nodes/* "$cluster" || exit 1
		done
		[ ! -e /sys/module/rbd ] || { rmmod rbd_hb 2>/dev/null; rmmod rbd; }'
}

check_node() {
	local n=$1 log=$2 dmesg bad created destroyed

	if ! node_running "$n"; then
		CHECK_REASON="node $n died (panic?)"
		tail -n 40 "$(dirname "$OUT")/node$n/console.log" >>"$log"
		return 1
	fi
	if ! clean_node "$n" >>"$log" 2>&1; then
		CHECK_REASON="node $n could not be cleaned (umount, unmap, rmmod)"
	fi
	dmesg=$VM_TMP/dmesg$n
	test_dmesg "$n" >"$dmesg" 2>>"$log" || {
		CHECK_REASON="node $n does not answer after the test"
		return 1
	}
	grep -vE -f <(cat "$VM_TMP/allow" 2>/dev/null || true) "$dmesg" >"$dmesg.judged" || true
	[[ -s $VM_TMP/allow ]] || cp "$dmesg" "$dmesg.judged"
	bad=$(grep -E -m1 "$BAD_DMESG" "$dmesg.judged" || true)
	if [[ -n $bad ]]; then
		CHECK_REASON="kernel log of node $n: $bad"
		tail -n 60 "$dmesg" >>"$log"
	fi
	if [[ $DRIVER == ours ]]; then
		created=$(grep -cE 'rbd: (rbd[0-9]+: )?created' "$dmesg" || true)
		destroyed=$(grep -cE 'rbd: (rbd[0-9]+: )?destroyed' "$dmesg" || true)
		[[ $created -eq $destroyed ]] ||
			CHECK_REASON="node $n: $created devices created, $destroyed destroyed"
	fi
	[[ -z $CHECK_REASON ]]
}

# Sets CHECK_REASON; false when anything is wrong with any node.
check_nodes() {
	local n log=$1 reasons=''

	for n in $VM_NODES; do
		CHECK_REASON=
		check_node "$n" "$log" || reasons="${reasons:+$reasons; }$CHECK_REASON"
	done
	CHECK_REASON=$reasons
	[[ -z $reasons ]]
}
