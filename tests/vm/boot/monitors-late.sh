# SPDX-License-Identifier: GPL-2.0
# topic: a node that boots while no monitor runs maps and mounts when one comes, a minute later
# nodes: full 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/ocfs2-node.bash
. "$RC_DIR/boot/ocfs2-node.bash"

prepare_node
node 1 'systemctl enable rbdmap.service'
before=$(boot_id)
lab ceph mon stop
node 1 'systemctl --no-block reboot'
wait_until 300 rebooted "$before"
say "booting without monitors"
waiting() { node 1 'systemctl show -P StatusText rbdmap.service | grep -q "no monitor answers"'; }
wait_until 300 waiting
sleep 60
expect "state" "$(node 1 'systemctl is-active rbdmap.service || true')" activating
lab ceph mon start
say "a monitor is back"
wait_until 300 is_mounted
wait_until 300 boot_finished
expect "state" "$(node 1 systemctl is-active rbdmap.service)" active
