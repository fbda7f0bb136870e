# SPDX-License-Identifier: GPL-2.0
# topic: "make dkms-install" on a whole Debian node builds a driver that loads after a reboot; dkms remove undoes it
# nodes: full 1
# seconds: 2400
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/dkms-disk.bash
. "$RC_DIR/install/dkms-disk.bash"

repo=$(cd "$RC_DIR/../.." && pwd)
state=${RBDSHARE_LAB:-/tmp/rbdshare-lab}/$RBDSHARE_LAB_NAME/node1
release=$(node 1 uname -r)
version=$(cat "$repo/VERSION")
modules=/lib/modules/$release

say "a node with DKMS, and with no driver but the in-tree one"
disk=$(dkms_disk "$(cat "$state/disk.base")" "$release")
lab node poweroff 1
qemu-img create -q -f qcow2 -b "$disk" -F raw "$state/disk.qcow2"
lab node start 1 --full --driver intree --kernel "$KERNEL" --smp 2 --mem 2048
tar -C "$repo" --exclude=kernel/build -czf "$VM_TMP/source.tar.gz" Makefile VERSION scripts kernel
lab push 1 "$VM_TMP/source.tar.gz" /root/source.tar.gz
node 1 'mkdir /root/source && tar -C /root/source -xzf /root/source.tar.gz'
# modinfo resolves no links; Debian's /lib is one.
which_rbd() { node 1 'readlink -f "$(modinfo -n rbd)"'; }
expect "file of rbd before" "$(which_rbd)" "/usr$modules/kernel/drivers/block/rbd.ko"

say "make dkms-install"
begin=$SECONDS
NODE_TIMEOUT=1800 node 1 'make -C /root/source dkms-install >/tmp/dkms.out 2>&1 ||
	{ cat /tmp/dkms.out /var/lib/dkms/rbdshare/*/build/make.log; exit 1; }' || fail "make dkms-install"
say "it took $((SECONDS - begin)) s"
expect "dkms status" "$(node 1 'dkms status -m rbdshare')" "rbdshare/$version, $release, x86_64: installed"
expect "file of rbd" "$(which_rbd)" "/usr$modules/updates/dkms/rbd.ko"
ours=$(node 1 'modinfo -F srcversion rbd')
[[ -n $ours ]] || fail "the driver has no srcversion"

say "after a reboot modprobe takes it, and it works"
before=$(boot_id 1)
node 1 'systemctl --no-block reboot'
# Asked once: between two questions the node may go down.
rebooted() { id=$(boot_id 1) && [[ -n $id && $id != "$before" ]]; }
wait_until 600 rebooted
wait_until 300 node 1 'systemctl is-system-running | grep -Eq "running|degraded"'
node 1 'modprobe rbd'
expect "srcversion of what is loaded" "$(node 1 'cat /sys/module/rbd/srcversion')" "$ours"
expect "version of what is loaded" "$(node 1 'cat /sys/module/rbd/version')" "$version"
node 1 'grep -q O /sys/module/rbd/taint' || fail "what is loaded is not out of tree"
pool dkms
rbd create dkms/img --size 4M --image-shared
map 1 dkms/img >/dev/null
node 1 'head -c 4M /dev/urandom >/tmp/data && dd if=/tmp/data of=/dev/rbd0 bs=1M oflag=direct status=none'
expect "what librbd reads" "$(rbd export dkms/img - --no-progress | md5sum)" "$(node 1 'md5sum </tmp/data')"
node 1 'rbd unmap /dev/rbd0 && rmmod rbd'

say "dkms remove gives the in-tree driver back"
node 1 "dkms remove -m rbdshare -v $version --all"
expect "dkms status" "$(node 1 'dkms status -m rbdshare')" ""
expect "file of rbd" "$(which_rbd)" "/usr$modules/kernel/drivers/block/rbd.ko"
expect "what is left of it" "$(node 1 "find $modules/updates -name '*.ko' 2>/dev/null || true")" ""
node 1 'modprobe rbd'
# Debian's modules have no version and taint nothing.
expect "version of what is loaded" "$(node 1 'cat /sys/module/rbd/version 2>/dev/null || true')" ""
expect "taint of what is loaded" "$(node 1 'cat /sys/module/rbd/taint')" ""
node 1 'rmmod rbd'
