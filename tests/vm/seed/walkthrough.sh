# SPDX-License-Identifier: GPL-2.0
# topic: every step of the "Dovecot on Ceph" page on two nodes, with stock rbd, o2cb and OCFS2
# nodes: 2
# seconds: 600
# shellcheck shell=bash disable=SC2016

say "the first client makes the pool and the image"
node 1 'ceph osd pool create dovecot 8 8 </dev/null'
node 1 'rbd create dovecot-rbd-1 --size 10240 --pool dovecot'
expect "rbd ls" "$(node 1 rbd ls dovecot)" dovecot-rbd-1

say "it maps the image; the link is there"
node 1 'rbd map dovecot-rbd-1 --pool dovecot --name client.admin'
node 1 'ls /dev/rbd/dovecot/dovecot-rbd-1'
expect "size of the device" "$(node 1 blockdev --getsize64 /dev/rbd/dovecot/dovecot-rbd-1)" 10737418240

say "the cluster stack comes up on both"
o2cb_online 1 2

say "mkfs for mail, with small journals to save time"
node 1 'yes | mkfs.ocfs2 -T mail -J size=16M -N 4 /dev/rbd/dovecot/dovecot-rbd-1'
node 1 'mkdir -p /mnt/dovecot-data && mount /dev/rbd/dovecot/dovecot-rbd-1 /mnt/dovecot-data'

say "the second client maps and mounts it"
node 2 'rbd map dovecot-rbd-1 --pool dovecot --name client.admin'
node 2 'mkdir -p /mnt/dovecot-data && mount /dev/rbd/dovecot/dovecot-rbd-1 /mnt/dovecot-data'

say "what one writes the other reads, both ways"
node 1 'mkdir /mnt/dovecot-data/mailboxes && chmod 777 /mnt/dovecot-data/mailboxes'
node 1 'cp -r /etc/ocfs2 /mnt/dovecot-data/config'
expect "file of node 1 read in node 2" "$(node 2 md5sum '<' /mnt/dovecot-data/config/cluster.conf)" \
	"$(node 1 md5sum '<' /etc/ocfs2/cluster.conf)"
node 2 'head -c 3000000 /dev/urandom > /mnt/dovecot-data/mailboxes/letter'
expect "file of node 2 read in node 1" "$(node 1 md5sum '<' /mnt/dovecot-data/mailboxes/letter)" \
	"$(node 2 md5sum '<' /mnt/dovecot-data/mailboxes/letter)"

say "both append to one mailbox at the same time, under a lock"
box=/mnt/dovecot-data/mailboxes/box
writer="for i in \$(seq 50); do flock $box.lock sh -c \"echo \$(hostname) \$i >> $box\"; done"
node 1 "$writer" &
other=$!
node 2 "$writer"
wait $other
expect "lines in the mailbox" "$(node 1 "wc -l < $box")" 100
expect "the two nodes see one mailbox" "$(node 1 md5sum '<' $box)" "$(node 2 md5sum '<' $box)"

say "unmount and unmap"
on_all 'umount /mnt/dovecot-data'
node 1 'fsck.ocfs2 -fn /dev/rbd/dovecot/dovecot-rbd-1'
on_all 'rbd unmap /dev/rbd/dovecot/dovecot-rbd-1'
o2cb_offline 1 2
