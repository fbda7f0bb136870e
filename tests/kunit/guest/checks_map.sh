# SPDX-License-Identifier: GPL-2.0
# Checks of mapping, changing and unmapping an image.
# shellcheck shell=bash

device_bytes() { blockdev --getsize64 "$DEV"; }
has_bytes() { [[ $(device_bytes) -eq $1 ]]; }

check_map_size() {
	local name

	new_image plain
	device_map plain
	has_bytes $((64 << 20))
	[[ $(<"$BUS/devices/$ID/pool") == rbd ]]
	[[ $(<"$BUS/devices/$ID/name") == plain ]]
	[[ $(<"$BUS/devices/$ID/current_snap") == - ]]
	[[ $(<"$BUS/devices/$ID/size") -eq $((64 << 20)) ]]
	for name in image_id major minor features client_id client_addr cluster_fsid pool_id; do
		[[ -n $(<"$BUS/devices/$ID/$name") ]] || {
			echo "the attribute $name is empty"
			return 1
		}
	done
	drop_image plain
}

check_stock_rbd() {
	local dev

	new_image stock
	dev=$(rbd map rbd/stock)
	[[ -b $dev ]]
	[[ -b /dev/rbd/rbd/stock ]]
	rbd showmapped | grep -q stock
	dd if=/dev/zero of="$dev" bs=64k count=4 oflag=direct status=none
	rbd unmap "$dev"
	[[ -z $(device_ids) ]]
	host rbd rm rbd/stock --no-progress
}

check_resize() {
	new_image size
	device_map size
	host rbd resize rbd/size --size 160M --no-progress
	wait_until 30 has_bytes $((160 << 20))
	dd if=/dev/urandom of="$DEV" bs=1M seek=150 count=4 oflag=direct status=none
	host rbd resize rbd/size --size 32M --allow-shrink --no-progress
	wait_until 30 has_bytes $((32 << 20))
	fails 'No space|Invalid|Input/output' \
		dd if=/dev/zero of="$DEV" bs=1M seek=150 count=1 oflag=direct
	# What was cut off is gone when it grows again.
	host rbd resize rbd/size --size 160M --no-progress
	wait_until 30 has_bytes $((160 << 20))
	cmp <(dd if="$DEV" bs=1M skip=150 count=4 iflag=direct status=none) \
		<(head -c 4194304 /dev/zero)
	drop_image size
}

check_snapshot() {
	local live live_dev

	new_image snap
	device_map snap
	live=$ID live_dev=$DEV
	dd if=/dev/urandom of=/dev/shm/old bs=1M count=8 status=none
	dd if=/dev/shm/old of="$live_dev" bs=1M oflag=direct status=none
	host rbd snap create rbd/snap@one --no-progress
	dd if=/dev/urandom of="$live_dev" bs=1M count=8 oflag=direct status=none
	device_map snap@one
	[[ $(<"$BUS/devices/$ID/current_snap") == one ]]
	cmp <(dd if="$DEV" bs=1M count=8 iflag=direct status=none) /dev/shm/old
	fails 'not permitted|Read-only' dd if=/dev/zero of="$DEV" bs=4k count=1 oflag=direct
	device_remove "$ID"
	# Writing goes on while snapshots come and go.
	host rbd snap create rbd/snap@two --no-progress
	dd if=/dev/shm/old of="$live_dev" bs=1M oflag=direct status=none
	host rbd snap rm rbd/snap@two --no-progress
	cmp <(dd if="$live_dev" bs=1M count=8 iflag=direct status=none) /dev/shm/old
	rm /dev/shm/old
	ID=$live
	drop_image snap
}

check_read_only() {
	new_image ro
	device_map ro ro
	[[ $(blockdev --getro "$DEV") -eq 1 ]]
	fails 'not permitted|Read-only' dd if=/dev/zero of="$DEV" bs=4k count=1 oflag=direct
	dd if="$DEV" of=/dev/null bs=1M iflag=direct status=none
	# The in-tree driver lets that pass, and fails the writes.
	[[ $DRIVER == intree ]] || fails 'Read-only' blockdev --setrw "$DEV"
	drop_image ro
}

check_shared_mode() {
	local first first_dev

	only_ours
	new_image shared
	device_map shared shared
	first=$ID first_dev=$DEV
	host rados -p rbd lock info "rbd_header.$(<"$BUS/devices/$ID/image_id")" rbd_lock |
		grep -q sanitizer
	device_map shared shared
	dd if=/dev/urandom of=/dev/shm/data bs=1M count=4 status=none
	dd if=/dev/shm/data of="$first_dev" bs=1M oflag=direct status=none
	cmp <(dd if="$DEV" bs=1M count=4 iflag=direct status=none) /dev/shm/data
	rm /dev/shm/data
	device_remove "$first"
	device_remove "$ID"
	[[ -z $(host rbd lock ls rbd/shared) ]]
	# Features that only one client can use at a time are refused, by name.
	host rbd feature enable rbd/shared exclusive-lock
	fails 'Invalid|not supported|Operation not|No such device' device_map shared shared
	dmesg | tail -n 5 | grep -q 'exclusive-lock'
	host rbd rm rbd/shared --no-progress
}

check_cycles() {
	local i

	new_image cycle
	for ((i = 0; i < 8; i++)); do
		device_map cycle
		dd if="$DEV" of=/dev/null bs=64k count=1 iflag=direct status=none
		((i % 3)) || dd if=/dev/zero of="$DEV" bs=64k count=2 oflag=direct status=none
		device_remove "$ID"
	done
	[[ -z $(device_ids) ]]
	host rbd rm rbd/cycle --no-progress
}
