# SPDX-License-Identifier: GPL-2.0
# topic: fio writes and verifies through /dev/rbd; librbd (rbd export, fio's rbd engine) reads the same
# nodes: 1
# seconds: 900
# shellcheck shell=bash disable=SC2016

pool data
rbd create data/img --size 64M
rbd create data/small --size 32M --object-size 64K
expect device "$(map 1 data/img)" /dev/rbd0
expect device "$(map 1 data/small)" /dev/rbd1

# Mixed block sizes that cross object borders, then read back and verified by pattern.
verify() {
	node 1 "fio --name=$1 --filename=$2 --ioengine=libaio --direct=1 --verify=crc32c \
		--verify_fatal=1 --verify_state_save=0 --verify_backlog=512 ${*:3} >/tmp/$1.out 2>&1 ||
		{ cat /tmp/$1.out; exit 1; }"
}
same_as_librbd() {
	expect "$1: rbd export against the device" "$(rbd export "$1" - 2>/dev/null | md5sum)" \
		"$(node 1 "dd if=$2 bs=1M iflag=direct status=none | md5sum")"
}

say "random writes of 512 bytes to 256 kB, depth 16"
verify random /dev/rbd0 --rw=randwrite --bsrange=512-256k --blockalign=512 --iodepth=16 --size=64M --io_size=32M
same_as_librbd data/img /dev/rbd0
say "sequential writes larger than an object"
verify sequential /dev/rbd0 --rw=write --bs=1M --iodepth=4 --size=64M --io_size=32M
same_as_librbd data/img /dev/rbd0
say "small objects, so that requests are split"
verify split /dev/rbd1 --rw=randwrite --bsrange=4k-512k --iodepth=8 --size=32M
same_as_librbd data/small /dev/rbd1
say "discards and zeroes among the writes"
node 1 'blkdiscard -o 4M -l 8M /dev/rbd0 && blkdiscard -z -o 16384 -l 5M /dev/rbd0'
expect "what was discarded or zeroed reads as zeroes" \
	"$(node 1 'dd if=/dev/rbd0 bs=4k skip=1024 count=2048 iflag=direct status=none | md5sum')" \
	"$(head -c 8388608 /dev/zero | md5sum)"
same_as_librbd data/img /dev/rbd0
say "librbd's own reader verifies what the driver wrote"
verify fresh /dev/rbd0 --rw=write --bs=64k --iodepth=8 --size=16M --do_verify=0
host fio --name=fresh --ioengine=rbd --clientname=admin --pool=data --rbdname=img --rw=read --bs=64k \
	--size=16M --verify=crc32c --verify_fatal=1 --verify_state_save=0 --verify_only=1 || fail "librbd finds other data than the driver wrote"
node 1 'rbd unmap /dev/rbd0 && rbd unmap /dev/rbd1'
