# SPDX-License-Identifier: GPL-2.0
# A cluster of ours in the nodes of a test: set-up, filesystems, writers.
# shellcheck shell=bash disable=SC2016

CLUSTER=demo
# What the cluster itself says when it does its work.
allow_dmesg 'rbd_hb: demo: the gate is closed'
# Debian 12's fs/dlm copies a message with its name behind it, and the hardened memcpy complains of that.
allow_dmesg 'field-spanning write .* fs/dlm/requestqueue' 'WARNING: .* fs/dlm/requestqueue.c' 'Call Trace:'

# cluster_conf N...: of these nodes
cluster_conf() {
	local n

	printf 'cluster:\n\tnode_count = %d\n\tname = %s\n' $# "$CLUSTER"
	for n in "$@"; do
		printf '\nnode:\n\tip_port = 7777\n\tip_address = 10.79.0.%d\n' $((10 + n))
		printf '\tnumber = %d\n\tname = node%d\n\tcluster = %s\n' $((n - 1)) "$n" "$CLUSTER"
	done
}

# The pool and the first view, from a node as an administrator would; with $INIT_OPTIONS.
cluster_init() {
	local n

	for n in $VM_NODES; do
		# shellcheck disable=SC2086  # numbers
		cluster_conf $VM_NODES | put "$n" /etc/ocfs2/cluster.conf
	done
	node 1 "rbdshare cluster init ${INIT_OPTIONS:-}"
}

# daemon_start N...: loads what it needs and waits until the node takes part; $DAEMON may name another program.
daemon_start() {
	local n

	for n in "$@"; do
		node "$n" 'modprobe -a configfs dlm rbd rbd_hb ocfs2_stack_user ocfs2_nodemanager ocfs2 gfs2
			mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
			udevadm settle; setsid '"${DAEMON:-rbdshared}"' >>/tmp/rbdshared.log 2>&1 </dev/null & sleep 0.2'
	done
	for n in "$@"; do
		wait_until 120 member_is "$n" active
	done
}
daemon_stop() {
	local n

	for n in "$@"; do
		node "$n" 'pkill -x rbdshared; for i in $(seq 40); do pgrep -x rbdshared >/dev/null || exit 0; sleep 0.5; done; exit 1'
	done
}
# daemon_kill N SIGNAL
daemon_kill() { node "$1" "pkill -$2 -x rbdshared"; }

# status N JQ-EXPRESSION: of what the daemon of node N says
status() { node "$1" 'rbdshare cluster status --json || true' | jq -r "$2"; }
member_is() { [[ $(status "$1" .state) == "$2" ]]; }
# sees N OTHER STATE: node N has node OTHER in this state
sees() { [[ $(status "$1" ".nodes[] | select(.number == $(($2 - 1))) | .state") == "$3" ]]; }
settled() { [[ $(status "$1" '[.lockspaces[] | select((.settled | not) or .here != "running")] | length') == 0 ]]; }
# clients_of N OTHER: how many clients of Ceph node N has node OTHER registered with
clients_of() { status "$1" ".nodes[] | select(.number == $(($2 - 1))) | .clients | length"; }
has_clients() { [[ $(clients_of "$1" "$2") == "$3" ]]; }
slow_after_is() { [[ $(status "$1" .timeouts.slow_after_ms) == "$2" ]]; }
ticks_last() { [[ $(status "$1" .heartbeat.tick_ms) == "$2" ]]; }
fences() { status "$1" '.fences | length'; }

# shared_image NAME SIZE
shared_image() {
	rbd create "data/$1" --size "$2"
	rbd image-meta set "data/$1" rbdshare.mode shared
}

# filesystems: data/o with OCFS2 and data/g with GFS2, made in node 1, mounted nowhere.
filesystems() {
	pool data
	shared_image o 2G
	shared_image g 2G
	node 1 'rbd map data/o && rbd map data/g
		yes | mkfs.ocfs2 -q -F --cluster-stack=pcmk --cluster-name=demo -J size=16M -N 4 /dev/rbd/data/o
		mkfs.gfs2 -q -O -p lock_dlm -t demo:g -j 3 -J 16 /dev/rbd/data/g'
}
mount_both() {
	node "$1" '[ -e /dev/rbd/data/o ] || rbd map data/o; [ -e /dev/rbd/data/g ] || rbd map data/g
		mkdir -p /mnt/o /mnt/g; mount -t ocfs2 /dev/rbd/data/o /mnt/o && mount -t gfs2 /dev/rbd/data/g /mnt/g'
}
umount_both() { node "$1" 'umount /mnt/o /mnt/g && rbd unmap data/o && rbd unmap data/g'; }
# Both filesystems are whole; they are mounted nowhere. $LOST nodes were lost since that was last looked at
# (0): each may have left a file of GFS2 behind that was just being made or removed, see gfs2-verdict.py. Any other
# finding is damage, and the image stays beside the log.
fsck_both() {
	local said

	node 1 'rbd map data/o && rbd map data/g'
	node 1 'fsck.ocfs2 -fn /dev/rbd/data/o' >"$VM_TMP/fsck.o" 2>&1 ||
		fail "OCFS2 is damaged: $(tail -n 5 "$VM_TMP/fsck.o")"
	if ! node 1 'fsck.gfs2 -n /dev/rbd/data/g' >"$VM_TMP/fsck.g" 2>&1; then
		rm -f "$VM_TMP/g.img"
		rbd export data/g "$VM_TMP/g.img" --no-progress
		said=$(python3 "$RC_DIR/gfs2-verdict.py" "${LOST:-0}" "$VM_TMP/g.img" <"$VM_TMP/fsck.g") ||
			fail "GFS2 is damaged: $said"
		say "GFS2: $said"
		# So the next look finds what is new.
		node 1 'fsck.gfs2 -y /dev/rbd/data/g >/dev/null 2>&1 || true; fsck.gfs2 -n /dev/rbd/data/g >/dev/null 2>&1' ||
			fail "GFS2 cannot be repaired"
	fi
	node 1 'rbd unmap data/o && rbd unmap data/g'
}

# whole_again N...: those that take part write no more and unmount; the filesystems are whole
whole_again() {
	local n

	for n in "$@"; do
		writers_stop "$n"
	done
	for n in "$@"; do
		umount_both "$n"
	done
	fsck_both
}

# writers N...: on both filesystems; each writes and syncs, and makes files for which it needs locks of others.
writers() {
	local n

	for n in "$@"; do
		"$LAB" push "$n" "$RC_DIR/cluster/writer.py" /tmp/writer.py
		node "$n" 'rm -f /tmp/beats.*
			for m in o g; do setsid python3 /tmp/writer.py /mnt/$m/$(hostname) /tmp/beats.$m >/tmp/writer.$m.log 2>&1 </dev/null &
			done; sleep 0.2'
	done
	for n in "$@"; do
		wait_until 60 node "$n" 'test -s /tmp/beats.o -a -s /tmp/beats.g'
	done
}
# written N FS: how often its writer got through
written() { node "$1" "wc -c </tmp/beats.$2"; }
# goes_on N FS: it has written since it was asked
goes_on() {
	local before

	before=$(written "$1" "$2")
	wait_until "${3:-60}" more_than "$1" "$2" "$before"
}
more_than() { (($(written "$1" "$2") > $3)); }
# stands_still N FS SECONDS
stands_still() {
	local before

	before=$(written "$1" "$2")
	sleep "$3"
	expect "writes of node $1 on /mnt/$2 while it must not" "$(written "$1" "$2")" "$before"
}
# longest_gap N FS: in tenths of a second, since the writer began or forget_gaps
longest_gap() { node "$1" "cut -d' ' -f 1 /tmp/beats.$2.gap"; }
# notice_fence N: from here on the time is taken when node N accuses another one, and when it is decided
notice_fence() {
	"$LAB" push "$1" "$RC_DIR/cluster/noticed.py" /tmp/noticed.py
	node "$1" 'rm -f /tmp/fence.*; setsid python3 /tmp/noticed.py /tmp/rbdshared.log "is accused:/tmp/fence.accused" \
		"is to be cut off:/tmp/fence.decided" >/dev/null 2>&1 </dev/null & sleep 0.2'
}
# behind N WHAT FS: tenths of a second from then to the end of the longest pause of node N on FS
behind() { node "$1" "echo \$((\$(cut -d' ' -f 2 /tmp/beats.$3.gap) - \$(cat /tmp/fence.$2)))"; }
forget_gaps() { node "$1" 'pkill -USR1 -f [w]riter.py; sleep 0.3'; }
writers_stop() { node "$1" 'pkill -f [w]riter.py; for i in $(seq 100); do pgrep -f [w]riter.py >/dev/null || exit 0; sleep 0.2; done; exit 1'; }
gate_is() { [[ $(status "$1" .gate) == "$2" ]]; }
# need_node N: it was powered off; it boots again as it did the first time
need_node() { "$LAB" node start "$1" --kernel "$KERNEL" --driver ours --mem "${MEMORY:-1024}"; }
node_running() { [[ $'\n'$("$LAB" node list) == *$'\n'"node$1 running"* ]]; }
