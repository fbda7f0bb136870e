# SPDX-License-Identifier: GPL-2.0
# topic: a fence that waits for a placement group without a home: status names it, confirm ends it; postmortem tells the story
# nodes: 2
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

waits_for_group() { [[ $(status 1 '.fencing.waiting_ms // 0') -gt 0 ]]; }
cli() { node 1 "rbdshare cluster $1 2>&1 || true"; }

cluster_init
daemon_start 1 2
pool data
shared_image c 64M
node 2 'rbd map data/c && dd if=/dev/zero of=/dev/rbd/data/c bs=1M count=4 oflag=direct status=none'
pattern='*is not being cut off (it is: active)*'
# shellcheck disable=SC2053  # a pattern
[[ $(cli 'confirm node2 --yes') == $pattern ]] || fail "a node that runs could be confirmed"

say "a pool whose placement groups have no OSD: a fence cannot be proved"
ceph osd crush add-bucket empty root
ceph osd crush rule create-replicated nowhere empty osd
ceph osd pool create void 4 4 replicated nowhere
ceph osd pool application enable void rbd
clients=$(status 1 '[.nodes[] | select(.number == 1) | .clients[]] | join(" ")')
lab node poweroff 2
wait_until 90 sees 1 2 fencing
wait_until 60 waits_for_group
sleep 5
expect "state without a proof" "$(status 1 '.nodes[] | select(.number == 1) | .state')" fencing
text=$(cli status)
say "$text"
[[ $text == *"placement groups have answered"*"ceph pg "*" query; or, if node2 is switched off for certain: rbdshare cluster confirm node2"* ]] ||
	fail "status does not say what is waited for"

say "the administrator's word ends it, and the clients of the node are on the blocklist"
[[ $(cli 'confirm node2 </dev/null') == *"add --yes"* ]] || fail "confirm did not ask"
[[ $(cli 'confirm node2 --yes') == *"confirmed that node2"* ]] || fail "confirm failed"
wait_until 30 sees 1 2 fenced
(($(status 1 '[.fences[] | select(.node == 1)][0].epoch') > 0)) || fail "the fence has no epoch"
[[ $(wc -w <<<"$clients") -ge 3 ]] || fail "node 2 had registered no more than: $clients"
for client in $clients; do
	[[ $(ceph osd blocklist ls 2>/dev/null) == *"$client"* ]] || fail "client $client of the dead node is not cut off"
done
ceph osd pool rm void void --yes-i-really-really-mean-it

say "the story of it"
text=$(cli 'postmortem node2')
say "$text"
for part in "node2 (number 1) of cluster demo was cut off at" "no heartbeat, and no node hears it" "decided by  node1" \
	"it was gone from the storage and the network at once" "node2: no heartbeat for" "node2: seen from here: last heartbeat" \
	"is switched off, by the administrator's word" "groups answered" "did not"; do
	[[ $text == *"$part"* ]] || fail "the story does not tell: $part"
done
node 1 'rbdshare cluster postmortem 1 --json' | jq -e '.fence.state == "fenced" and (.events | length) > 5 and (.fence.clients | length) > 1' >/dev/null ||
	fail "the story for programs is not complete"

say "it comes back; the story says so"
need_node 2
cluster_conf 1 2 | put 2 /etc/ocfs2/cluster.conf
daemon_start 2
sleep 2
text=$(cli 'postmortem node2')
for part in "  back        2" "no heartbeat, and no node hears it" "it was gone from the storage and the network at once"; do
	[[ $text == *"$part"* ]] || fail "the story behind its return does not tell: $part"
done
daemon_stop 1 2
