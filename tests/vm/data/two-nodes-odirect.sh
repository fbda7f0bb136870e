# SPDX-License-Identifier: GPL-2.0
# topic: two nodes write and read the same blocks with O_DIRECT and see each other's data at once
# nodes: 2
# seconds: 600
# shellcheck shell=bash disable=SC2016

pool shared
rbd create shared/img --size 64M
for n in 1 2; do
	expect "device in node $n" "$(map $n shared/img)" /dev/rbd0
done

# Round by round: one node writes blocks of all sizes and places, the other reads them.
write_blocks() {
	node "$1" "set -e
		head -c \$((1 << 20)) /dev/urandom > /tmp/data$2
		dd if=/tmp/data$2 of=/dev/rbd0 bs=4k oflag=direct seek=$(($2 * 1021 + 1)) status=none
		dd if=/tmp/data$2 of=/dev/rbd0 bs=512 count=7 oflag=direct seek=3 conv=notrunc status=none
		md5sum < /tmp/data$2; head -c 3584 /tmp/data$2 | md5sum"
}
read_blocks() {
	node "$1" "set -e
		dd if=/dev/rbd0 bs=4k iflag=direct skip=$(($2 * 1021 + 1)) count=256 status=none | md5sum
		dd if=/dev/rbd0 bs=512 iflag=direct skip=3 count=7 status=none | md5sum"
}
for round in 1 2 3 4; do
	writer=$((round % 2 + 1)) reader=$(((round + 1) % 2 + 1))
	wrote=$(write_blocks $writer $round)
	expect "round $round, written by node $writer, read by node $reader" \
		"$(read_blocks $reader $round)" "$wrote"
	expect "round $round, read by its writer" "$(read_blocks $writer $round)" "$wrote"
done

# Together: each node writes its own half of every object; both halves must survive.
half() {
	node "$1" "fio --name=half --filename=/dev/rbd0 --rw=randwrite --bs=64k --iodepth=8 \
		--ioengine=libaio --direct=1 --offset=$2 --size=16M --verify=crc32c --do_verify=$3 \
		--verify_fatal=1 --verify_state_save=0 --randseed=$1 ${4:-} >/tmp/fio.out 2>&1 ||
		{ cat /tmp/fio.out; exit 1; }"
}
half 1 0 0 "--zonemode=strided --zonesize=2M --zonerange=4M --zoneskip=2M" &
first=$!
half 2 2M 0 "--zonemode=strided --zonesize=2M --zonerange=4M --zoneskip=2M"
wait $first
expect "both nodes read the same" "$(node 1 'dd if=/dev/rbd0 bs=1M iflag=direct status=none | md5sum')" \
	"$(node 2 'dd if=/dev/rbd0 bs=1M iflag=direct status=none | md5sum')"
expect "librbd reads the same" "$(rbd export shared/img - 2>/dev/null | md5sum)" \
	"$(node 2 'dd if=/dev/rbd0 bs=1M iflag=direct status=none | md5sum')"
on_all rbd unmap /dev/rbd0
