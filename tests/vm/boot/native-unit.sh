# SPDX-License-Identifier: GPL-2.0
# topic: a whole Debian node maps and mounts at boot by rbdmap.service, o2cb first, mount after it
# nodes: full 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/ocfs2-node.bash
. "$RC_DIR/boot/ocfs2-node.bash"

prepare_node
say "by hand, the init script prints what the page shows"
expect "output of the init script" "$(node 1 /etc/init.d/rbdmap start)" \
	$'Cluster ocfs2 already online\nStarting RBD Mapping: dovecot/dovecot-rbd-1.\nMounting all filesystems...'
require "it is not mounted" is_mounted
node 1 'echo survives > /mnt/dovecot-data/file; systemctl enable rbdmap.service'

say "after a reboot it is mounted, by the unit and once"
reboot_node 300
require "it is not mounted after the reboot" is_mounted
expect "the file" "$(node 1 cat /mnt/dovecot-data/file)" survives
expect "mounts" "$(node 1 'grep -c " /mnt/dovecot-data " /proc/mounts')" 1
expect "unit" "$(node 1 systemctl show -P FragmentPath rbdmap.service)" \
	/usr/local/lib/systemd/system/rbdmap.service
expect "state" "$(node 1 systemctl is-active rbdmap.service)" active
expect "failed units" "$(node 1 'systemctl --failed --no-legend | wc -l')" 0
expect "ordering cycles" "$(node 1 'journalctl -b --no-pager | grep -c "ordering cycle" || true')" 0
say "stopping the unit unmounts and unmaps"
node 1 'systemctl stop rbdmap.service'
expect "mounts" "$(node 1 'grep -c " /mnt/dovecot-data " /proc/mounts || true')" 0
expect "devices" "$(node 1 rbdshare devices)" ""
