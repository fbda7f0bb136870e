# SPDX-License-Identifier: GPL-2.0
# topic: rbdmap start, status, hooks, busy mounts, reload --prune, bad lines, and errors that are final
# nodes: 1
# seconds: 400
# shellcheck shell=bash disable=SC2016

pool rbd
for i in a b c; do
	rbd create rbd/$i --size 32 --image-shared
done
node 1 'rbdshare map rbd/a && mkfs.ext4 -q /dev/rbd/rbd/a && rbdshare unmap rbd/a'
node 1 'mkdir -p /mnt/a; sed -i "\\#/mnt/a#d" /etc/fstab; echo "/dev/rbd/rbd/a /mnt/a ext4 _netdev,noauto 0 0" >> /etc/fstab'
put 1 /etc/ceph/rbd.d/rbd/a <<-'H'
	#!/bin/sh
	echo "$1 $2 $(grep -c ' /mnt/a ' /proc/mounts)" >> /run/hook.log
H
node 1 'chmod +x /etc/ceph/rbd.d/rbd/a; rm -f /run/hook.log'
node 1 'printf "a\r\nb id=admin,queue_depth=64\nc id=admin,noauto" > /etc/rbdmap'

say "start maps, mounts and runs the hook after the mount"
rc=0; node 1 rbdmap status || rc=$?
expect "status before" "$rc" 3
node 1 rbdmap start
node 1 rbdmap status
expect "hook" "$(node 1 cat /run/hook.log)" "map /dev/rbd/rbd/a 1"
expect "noauto" "$(node 1 'ls /dev/rbd/rbd')" $'a\nb'
say "a second start changes nothing; a noauto line can be named"
node 1 rbdmap start
expect "hook runs" "$(node 1 'wc -l < /run/hook.log')" 1
node 1 'rbdmap start rbd/c'
expect "links" "$(node 1 'ls /dev/rbd/rbd')" $'a\nb\nc'

say "a busy mount stays, and its user is named"
node 1 'cd /mnt/a && (exec -a holder sleep 300 >/dev/null 2>&1 </dev/null & echo $! > /run/holder.pid)'
out=$(refuse 1 'RBDMAP_UMOUNT_TIMEOUT=2 rbdmap stop rbd/a')
[[ $out == *"/mnt/a is busy"*"process"* ]] || fail "no word on who is busy: $out"
node 1 'kill $(cat /run/holder.pid)'

say "reload --prune unmaps what was taken out of the file"
node 1 'printf "a\nc id=admin\n" > /etc/rbdmap; rbdmap reload --prune'
expect "links" "$(node 1 'ls /dev/rbd/rbd')" $'a\nc'

say "a bad line and an absent image: said with line number, the others work"
node 1 'printf "a\nb bogus=1\nnone id=admin\nc\n" > /etc/rbdmap'
rc=0
out=$(node 1 rbdmap start 2>&1) || rc=$?
expect "exit code" "$rc" 64
[[ $out == *"/etc/rbdmap:2: unknown parameter 'bogus'"* ]] || fail "line 2 is not named: $out"
[[ $out == *"cannot map rbd/none"* ]] || fail "the absent image is not named: $out"
rc=0; node 1 rbdmap status >/dev/null 2>&1 || rc=$?
expect "status of some" "$rc" 150
out=$(refuse 1 rbdmap check)
[[ $out == *bogus* ]] || fail "check does not name the bad line: $out"

say "stop unmounts and unmaps"
node 1 rbdmap stop
expect "devices" "$(node 1 rbdshare devices)" ""
expect "mounts" "$(node 1 'grep -c " /mnt/a " /proc/mounts || true')" 0
node 1 'sed -i "\\#/mnt/a#d" /etc/fstab; rm -rf /etc/rbdmap /etc/ceph/rbd.d'
