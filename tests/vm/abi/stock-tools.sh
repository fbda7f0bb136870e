# SPDX-License-Identifier: GPL-2.0
# topic: the stock rbd command, udev rules and sysfs files work unchanged, single_major Y and N
# nodes: 1
# seconds: 900
# shellcheck shell=bash disable=SC2016

pool abi
rbd create abi/img --size 64M
rbd create abi/other --size 16M
printf 'before the snapshot' >"$VM_TMP/text"
# shellcheck disable=SC2119
fsid=$(ceph fsid)
poolid=$(ceph osd pool ls detail -f json | jq -r '.[] | select(.pool_name == "abi") | .pool_id // .pool')

attr() { node 1 cat "/sys/bus/rbd/devices/$1"; }
no_device() {
	expect "$1: no device is left" "$(node 1 'ls /sys/bus/rbd/devices')" ''
	node 1 'udevadm settle --timeout=20; ! ls -d /dev/rbd[0-9]* /dev/rbd/*/* 2>/dev/null' ||
		fail "$1: device nodes or links are left"
}

module() {
	node 1 "if [ -e /sys/module/rbd ]; then rmmod rbd; fi; modprobe rbd single_major=$1"
	expect "parameter single_major" "$(node 1 cat /sys/module/rbd/parameters/single_major)" "$1"
	expect "where the module comes from" \
		"$(node 1 'modinfo -n rbd | grep -c /updates/' || true)" "$([[ $DRIVER == ours ]] && echo 1 || echo 0)"
	node 1 'ls /sys/bus/rbd/add /sys/bus/rbd/remove /sys/bus/rbd/supported_features >/dev/null'
	if [[ $1 == Y ]]; then
		node 1 'ls /sys/bus/rbd/add_single_major /sys/bus/rbd/remove_single_major >/dev/null'
		# The plain files are refused in this mode, as ever.
		refuse 1 'echo 0 > /sys/bus/rbd/remove' | grep -qi invalid || fail "remove with single_major=Y"
	else
		node 1 '! test -e /sys/bus/rbd/add_single_major'
	fi
}

map_and_look() {
	say "map, list and look ($1)"
	expect "rbd map" "$(map 1 abi/img)" /dev/rbd0
	node 1 'ls -l /dev/rbd/abi/img'
	expect "the link" "$(node 1 readlink -f /dev/rbd/abi/img)" /dev/rbd0
	node 1 'rbd showmapped' | grep -qE '^0 +abi +img +- +/dev/rbd0 *$' || fail "rbd showmapped"
	expect "rbd device list" "$(node 1 'rbd device list --format json')" \
		'[{"id":"0","pool":"abi","namespace":"","name":"img","snap":"-","device":"/dev/rbd0"}]'
	expect "pool" "$(attr 0/pool)" abi
	expect "pool_id" "$(attr 0/pool_id)" "$poolid"
	expect "pool_ns" "$(attr 0/pool_ns)" ''
	expect "name" "$(attr 0/name)" img
	expect "image_id" "$(attr 0/image_id)" "$(rbd info abi/img --format json | jq -r .id)"
	expect "current_snap" "$(attr 0/current_snap)" -
	expect "snap_id" "$(attr 0/snap_id)" 18446744073709551614
	expect "size" "$(attr 0/size)" 67108864
	expect "features" "$(attr 0/features)" 0x0000000000000001
	expect "cluster_fsid" "$(attr 0/cluster_fsid)" "$fsid"
	expect "parent" "$(attr 0/parent)" '(no parent image)'
	expect "major and minor" "$(attr 0/major):$(attr 0/minor)" "$(node 1 'cat /sys/block/rbd0/dev')"
	attr 0/client_id | grep -qE '^client[0-9]+$' || fail "client_id: $(attr 0/client_id)"
	attr 0/client_addr | grep -qE '^10\.77\.0\.11:0/[0-9]+$' || fail "client_addr: $(attr 0/client_addr)"
	attr 0/config_info | grep -q '10.77.0.1.* abi img -' || fail "config_info: $(attr 0/config_info)"
	! attr 0/config_info | grep -qE 'secret=[A-Za-z0-9+/]{20}' || fail "config_info shows the secret"
	node 1 'test "$(stat -c %a /sys/bus/rbd/devices/0/refresh)" = 200 && echo 1 > /sys/bus/rbd/devices/0/refresh'
	expect "sectors" "$(node 1 cat /sys/block/rbd0/size)" 131072
	expect "the smallest good I/O is alloc_size" "$(node 1 cat /sys/block/rbd0/queue/minimum_io_size)" 65536
}

partitions() {
	say "partitions and their links"
	node 1 'printf "label: gpt\nsize=16MiB\nsize=8MiB\n" | sfdisk -q /dev/rbd0 && udevadm settle'
	expect "partition 2" "$(node 1 readlink -f /dev/rbd/abi/img-part2)" /dev/rbd0p2
	node 1 'mkfs.ext4 -q /dev/rbd0p1 && mount /dev/rbd0p1 /mnt && echo kept > /mnt/f && umount /mnt'
	refuse 1 'mount /dev/rbd0p1 /mnt && rbd unmap /dev/rbd0' | grep -qi busy || fail "unmap of a device in use"
	node 1 'umount /mnt'
	say "unmap by partition"
	node 1 rbd unmap /dev/rbd0p2
	no_device "unmap by partition"
	say "the table is found again at the next map"
	map 1 abi/img
	node 1 'udevadm settle; mount /dev/rbd/abi/img-part1 /mnt && grep -q kept /mnt/f && umount /mnt'
	node 1 rbd unmap abi/img
	no_device "unmap by spec"
}

snapshots() {
	say "a snapshot is read-only and does not change"
	map 1 abi/img
	node 1 'dd if=/dev/zero of=/dev/rbd0 bs=1M count=2 oflag=direct status=none'
	node 1 'head -c 4096 /dev/urandom | tee /tmp/then | dd of=/dev/rbd0 bs=4k oflag=direct status=none'
	rbd snap create abi/img@then --no-progress
	node 1 'head -c 4096 /dev/urandom | dd of=/dev/rbd0 bs=4k oflag=direct status=none'
	expect "map of a snapshot" "$(map 1 abi/img@then)" /dev/rbd1
	expect "link of a snapshot" "$(node 1 readlink -f /dev/rbd/abi/img@then)" /dev/rbd1
	expect "current_snap" "$(attr 1/current_snap)" "then"
	expect "ro" "$(node 1 blockdev --getro /dev/rbd1)" 1
	node 1 'dd if=/dev/rbd1 bs=4k count=1 iflag=direct status=none | cmp - /tmp/then'
	node 1 '! dd if=/dev/rbd0 bs=4k count=1 iflag=direct status=none | cmp -s - /tmp/then'
	refuse 1 'dd if=/dev/zero of=/dev/rbd1 bs=4k count=1 oflag=direct' >/dev/null
	node 1 'rbd unmap abi/img@then && rbd unmap abi/img'
	rbd snap rm abi/img@then --no-progress
	no_device "unmap of a snapshot"
	say "read-only map of an image"
	map 1 abi/img --read-only
	expect "ro" "$(node 1 blockdev --getro /dev/rbd0)" 1
	refuse 1 'dd if=/dev/zero of=/dev/rbd0 bs=4k count=1 oflag=direct' >/dev/null
	node 1 rbd unmap /dev/rbd0
}

options() {
	say "options and several devices"
	expect "noudev" "$(map 1 abi/img -o noudev)" /dev/rbd0
	node 1 'rbd unmap -o noudev /dev/rbd0'
	map 1 abi/img -o queue_depth=32,alloc_size=131072,osd_request_timeout=60 >/dev/null ||
		fail "map options of the driver and of libceph"
	node 1 'rbd unmap /dev/rbd0'
	expect "first" "$(map 1 abi/img)" /dev/rbd0
	expect "second" "$(map 1 abi/other)" /dev/rbd1
	expect "the same image again" "$(map 1 abi/other)" /dev/rbd2
	node 1 'rbd unmap /dev/rbd1 && rbd unmap /dev/rbd0'
	expect "the first free id" "$(map 1 abi/img)" /dev/rbd0
	say "force, while it is open"
	node 1 'exec 7</dev/rbd0; rbd unmap -o force /dev/rbd0'
	node 1 rbd unmap /dev/rbd2
	no_device "after force"
}

mistakes() {
	say "mistakes get the right error"
	refuse 1 'rbd unmap /dev/rbd7' >/dev/null
	refuse 1 'rbd map abi/nothere' | grep -q '(2) No such file' || fail "map of an absent image"
	refuse 1 'rbd map nopool/img' | grep -q '(2) No such file' || fail "map in an absent pool"
	refuse 1 'rbd map abi/img@nosnap' | grep -q '(2) No such file' || fail "map of an absent snapshot"
	refuse 1 'rbd map abi/img -o nosuchoption' | grep -qE '\(22\)|unknown|invalid' || fail "unknown option"
	refuse 1 'rbd map abi/img -o lock_on_read' | grep -q '(22)' || fail "lock_on_read without exclusive-lock"
	no_device "after mistakes"
}

for single in Y N; do
	say "single_major=$single"
	module $single
	map_and_look $single
	partitions
	snapshots
	options
	mistakes
done
