# SPDX-License-Identifier: GPL-2.0
# topic: heartbeats under a saturating load of the same node, with packets lost and late: nobody is fenced
# nodes: 2
# seconds: 5400
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

# RBDSHARE_MINUTES=60 measures; so long it takes with losses, and 5 minutes at most without.
LOSSES_MINUTES=${RBDSHARE_MINUTES:-2}
MINUTES=$((LOSSES_MINUTES < 5 ? LOSSES_MINUTES : 5))

# Counts of heartbeats of node N by their time, "BOUND COUNT" each.
heartbeats() { node "$1" 'rbdshare cluster metrics' | sed -n 's/^rbdcl_heartbeat_seconds_bucket{le="\(.*\)"} /\1 /p'; }
# tail_of BEFORE AFTER: "N BOUND": of so many heartbeats 99 of 100 took no longer than that
tail_of() {
	paste -d ' ' <(echo "$1") <(echo "$2") |
		awk '{ le[NR] = $3; n[NR] = $4 - $2 }
			END { for (i = 1; i <= NR; i++) if (n[i] >= 0.99 * n[NR]) { print n[NR], le[i]; exit } }'
}
# late_ones BEFORE AFTER: so many heartbeats took more than 2 s
late_ones() {
	paste -d ' ' <(echo "$1") <(echo "$2") | awk '$1 == "2" { in_time = $4 - $2 } { all = $4 - $2 } END { print all - in_time }'
}
# A load that keeps the storage's queue full.
load() {
	node "$1" "setsid fio --name=load --filename=/dev/rbd/data/load --rw=randwrite --bs=64k --iodepth=16 --ioengine=libaio --direct=1 \
		--offset=$(($1 * 256 - 256))M --size=256M --time_based --runtime=$((MINUTES * 60)) --minimal >/tmp/fio.log 2>&1 </dev/null & sleep 0.2"
}
# How often the view took back an accusation, or made one.
accusations() { node "$1" 'rbdshare cluster history --json' | jq '[.events[] | select(.state == "suspect" or .state == "cut")] | length'; }
# part NAME: the load runs, and what it did to heartbeats is told
part() {
	local before=() after n bound count late

	for n in 1 2; do
		before[n]=$(heartbeats "$n")
		load "$n"
	done
	"${2:-sleep}" $((MINUTES * 60))
	for n in 1 2; do
		wait_until 120 node "$n" '! pgrep -x fio'
		after=$(heartbeats "$n")
		read -r count bound < <(tail_of "${before[n]}" "$after")
		figure "$1: node $n: of $count heartbeats 99 of 100 took at most $bound s"
		((count > MINUTES * 20)) || fail "node $n only had $count heartbeats in $MINUTES minutes"
		# 1 s is the aim on a machine of its own. With losses it shows those.
		[[ -n ${2:-} || ($bound != +Inf && $bound != 10) ]] ||
			fail "$1: 99 of 100 heartbeats of node $n took up to $bound s"
		[[ -n ${2:-} ]] || continue
		late=$(late_ones "${before[n]}" "$after")
		figure "$1: node $n: $late heartbeats took more than 2 s"
		((late > 0)) || fail "$1: the delays did not reach the heartbeats of node $n"
	done
}
# Each packet of both nodes is lost with a chance of 1 in 100; now and then all that a node sends in 5 s is late by
# 5 s. The node itself ends that: an order to do so would come late, too.
disturb() {
	local end=$((SECONDS + $1)) n

	for n in 1 2; do
		network "$n" replace 'loss 1%'
	done
	while ((SECONDS < end)); do
		sleep 20
		n=$((3 - n))
		node "$n" "setsid sh -c '$(netem change 'loss 1% delay 5s'); sleep 5; $(netem change 'loss 1% delay 0ms')' >/dev/null 2>&1 </dev/null &"
		sleep 15
	done
	for n in 1 2; do
		network "$n" replace 'delay 0ms'
	done
}
# netem VERB HOW: as a command, for all networks: of the storage, among the nodes, with us
netem() { echo "for d in \$(ip -o -4 addr | grep -o \"eth[0-9]* *inet 10[.]7[789]\" | cut -d\" \" -f1); do tc qdisc $1 dev \$d root netem $2; done"; }
network() { node "$1" "$(netem "$2" "$3")"; }

cluster_init
daemon_start 1 2
filesystems
shared_image load 512M
node 1 'rbd map data/load'
node 2 'modprobe sch_netem; rbd map data/load'
node 1 'modprobe sch_netem'
mount_both 1
mount_both 2
writers 1 2

say "both nodes write as fast as they can for $MINUTES minutes"
part "load"
MINUTES=$LOSSES_MINUTES
say "the same while the networks lose and delay packets"
part "load and losses" disturb

expect "fences" "$(fences 1)" 0
figure "fences: 0; accusations: $(accusations 1)"
for n in 1 2; do
	goes_on "$n" o 120
	goes_on "$n" g 120
	node "$n" 'rbd unmap data/load'
	writers_stop "$n"
	umount_both "$n"
done
fsck_both
daemon_stop 1 2
