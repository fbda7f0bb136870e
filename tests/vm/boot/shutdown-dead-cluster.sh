# SPDX-License-Identifier: GPL-2.0
# topic: a node with a writer on the volume reboots in bounded time when the cluster is unreachable
# nodes: full 1
# seconds: 1200
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/ocfs2-node.bash
. "$RC_DIR/boot/ocfs2-node.bash"

prepare_node
# Well above the 20 s after which a device is taken for dead; a hang takes minutes per mount.
node 1 'systemctl enable rbdmap.service; systemctl restart rbdmap.service'
require "it is not mounted" is_mounted
node 1 'nohup sh -c "while :; do dd if=/dev/zero of=/mnt/dovecot-data/f bs=64k count=4 conv=fsync; done" >/dev/null 2>&1 & sleep 2'
before=$(boot_id)
lab cut 1 storage
begin=$SECONDS
node 1 'systemctl --no-block reboot'
wait_until 240 rebooted "$before"
lab heal 1
figure "down and up again after $((SECONDS - begin)) s"
wait_until 300 boot_finished
require "it is not mounted after the reboot" is_mounted
