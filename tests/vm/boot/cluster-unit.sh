# SPDX-License-Identifier: GPL-2.0
# topic: two whole Debian nodes with rbdshared's unit: mounted after a boot, restarts go unnoticed, a shutdown leaves
# nodes: full 2
# seconds: 1800
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/../cluster/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

prop() { node "$1" systemctl show -P "$2" rbdshared.service; }
is_mounted() { node "$1" 'grep -q " /srv/mail ocfs2 " /proc/mounts'; }
generations() { status 1 '[.lockspaces[].generation] | join(" ")'; }

# both_write TEXT: at once on each node, and the other one reads it.
both_write() {
	local n

	for n in 1 2; do
		node "$n" "timeout 30 sh -c 'echo $1 of node $n >/srv/mail/$n.$1 && sync -f /srv/mail'" ||
			fail "$1: node $n cannot write"
	done
	for n in 1 2; do
		expect "file of node $n" "$(node $((3 - n)) "timeout 30 cat /srv/mail/$n.$1")" "$1 of node $n"
	done
}

# The lock manager ran on all the time: neither kernel stopped it, and no new generation was needed.
went_unnoticed() {
	local n

	for n in 1 2; do
		expect "words of the lock manager in node $n" \
			"$(node "$n" 'dmesg | grep -E "no userland|stopping lockspace" || true')" ''
	done
	expect "generation" "$(generations)" "$1"
	expect "fences" "$(fences 1)" 0
	expect "descriptors that systemd keeps" "$(prop 2 NFileDescriptorStore)" 1
}

# came_back N OLD-BOOT-ID: it has booted anew, and all is there without any help.
booted() {
	local id

	id=$(boot_id "$1") && [[ -n $id && $id != "$2" ]]
}
came_back() {
	local n=$1 times

	wait_until 300 booted "$n" "$2"
	wait_until 300 node "$n" 'systemctl is-system-running | grep -Eq "running|degraded"'
	expect "failed units of node $n" "$(node "$n" 'systemctl --failed --no-legend')" ''
	expect "ordering cycles" "$(node "$n" 'journalctl -b --no-pager | grep -c "ordering cycle" || true')" 0
	expect "state of the unit" "$(prop "$n" ActiveState)" active
	expect "state of the node" "$(status "$n" .state)" active
	require "nothing is mounted on node $n after its boot" is_mounted "$n"
	# rbdmap mounts what it has mapped, so it is done last.
	times=$(node "$n" 'systemctl show -P ActiveEnterTimestampMonotonic rbdshared.service
		systemctl show -P InactiveExitTimestampMonotonic rbdmap.service
		systemctl show -P ActiveEnterTimestampMonotonic srv-mail.mount')
	expect "order of daemon, map and mount" "$times" "$(sort -n <<<"$times")"
	expect "cluster stack" "$(node "$n" 'cat /sys/fs/ocfs2/cluster_stack')" pcmk
}

say "the cluster, as the guide has it"
# As on a host: each user's key is in a file with its name.
on_all "sed -i '/^keyring/d' /etc/ceph/ceph.conf"
node 1 'rbdshare pool create mail --client node && rbdshare create mail/box --size 1G'
node 1 'rbdshare cluster add-node node1 --ip 10.79.0.11 && rbdshare cluster add-node node2 --ip 10.79.0.12'
node 1 'rbdshare cluster init && rbdshare cluster keys node --yes'
node 1 'echo RBDSHARE_ID=node >>/etc/default/rbdshare'
for file in /etc/ocfs2/cluster.conf /etc/ceph/ceph.client.node.keyring /etc/default/rbdshare; do
	node 1 "cat $file" | put 2 "$file"
done
node 2 'rm /etc/ceph/ceph.client.admin.keyring; chmod 600 /etc/ceph/ceph.client.node.keyring'
for n in 1 2; do
	node "$n" 'rbdshare cluster check --no-network && (rbdshare cluster online || { journalctl -u rbdshared -o cat --no-pager; exit 1; }) && rbdshare cluster wait'
done
wait_until 60 sees 1 2 active
expect "type of the unit" "$(prop 1 Type)" notify
on_all 'systemctl enable rbdshared rbdmap && mkdir /srv/mail
	echo "mail/box name=client.node" >>/etc/rbdmap
	echo "/dev/rbd/mail/box /srv/mail ocfs2 _netdev 0 0" >>/etc/fstab'
# What is mapped by hand goes too when node 1 reboots, further below; else it could not leave.
node 1 'rbdshare --id node map mail/box &&
	mkfs.ocfs2 -F -q --cluster-stack=pcmk --cluster-name=ocfs2 -J size=8M -N 2 /dev/rbd/mail/box'
for n in 1 2; do
	# Started at boot, when there was nothing to map.
	node "$n" 'systemctl daemon-reload && systemctl restart rbdmap'
	require "it is not mounted on node $n: $(node "$n" 'journalctl -u rbdmap -n 9 -o cat --no-pager')" is_mounted "$n"
done
both_write first
wait_until 60 settled 1
before=$(generations)

say "restarted under the mount: nobody notices"
pid=$(prop 2 MainPID)
node 2 'systemctl restart rbdshared'
both_write restart
wait_until 60 member_is 2 active
[[ $(prop 2 MainPID) != "$pid" ]] || fail "it was not restarted"
went_unnoticed "$before"

say "killed under the mount: systemd starts it again"
node 2 "kill -KILL $(prop 2 MainPID)"
both_write kill
restarted() { [[ $(prop 2 NRestarts) == 1 && $(prop 2 ActiveState) == active ]]; }
wait_until 60 restarted
wait_until 60 member_is 2 active
both_write again
went_unnoticed "$before"

say "a new life in the same process can mount, too"
pid=$(prop 2 MainPID)
node 2 'systemctl stop rbdmap && rbdshare cluster leave && rbdshare cluster wait --state left'
node 2 'rbdshare cluster join && rbdshare cluster wait && systemctl start rbdmap'
require "it is not mounted again" is_mounted 2
expect "process" "$(prop 2 MainPID)" "$pid"
both_write reborn
wait_until 60 settled 1
before=$(generations)
node 2 'systemctl restart rbdshared'
both_write later
wait_until 60 member_is 2 active
went_unnoticed "$before"

say "what it keeps is for root alone, and it has no more rights than its unit says"
expect "what others may read" "$(node 2 'find /run/rbdshare -perm /077')" ''
pid=$(prop 2 MainPID)
expect "rights" "$(node 2 "sed -n 's/^\(CapBnd\|NoNewPrivs\):\t//p' /proc/$pid/status | paste -sd' '")" '0000000000a05002 1'
for path in /etc /usr /var/lib /boot; do
	refuse 2 "nsenter -t $pid -m touch $path/mark" >/dev/null
done
refuse 2 "nsenter -t $pid -m cat /root/.bashrc" >/dev/null
refuse 2 "nsenter -t $pid -m cat /dev/kmsg" >/dev/null
node 2 'systemd-analyze security --no-pager --threshold=50 rbdshared.service | tail -n 1'

say "node 2 reboots: it unmounts, leaves in order and is back without any help; node 1 goes on"
id=$(boot_id 2)
begin=$SECONDS
node 2 'systemctl --no-block reboot'
wait_until 90 sees 1 2 left
say "left after $((SECONDS - begin)) s"
node 1 'timeout 30 sh -c "echo alone >/srv/mail/alone && sync -f /srv/mail"'
expect "fences" "$(fences 1)" 0
came_back 2 "$id"
expect "file" "$(node 2 cat /srv/mail/alone)" alone
node 2 'journalctl -b -1 -o cat --no-pager _PID=1' >"$VM_TMP/shutdown"
last=$(grep -nE '(Unmounted|Stopped|Deactivated).*(srv-mail|rbdmap|rbdshared)|(srv-mail|rbdmap|rbdshared).*: Deactivated' \
	"$VM_TMP/shutdown" | tail -n 1)
[[ $last == *rbdshared* ]] || fail "order of the shutdown: $(grep -E 'srv-mail|rbdmap|rbdshared|Membership' "$VM_TMP/shutdown")"
both_write rebooted

say "both reboot at the same time"
ids=([1]=$(boot_id 1) [2]=$(boot_id 2))
on_all 'systemctl --no-block reboot'
for n in 1 2; do
	came_back "$n" "${ids[n]}"
done
both_write after
expect "fences" "$(fences 1)" 0

say "all is stopped; nothing stays"
for n in 2 1; do
	node "$n" 'systemctl stop rbdmap rbdshared'
	expect "mounts" "$(node "$n" 'grep -c " /srv/mail " /proc/mounts || true')" 0
	expect "devices" "$(node "$n" rbdshare devices)" ''
	expect "heartbeats" "$(node "$n" 'ls /sys/kernel/config/rbdshare')" ''
done
