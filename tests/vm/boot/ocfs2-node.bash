# SPDX-License-Identifier: GPL-2.0
# One full node set up as the "Dovecot on Ceph" page has it: an image with OCFS2
# in /etc/fstab and /etc/rbdmap, o2cb started at boot.
# shellcheck shell=bash disable=SC2016

boot_id() { node 1 cat /proc/sys/kernel/random/boot_id; }

# The seed's three files, and a formatted image.
prepare_node() {
	local address

	pool dovecot
	rbd create dovecot/dovecot-rbd-1 --size 256 --image-shared
	address=$(node 1 "ip -4 -o addr show eth0 | awk '{ sub(/\\/.*/, \"\", \$4); print \$4; exit }'")
	put 1 /etc/ocfs2/cluster.conf <<-C
		node:
		        ip_port = 7777
		        ip_address = $address
		        number = 0
		        name = node1
		        cluster = ocfs2
		cluster:
		        node_count = 1
		        name = ocfs2
	C
	# The page's text, its line of blanks included.
	printf '%s\n' '# RbdDevice   Parameters' \
		'#poolname/imagename [parameter=value[,parameter=value[,...]]]' \
		'dovecot/dovecot-rbd-1 name=client.admin' '     ' \
		'# End of the configuration file (keep this line)' | put 1 /etc/rbdmap
	node 1 "sed -i 's/^O2CB_ENABLED=.*/O2CB_ENABLED=true/' /etc/default/o2cb"
	node 1 'service o2cb load && service o2cb online'
	node 1 'rbdshare map dovecot/dovecot-rbd-1'
	node 1 'mkfs.ocfs2 -F -q -J size=4M -N 2 /dev/rbd/dovecot/dovecot-rbd-1'
	node 1 'rbdshare unmap dovecot/dovecot-rbd-1'
	node 1 'mkdir -p /mnt/dovecot-data'
	node 1 'grep -q dovecot /etc/fstab || echo "/dev/rbd/dovecot/dovecot-rbd-1        /mnt/dovecot-data        ocfs2 _netdev     0       0" >> /etc/fstab'
}

# Asked once: between two questions the node may go down.
rebooted() {
	local id

	id=$(boot_id) && [[ -n $id && $id != "$1" ]]
}
boot_finished() { node 1 'systemctl is-system-running | grep -Eq "running|degraded"'; }

# Reboots in order and waits until the boot is over. $1: bound in seconds for
# going down and coming up.
reboot_node() {
	local before

	before=$(boot_id)
	node 1 'systemctl --no-block reboot'
	wait_until "$1" rebooted "$before"
	wait_until 300 boot_finished
}

is_mounted() { node 1 'grep -q " /mnt/dovecot-data ocfs2 " /proc/mounts'; }
