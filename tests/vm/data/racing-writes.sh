# SPDX-License-Identifier: GPL-2.0
# topic: two nodes write, zero and read the same sectors at the same time; no write is torn, lost or comes back
# nodes: 2
# seconds: 1200
# shellcheck shell=bash disable=SC2016
#
# RBDSHARE_SEED=N for other places and sizes, RBDSHARE_CYCLES=N rounds of each kind. What the
# nodes do to each other depends on time, so a seed does not replay a failure.
#
# Drivers broken on purpose that it was seen to find: requests of at most 4 kB (round 3: a write
# was torn); the last sector of each write dropped (round 2); truncate where a range of an
# object is to be zeroed (round 6).

seed=${RBDSHARE_SEED:-4711}
cycles=${RBDSHARE_CYCLES:-1}
steps=${RBDSHARE_STEPS:-150}
pool race
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -pthread -o "$VM_TMP/racing-writer" "$RC_DIR/data/racing-writer.c" ||
	fail "racing-writer.c does not compile: scripts/setup build installs what it needs"
for n in $VM_NODES; do
	lab push "$n" "$VM_TMP/racing-writer" /tmp/racing-writer
	node "$n" 'chmod 755 /tmp/racing-writer'
done

# In each node the same command at the same time; output in FILE.N
at_once() {
	local file=$1 n pids=() rc=0
	shift

	for n in $VM_NODES; do
		{ node "$n" "${*//@/$n}" >"$file.$n" 2>&1 || exit 1; } &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || rc=1
	done
	[[ $rc -eq 0 ]] || fail "$(grep -h racing-writer: "$file".* || cat "$file".*)"
}

# race IMAGE START ROUND WRITE_SIZE ZEROES
race() {
	local image=$1 start=$2 round=$3 size=$4 zeroes=$5 n won

	at_once "$VM_TMP/log" "/tmp/racing-writer /dev/rbd/race/$image @ 2 $round $size $zeroes $steps $seed $start"
	rbd export "race/$image" "$VM_TMP/after" --no-progress
	won=$(python3 "$RC_DIR/data/racing-check.py" "$VM_TMP/before" "$VM_TMP/after" \
		"$round" "$start" "$VM_TMP"/log.[12] 2>&1) ||
		fail "$image, round $round, writes of $size bytes, $zeroes % zeroes, seed $seed: $won"
	at_once "$VM_TMP/sum" "dd if=/dev/rbd/race/$image bs=1M iflag=direct status=none | md5sum"
	for n in $VM_NODES; do
		expect "$image as node $n reads it after round $round" "$(cat "$VM_TMP/sum.$n")" "$(md5sum <"$VM_TMP/after")"
		met[n]=$((met[n] + $(sed -n 's/^met //p' "$VM_TMP/log.$n")))
	done
	say "$image, round $round, writes of $size bytes, $zeroes % zeroes: last sectors of $won"
	mv "$VM_TMP/after" "$VM_TMP/before"
}

# play IMAGE START: rounds of each kind; size 0 means all sizes at once.
play() {
	local image=$1 round=0 cycle size zeroes n met=(0 0 0)

	on_all "rbd map race/$image" >/dev/null
	rm -f "$VM_TMP/before" "$VM_TMP/after"
	rbd export "race/$image" "$VM_TMP/before" --no-progress
	for ((cycle = 0; cycle < cycles; cycle++)); do
		for zeroes in 0 25; do
			for size in 512 4096 16384 65536 0; do
				race "$image" "$2" $((++round)) "$size" "$zeroes"
			done
		done
	done
	for n in $VM_NODES; do
		((met[n] > 0)) || fail "$image: node $n never read what the other wrote meanwhile: that was no race"
	done
	on_all "rbd unmap race/$image"
	rm "$VM_TMP/before"
}

# The places are the end of an object, so that discards become truncates and zeroes.
rbd create race/large --size 8M
[[ $DRIVER != ours ]] || rbd image-meta set race/large rbdshare.mode shared
play large $(((8 << 20) - (256 << 10)))
# Each place is an object: full writes, removals and creations.
rbd create race/small --size 1M --object-size 64K
play small 0
