# SPDX-License-Identifier: GPL-2.0
# topic: rbdmap stop with the cluster unreachable and a writer stuck on the mount ends in bounded time
# nodes: 1
# seconds: 400
# drivers: ours
# shellcheck shell=bash disable=SC2016

pool rbd
rbd create rbd/a --size 32 --image-shared
rbd create rbd/b --size 32 --image-shared
allow_dmesg 'I/O error' 'lost (async|sync) page write' 'blocked for more than'
node 1 'rbdshare map rbd/a && mkfs.ext4 -q /dev/rbd/rbd/a && rbdshare unmap rbd/a'
node 1 'mkdir -p /mnt/a; echo "/dev/rbd/rbd/a /mnt/a ext4 _netdev,noauto 0 0" >> /etc/fstab'
node 1 'printf "a\nb\n" > /etc/rbdmap; rbdmap start'
lab cut 1 storage
node 1 'nohup dd if=/dev/zero of=/mnt/a/f bs=1M count=8 conv=fsync >/dev/null 2>&1 </dev/null &'
out=$(node 1 'RBDMAP_UMOUNT_TIMEOUT=6 timeout 80 rbdmap stop 2>&1')
[[ $out == *"was cut off"* ]] || fail "nothing was said about the cut: $out"
expect "devices" "$(node 1 rbdshare devices)" ""
expect "mounts" "$(node 1 'grep -c " /mnt/a " /proc/mounts || true')" 0
lab heal 1
node 1 'sed -i "\\#/mnt/a#d" /etc/fstab; rm -f /etc/rbdmap; timeout 60 rmmod rbd'
