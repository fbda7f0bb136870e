# SPDX-License-Identifier: GPL-2.0
# topic: once a survivor is told that a node is cut off, no write of it arrives any more, whatever is done to it
# nodes: 2
# seconds: 1500
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# Of the device that is cut off.
allow_dmesg 'fenced: the cluster blocklisted' 'I/O error, dev rbd' 'blocked for more than' 'INFO: task'

# RBDSHARE_ROUNDS=200 for a soak; each fault in turn; RBDSHARE_PROFILE=fast for shorter time-outs.
ROUNDS=${RBDSHARE_ROUNDS:-2}
INIT_OPTIONS=${RBDSHARE_PROFILE:+--$RBDSHARE_PROFILE}
# A boot takes an emulated machine longer than all else.
FAULTS=(cut freeze cut freeze poweroff)
# A client that lost its connection tries again each 15 s.
WATCH_S=20
# The same for a write that has to come.
CONTROL_S=300
# Of a blocklist entry for which nobody names a time; Ceph's own is an hour. A frozen node sleeps
# longer than that behind its fence.
EXPIRY_S=15

gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$VM_TMP/stamper" "$RC_DIR/cluster/stamper.c" || fail "stamper.c does not compile"

stamps() {
	rm -f "$VM_TMP/stamps"
	rbd export data/late "$VM_TMP/stamps" --no-progress >/dev/null
	md5sum <"$VM_TMP/stamps"
}
# Node 2 is a member with a device of its own and stamps it.
victim_begins() {
	if ! node_running 2 || ! node 2 'pgrep -x rbdshared >/dev/null'; then
		node_running 2 || need_node 2
		# shellcheck disable=SC2086  # numbers
		cluster_conf $VM_NODES | put 2 /etc/ocfs2/cluster.conf
		daemon_start 2
	fi
	lab push 2 "$VM_TMP/stamper" /usr/local/bin/stamper
	node 2 'chmod 755 /usr/local/bin/stamper; rbd map data/late && setsid stamper /dev/rbd/data/late \
		$(rbdshare cluster status --json | jq -r .incarnation) >/tmp/stamper.log 2>&1 </dev/null & sleep 1'
	# A client that nobody registers: it shows by its watch on the image.
	node 2 'setsid rbd bench data/late --io-type write --io-size 4096 --io-threads 2 --io-total 1T --io-pattern rand \
		>/tmp/bench.log 2>&1 </dev/null &'
	wait_until 60 watched_twice_by 10.77.0.12
	local before
	before=$(stamps)
	wait_until 30 changed_since "$before"
}
# The kernel's watch, and the one of rbd bench.
watched_twice_by() { (($(watchers_of "$1" | wc -w) >= 2)); }
watchers_of() { rbd status data/late 2>/dev/null | sed -n "s/.*watcher=\($1:[^ ]*\) .*/\1/p"; }
changed_since() { [[ $(stamps) != "$1" ]]; }

hit() {
	case $1 in
	cut)
		lab cut 2 storage
		lab cut 2 peers
		;;
	freeze) lab node freeze 2 ;;
	poweroff) lab node poweroff 2 ;;
	esac
}
# What it still has in its queues goes out now.
undo() {
	case $1 in
	cut) lab heal 2 ;;
	freeze)
		sleep $((EXPIRY_S + 5))
		lab node thaw 2
		;;
	esac
}
# late FAULT: are there late writes?
late() {
	local first end found=1

	first=$(stamps)
	undo "$1"
	end=$((SECONDS + WATCH_S))
	while ((SECONDS < end)) && ((found)); do
		! changed_since "$first" || found=0
		sleep 0.5
	done
	return $found
}
# The fenced life ends, and the daemon begins a new one; without a reboot where the node still runs.
victim_ends() {
	[[ $1 != poweroff ]] || return 0
	wait_until 60 member_is 2 fenced
	node 2 'pkill -KILL -x stamper; pkill -KILL -x rbd; rbdshare unmap --full-force /dev/rbd/data/late'
	wait_until 120 member_is 2 active
}

cluster_init
ceph config set mon mon_osd_blocklist_default_expire $EXPIRY_S
daemon_start 1
pool data
shared_image late 16M
# Forgotten clients are looked for on what the survivor maps: there they would do harm.
node 1 'rbd map data/late' >/dev/null

for ((round = 0; round < ROUNDS; round++)); do
	fault=${FAULTS[round % ${#FAULTS[@]}]}
	say "round $((round + 1)) of $ROUNDS: $fault"
	victim_begins
	watchers=$(watchers_of 10.77.0.12)
	hit "$fault"
	wait_until 120 sees 1 2 fenced
	listed=$(ceph osd blocklist ls 2>/dev/null)
	for watcher in $watchers; do
		[[ $listed == *"$watcher "* ]] || fail "$watcher is not cut off (round $((round + 1)), $fault)"
	done
	! late "$fault" || fail "a write of the fenced node arrived (round $((round + 1)), $fault)"
	victim_ends "$fault"
done

figure "late writes in $ROUNDS rounds: 0"

# forget_fence CLIENTS COMMAND: the daemon's entries go, and the command is given each of them. The
# daemon would put them back within a minute, so it stands still.
forget_fence() {
	local client

	daemon_kill 1 STOP
	for client in $1; do
		ceph osd blocklist rm "$client" >/dev/null 2>&1 || fail "there was no entry for $client"
		"$2" "$client" >/dev/null 2>&1
	done
}
# Those that are registered, and the one that is not.
all_clients() {
	{
		status 1 '.nodes[] | select(.number == 1) | .clients[]'
		watchers_of 10.77.0.12
	} | sort -u
}
for_default_time() { ceph osd blocklist add "$1"; }
ran_out() {
	local client listed

	listed=$(ceph osd blocklist ls 2>/dev/null)
	for client in $1; do
		[[ $listed != *"$client "* ]] || return 1
	done
}

say "control: with entries that last for Ceph's default time, the same detector finds the late write of the frozen node"
WATCH_S=$CONTROL_S
victim_begins
clients=$(all_clients)
hit freeze
wait_until 120 sees 1 2 fenced
forget_fence "$clients" for_default_time
wait_until 60 ran_out "$clients"
late freeze || fail "the detector does not see a write behind an entry that ran out"
lab node poweroff 2
daemon_kill 1 CONT

say "control: with the blocklist emptied behind the fence's back, it finds that of the node that was cut off"
victim_begins
clients=$(all_clients)
hit cut
wait_until 120 sees 1 2 fenced
forget_fence "$clients" true
late cut || fail "the detector does not see a late write"
lab node poweroff 2
daemon_kill 1 CONT
node 1 'rbd unmap /dev/rbd/data/late'
daemon_stop 1
need_node 2
ceph config rm mon mon_osd_blocklist_default_expire
