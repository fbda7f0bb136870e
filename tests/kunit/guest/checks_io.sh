# SPDX-License-Identifier: GPL-2.0
# Checks of reading, writing, discarding; each makes its image and removes it.
# shellcheck shell=bash

check_direct_io() {
	local ours theirs

	new_image direct
	device_map direct
	dd if=/dev/urandom of=/dev/shm/data bs=1M count=24 status=none
	dd if=/dev/shm/data of="$DEV" bs=1M oflag=direct seek=3 status=none
	cmp <(dd if="$DEV" bs=1M iflag=direct skip=3 count=24 status=none) /dev/shm/data
	# Never written: zeroes.
	cmp -n 3145728 "$DEV" /dev/zero
	ours=$(dd if="$DEV" bs=4M iflag=direct status=none | sha256sum)
	theirs=$(host bash -c 'rbd export --no-progress rbd/direct - | sha256sum')
	[[ $ours == "$theirs" ]] || {
		echo "librbd reads other data: $theirs, here $ours"
		return 1
	}
	rm /dev/shm/data
	drop_image direct
}

fio_run() {
	fio --minimal --output=/tmp/fio.out --ioengine=libaio --direct=1 "$@" || {
		cat /tmp/fio.out
		return 1
	}
}

check_fio_verify() {
	new_image fio
	device_map fio
	fio_run --name=verify --filename="$DEV" --rw=randwrite --bsrange=512-256k \
		--blockalign=512 --size=16M --iodepth=16 --verify=crc32c --verify_fatal=1 \
		--do_verify=1
	fio_run --name=mixed --filename="$DEV" --rw=randrw --bs=4k --size=64M --io_size=4M \
		--iodepth=16
	drop_image fio
}

check_fio_two_devices() {
	local first first_dev

	new_image two-a
	new_image two-b
	device_map two-a
	first=$ID first_dev=$DEV
	device_map two-b
	fio_run --rw=randwrite --bs=16k --size=8M --iodepth=8 --verify=crc32c --verify_fatal=1 \
		--do_verify=1 --name=a --filename="$first_dev" --name=b --filename="$DEV"
	drop_image two-b
	ID=$first
	drop_image two-a
}

check_filesystem() {
	new_image ext4 256M
	device_map ext4
	mkfs.ext4 -q -b 4096 -O ^has_journal "$DEV"
	tune2fs -O has_journal "$DEV" >/dev/null
	mkdir -p /tmp/mnt
	mount -o discard "$DEV" /tmp/mnt
	cp -r /usr/share/perl5 /tmp/mnt/copy
	sync -f /tmp/mnt
	echo 3 >/proc/sys/vm/drop_caches
	diff -r /usr/share/perl5 /tmp/mnt/copy
	rm -rf /tmp/mnt/copy
	fstrim /tmp/mnt
	umount /tmp/mnt
	e2fsck -fn "$DEV" >/tmp/fsck 2>&1 || {
		cat /tmp/fsck
		return 1
	}
	drop_image ext4
}

# A file of the same size gets the same changes; discards in whole allocation units read as
# zeroes here, since the objects' ranges are really freed.
check_discard_zeroes() {
	local i offset length unit=65536 units=256

	new_image trim 16M
	device_map trim
	[[ $(<"/sys/block/rbd$ID/queue/discard_granularity") -eq $unit ]]
	dd if=/dev/urandom of=/dev/shm/model bs=1M count=16 status=none
	dd if=/dev/shm/model of="$DEV" bs=1M oflag=direct status=none
	RANDOM=7
	for ((i = 0; i < 20; i++)); do
		offset=$((RANDOM % units))
		length=$((1 + RANDOM % 80))
		((offset + length <= units)) || length=$((units - offset))
		if ((i % 2)); then
			blkdiscard -o $((offset * unit)) -l $((length * unit)) "$DEV"
		else
			# Zeroing is exact, so it is tried on half units too.
			offset=$((offset * unit + 512 * (i % 3)))
			length=$((length * unit - 1024))
			blkdiscard -z -o $offset -l $length "$DEV"
			fallocate -p -o $offset -l $length /dev/shm/model
			continue
		fi
		fallocate -p -o $((offset * unit)) -l $((length * unit)) /dev/shm/model
	done
	cmp <(dd if="$DEV" bs=1M iflag=direct status=none) /dev/shm/model
	blkdiscard "$DEV"
	cmp -n $((16 << 20)) "$DEV" /dev/zero
	rm /dev/shm/model
	drop_image trim
}

check_frozen_osd() {
	local fio

	new_image frozen
	device_map frozen
	fio --minimal --output=/tmp/fio.out --ioengine=libaio --direct=1 --name=v \
		--filename="$DEV" --rw=randwrite --bs=16k --size=12M --iodepth=16 \
		--verify=crc32c --verify_fatal=1 --do_verify=1 &
	fio=$!
	sleep 1
	host lab ceph osd freeze 0
	sleep 4
	host lab ceph osd thaw 0
	wait $fio || {
		cat /tmp/fio.out
		return 1
	}
	drop_image frozen
}
