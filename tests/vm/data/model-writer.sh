# SPDX-License-Identifier: GPL-2.0
# topic: random writes, discards, zeroouts, resizes and snapshots against a model; librbd must read the same
# nodes: 1
# seconds: 900
# shellcheck shell=bash disable=SC2016
#
# Replay: RBDSHARE_SEED=N tests/vm/run data/model-writer. Also RBDSHARE_ROUNDS, RBDSHARE_STEPS.
#
# Drivers broken on purpose that it was seen to find: the snapshot context of the map time kept
# for ever (round 2: snapshot s1); writes that end with the image dropped (round 1); a short
# reply zeroed from the wrong place on (round 1).

seed=${RBDSHARE_SEED:-20261}
rounds=${RBDSHARE_ROUNDS:-5}
steps=${RBDSHARE_STEPS:-60}
RANDOM=$((seed % 32768))
pool model
lab push 1 "$RC_DIR/data/model-writer.py" /tmp/model-writer.py

# sum NAME: md5 sum of an image or snapshot as librbd reads it.
sum() { rbd export "$1" - --no-progress | md5sum | cut -d' ' -f1; }

# play IMAGE DEVICE ALLOC_SIZE: rounds of random I/O, with a snapshot and a resize between them.
play() {
	local image=$1 device=$2 unit=$3 size=$((24 << 20)) round i
	local -A wanted=()

	for ((round = 1; round <= rounds; round++)); do
		say "$image, round $round: seed $((seed + round)), $size bytes"
		wanted[now]=$(node 1 "python3 /tmp/model-writer.py $device /tmp/${image##*/}.state \
			--seed $((seed + round)) --steps $steps --alloc-size $unit --size $size") ||
			fail "$image, round $round, seed $((seed + round)): the device and the model differ"
		expect "$image through librbd after round $round" "$(sum "$image")" "${wanted[now]}"
		rbd snap create "$image@s$round" --no-progress
		wanted[$round]=${wanted[now]}
		if ((round > 2)); then
			# An old one goes, so that the others have to take over its objects.
			rbd snap rm "$image@s$((round - 2))" --no-progress
			unset "wanted[$((round - 2))]"
		fi
		# Every second time to a size that is no multiple of anything but sectors.
		if ((round < rounds)); then
			size=$(((8 << 20) + RANDOM % 24 * (1 << 20)))
			((round % 2)) || size=$((size + RANDOM % 2048 * 512))
			rbd resize "$image" --size "${size}B" --allow-shrink --no-progress
		fi
		for i in "${!wanted[@]}"; do
			[[ $i == now ]] || expect "snapshot s$i of $image" "$(sum "$image@s$i")" "${wanted[$i]}"
		done
	done
	say "snapshots read through the driver"
	for i in "${!wanted[@]}"; do
		[[ $i != now ]] || continue
		map 1 "$image@s$i" >/dev/null
		expect "snapshot s$i of $image" \
			"$(node 1 "dd if=/dev/rbd/$image@s$i bs=1M iflag=direct status=none | md5sum | cut -d' ' -f1")" "${wanted[$i]}"
		node 1 "rbd unmap $image@s$i"
	done
}

rbd create model/large --size 24M
rbd create model/small --size 24M --object-size 128K
[[ $DRIVER != ours ]] || rbd image-meta set model/large rbdshare.mode shared
expect "device" "$(map 1 model/large)" /dev/rbd0
expect "device" "$(map 1 model/small -o alloc_size=4096)" /dev/rbd1
play model/large /dev/rbd0 65536
play model/small /dev/rbd1 4096
node 1 'rbd unmap /dev/rbd0 && rbd unmap /dev/rbd1'
