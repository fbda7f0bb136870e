#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

setup() {
	rs -q create dovecot/r --size 64M
}

teardown() {
	watcher_stop
	rs -q rm dovecot/r --yes
}

@test "grow: data stays, stock rbd sees the new size" {
	head -c 64M /dev/urandom >"$CLI_TMP/data"
	rs -q rm dovecot/r
	stock rbd import --no-progress --image-shared "$CLI_TMP/data" dovecot/r
	expect 0 "from 64 MiB to 96 MiB" rs resize dovecot/r --size 96M
	[[ $(stock rbd info dovecot/r --format json | jq .size) == 100663296 ]]
	stock rbd export --no-progress dovecot/r "$CLI_TMP/back"
	cmp -n 67108864 "$CLI_TMP/data" "$CLI_TMP/back"
	cmp -n 33554432 -i 67108864:0 "$CLI_TMP/back" /dev/zero
	# Shrunk and grown again: the tail is gone, the head is the same.
	rs -q resize dovecot/r --size 33M --shrink
	rs -q resize dovecot/r --size 64M
	stock rbd export --no-progress dovecot/r "$CLI_TMP/again"
	cmp -n $((33 << 20)) "$CLI_TMP/data" "$CLI_TMP/again"
	cmp -n $((31 << 20)) -i $((33 << 20)):0 "$CLI_TMP/again" /dev/zero
	rm "$CLI_TMP/data" "$CLI_TMP/back" "$CLI_TMP/again"
}

@test "growing is allowed while the image is in use" {
	watcher_start dovecot/r
	expect 0 "to 128 MiB" rs resize dovecot/r --size 128M
}

@test "shrinking needs --shrink" {
	expect 22 "would cut data off; if that is meant, add --shrink" rs resize dovecot/r --size 32M
	[[ $(json .size_bytes rs info dovecot/r --json) == 67108864 ]]
	expect 0 "from 64 MiB to 32 MiB" rs resize dovecot/r --size 32M --shrink
}

@test "shrinking is refused while somebody uses the image, and says who" {
	watcher_start dovecot/r
	expect 16 "is in use, so we do not shrink it: 10.77.0.1:0/" rs resize dovecot/r --size 32M --shrink
	expect 16 "is in use" rs resize dovecot/r --size 32M --shrink --force
	[[ $(json .size_bytes rs info dovecot/r --json) == 67108864 ]]
}

@test "shrinking what holds a filesystem needs --force" {
	truncate -s 64M "$CLI_TMP/fs"
	mkfs.ext4 -q -L mail "$CLI_TMP/fs"
	rs -q rm dovecot/r
	stock rbd import --no-progress --image-shared "$CLI_TMP/fs" dovecot/r
	expect 39 "holds ext4 'mail'" rs resize dovecot/r --size 32M --shrink
	expect 0 "to 32 MiB" rs resize dovecot/r --size 32M --shrink --force
	rm "$CLI_TMP/fs"
}

@test "resize --dry-run changes nothing; JSON has both sizes" {
	run rs resize dovecot/r --size 1G --dry-run
	[[ $output == "would resize image dovecot/r from 64 MiB to 1 GiB" ]]
	[[ $(json .size_bytes rs info dovecot/r --json) == 67108864 ]]
	[[ $(json '[.size_bytes_before, .size_bytes] | @csv' rs resize dovecot/r --size 128M --json) == 67108864,134217728 ]]
	expect 0 "(no change)" rs resize dovecot/r --size 128M
}

@test "resize: progress lines are JSON, quiet in a pipe otherwise" {
	run --separate-stderr rs -q resize dovecot/r --size 128M
	[[ $status -eq 0 && -z $stderr && -z $output ]]
	run --separate-stderr rs -q resize dovecot/r --size 64M --shrink --progress-json
	[[ $status -eq 0 ]]
	jq -es 'length > 0 and all(.schema_version == 1 and .event == "progress") and .[-1].percent == 100 and .[-1].state == "done"' <<<"$stderr"
}

@test "resize: a bar on a terminal" {
	run stock script -qec "'$RBDSHARE' resize dovecot/r --size 128M" /dev/null
	[[ $status -eq 0 && $output == *"resized image"* ]]
	head -c 64M /dev/zero | tr '\0' x >"$CLI_TMP/x"
	rs -q rm dovecot/r
	stock rbd import --no-progress --image-shared "$CLI_TMP/x" dovecot/r
	run stock script -qec "'$RBDSHARE' resize dovecot/r --size 1M --shrink" /dev/null
	[[ $status -eq 0 && $output == *"Resizing dovecot/r"*"100%"* ]]
	rm "$CLI_TMP/x"
}

@test "resize: bad input" {
	expect 1 "give the new size" rs resize dovecot/r
	expect 22 "is not a size" rs resize dovecot/r --size big
	expect 22 "of no use" rs resize dovecot/r --size 0
	expect 2 "there is no image" rs resize dovecot/none --size 1G
	expect 22 "names a snapshot" rs resize dovecot/r@s --size 1G
}
