# SPDX-License-Identifier: GPL-2.0
# topic: a whole Debian node maps and mounts at boot by /etc/init.d/rbdmap alone, as the page has it
# nodes: full 1
# seconds: 900
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/ocfs2-node.bash
. "$RC_DIR/boot/ocfs2-node.bash"

prepare_node
say "neither our unit nor the one of ceph-common: only the script"
node 1 'rm -f /usr/local/lib/systemd/system/rbdmap.service /lib/systemd/system/rbdmap.service'
node 1 'rm -f /etc/systemd/system/multi-user.target.wants/rbdmap.service'
node 1 'chmod 0755 /etc/init.d/rbdmap; update-rc.d rbdmap defaults 80; systemctl daemon-reload'
reboot_node 300
require "it is not mounted after the reboot" is_mounted
expect "unit" "$(node 1 systemctl show -P SourcePath rbdmap.service)" /etc/init.d/rbdmap
expect "ordering cycles" "$(node 1 'journalctl -b --no-pager | grep -c "ordering cycle" || true')" 0
node 1 'df -h /mnt/dovecot-data'
node 1 '/etc/init.d/rbdmap status'
node 1 '/etc/init.d/rbdmap stop'
expect "devices" "$(node 1 rbdshare devices)" ""
