#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

setup() {
	rs -q create dovecot/i --size 64M
}

teardown() {
	watcher_stop
	stock rbd lock ls dovecot/i --format json | jq -r '.[] | .id, .locker' | while read -r id && read -r who; do
		stock rbd lock rm dovecot/i "$id" "$who" >&2
	done
	rs -q rm dovecot/i --yes
}

@test "info agrees with stock rbd info" {
	local theirs ours

	theirs=$(stock rbd info dovecot/i --format json | jq -cS '{id, size, objects, object_size, f: (.features | sort)}')
	ours=$(rs info dovecot/i --json |
		jq -cS '{id, size: .size_bytes, objects, object_size: .object_size_bytes, f: (.features | sort)}')
	[[ $ours == "$theirs" ]]
}

@test "info gives types, not strings; times in UTC" {
	run rs info dovecot/i --json
	jq -e '.size_bytes | type == "number"' <<<"$output"
	jq -e '.content_known == true and .content == null and .parent == null' <<<"$output"
	jq -e '.created | test("^20[0-9-]+T[0-9:]+Z$")' <<<"$output"
	jq -e '.metadata["rbdshare.mode"] == "shared"' <<<"$output"
}

@test "info shows the filesystem without mapping the image" {
	truncate -s 64M "$CLI_TMP/fs"
	mkfs.ext4 -q -L mail "$CLI_TMP/fs"
	stock rbd import --no-progress --image-shared "$CLI_TMP/fs" dovecot/fs
	[[ $(rs info dovecot/fs) == *"ext4 'mail' (UUID"* ]]
	[[ $(json '.content | .type + " " + .label' rs info dovecot/fs --json) == "ext4 mail" ]]
	[[ $(json '.mode' rs info dovecot/fs --json) == unmarked ]]
	expect 39 "holds ext4 'mail'" rs rm dovecot/fs
	rs -q rm dovecot/fs --yes
	rm "$CLI_TMP/fs"
}

@test "info shows who has the image open, and the node's name of a lock" {
	watcher_start dovecot/i
	[[ $(json '.users | length' rs info dovecot/i --json) == 1 ]]
	[[ $(json '.users[0] | [.watching, .locking, .node] | tostring' rs info dovecot/i --json) == '[true,false,null]' ]]
	stock rados -p dovecot lock get "rbd_header.$(json .id rs info dovecot/i --json)" rbd_lock \
		--lock-type shared --lock-tag rbdshare --lock-cookie 'rbdshare rbd0' --lock-description node7 >&2
	[[ $(json '.users[] | select(.locking) | .node + "/" + .device + "/" + .lock_cookie' rs info dovecot/i --json) == 'node7//dev/rbd0/rbdshare rbd0' ]]
	[[ $(rs info dovecot/i) == *'node7 (/dev/rbd0, 10.77.0.1:0/'* ]]
}

@test "info of what is not there" {
	expect 2 "there is no image 'dovecot/none'; 'rbdshare ls dovecot' lists them" rs info dovecot/none
	expect 2 "there is no snapshot 'dovecot/i@none'" rs info dovecot/i@none
	expect 2 "there is no pool 'nopool'" rs info nopool/i
	expect 1 "name the image" rs info
}

@test "ls and ls -l, of no images too" {
	[[ $(rs ls dovecot) == i ]]
	run rs ls -l dovecot
	[[ ${lines[0]} == "NAME "*"SIZE"* && ${lines[1]} == "i "*"64 MiB  shared"* ]]
	[[ $(json '.images[0].name' rs ls -p dovecot --json) == i ]]
	rs -q pool create empty --pg-num 1
	[[ -z $(rs ls empty) && -z $(rs ls -l empty) ]]
	[[ $(json '.images | length' rs ls empty --json) == 0 ]]
	rs -q pool rm empty --yes
	expect 2 "there is no pool 'nopool'" rs ls nopool
	expect 1 "is not a pool" rs ls dovecot/i
}
