# SPDX-License-Identifier: GPL-2.0
# topic: an OSD that does not know of the blocklist yet holds a fence up until it does; without the sweep a write arrives behind the fence
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"
# Of the device that is cut off.
allow_dmesg 'fenced: the cluster blocklisted' 'I/O error, dev rbd' 'blocked for more than' 'INFO: task'

INIT_OPTIONS=--fast
REPO=$(cd "$RC_DIR/../.." && pwd)
# How long the fence has to wait for the OSD, and how long nothing may arrive behind it.
HOLD_S=20
WATCH_S=20
# For a write that has to come.
CONTROL_S=120

# only_on OSD POOL: the pool lives on this OSD alone. Were the cluster's own objects on the one that
# lacks the map, their writes would wait for it, and with them the fence.
only_on() {
	ceph osd crush rm-device-class "osd.$1" >/dev/null 2>&1
	ceph osd crush set-device-class "only$1" "osd.$1" >/dev/null 2>&1
	ceph osd crush rule create-replicated "only$1" default osd "only$1"
	ceph osd pool set "$2" crush_rule "only$1" >/dev/null 2>&1
	wait_until 60 lives_on "$1" "$2"
}
lives_on() { [[ $(ceph pg ls-by-pool "$2" -f json 2>/dev/null | jq -c '[.pg_stats[] | .acting, .state] | unique') == "[\"active+clean\",[$1]]" ]]; }

# Without the sweep: what the daemon that is installed cannot do.
nosweep_daemon() {
	cp -a "$REPO/userspace/build" "$VM_TMP/build"
	rm "$VM_TMP/build/rbdshared"
	gcc -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Werror -I"$REPO/userspace" -c -o "$VM_TMP/nosweep.o" "$RC_DIR/cluster/nosweep.c"
	make -s -C "$REPO/userspace" B="$VM_TMP/build" LDFLAGS="-Wl,--wrap=sweep_pool $VM_TMP/nosweep.o" "$VM_TMP/build/rbdshared"
}

# The OSD's keeper, see tests/daemon/mapholder.c.
holder_begins() {
	mkfifo "$VM_TMP/commands"
	exec 7<>"$VM_TMP/commands"
	: >"$VM_TMP/answers"
	host bash -c 'exec "$1" data "$2" "$3" <"$4" >"$5" 2>&1' - "$REPO/tests/build/daemon/mapholder" "$OBJECT" \
		"$(cat "${RBDSHARE_LAB:-/tmp/rbdshare-lab}/$RBDSHARE_LAB_NAME/ceph/osd.0.pid")" \
		"$VM_TMP/commands" "$VM_TMP/answers" 7>&- &
	HOLDER=$!
}
# ask COMMAND: prints the answer
ask() {
	local before

	before=$(wc -l <"$VM_TMP/answers")
	echo "$1" >&7
	wait_until 30 answered $((before + 1)) >&2
	kill -0 $HOLDER || fail "mapholder ended: $(tail -n 1 "$VM_TMP/answers")" >&2
	tail -n 1 "$VM_TMP/answers"
}
answered() { (($(wc -l <"$VM_TMP/answers") >= $1)) || ! kill -0 $HOLDER; }
holder_ends() {
	exec 7>&-
	wait $HOLDER
	rm "$VM_TMP/commands" "$VM_TMP/answers"
}

# Node 2 is a member with a device of its own and stamps it.
victim_begins() {
	node_running 2 || need_node 2
	cluster_conf 1 2 | put 2 /etc/ocfs2/cluster.conf
	daemon_start 2
	lab push 2 "$VM_TMP/stamper" /usr/local/bin/stamper
	node 2 'chmod 755 /usr/local/bin/stamper; rbd map data/late && setsid stamper /dev/rbd/data/late \
		$(rbdshare cluster status --json | jq -r .incarnation) >/tmp/stamper.log 2>&1 </dev/null & sleep 1'
}
stamps_change() {
	local before

	before=$(ask look)
	wait_until "$1" looks_not_like "$before"
}
looks_not_like() { [[ $(ask look) != "$1" ]]; }
is_listed() { ceph osd blocklist ls 2>/dev/null | grep -q '^10.77.0.12:'; }
fence_waits() { [[ $(status 1 '.fencing | .stage == "sweeping" and .waiting_ms > 2000') == true ]]; }

cluster_init
pool data
only_on 0 data
only_on 1 rbdshare
shared_image late 16M
OBJECT=rbd_data.$(rbd info data/late --format json | jq -r .id).0000000000000000
gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$VM_TMP/stamper" "$RC_DIR/cluster/stamper.c"
make -s -C "$REPO/tests/daemon"
nosweep_daemon
node 1 'mkdir -p /tmp/nosweep'
lab push 1 "$VM_TMP/build/rbdshared" /tmp/nosweep/rbdshared
node 1 'chmod 755 /tmp/nosweep/rbdshared'

say "the OSD does not get the map: the fence is not done before it does, and then nothing arrives"
daemon_start 1
victim_begins
holder_begins
stamps_change 30
expect "the OSD" "$(ask hold)" held
stamps_change 30
lab node freeze 2
wait_until 60 is_listed
wait_until 60 fence_waits
for ((i = 0; i < HOLD_S; i++)); do
	sees 1 2 fencing || fail "node 1 was told that the fence is done before the OSD knew of it"
	sleep 1
done
expect "the OSD" "$(ask go)" "goes on"
wait_until 60 sees 1 2 fenced
told=$(ask look)
lab node thaw 2
sleep "$WATCH_S"
expect "what is stored behind the fence" "$(ask look)" "$told"
holder_ends
lab node poweroff 2
daemon_stop 1

say "control: without the sweep node 1 is told early, and the write arrives"
DAEMON=/tmp/nosweep/rbdshared daemon_start 1
victim_begins
holder_begins
stamps_change 30
expect "the OSD" "$(ask hold)" held
lab node freeze 2
wait_until 60 sees 1 2 fenced
told=$(ask look)
lab node thaw 2
wait_until "$CONTROL_S" looks_not_like "$told"
expect "the OSD" "$(ask go)" "goes on"
holder_ends
lab node poweroff 2
daemon_stop 1
need_node 2
