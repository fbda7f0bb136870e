#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

setup() {
	rs -q create dovecot/d --size 32M
}

teardown() {
	local id who

	watcher_stop
	! stock rbd info dovecot/d >/dev/null 2>&1 || {
		stock rbd lock ls dovecot/d --format json | jq -r '.[] | .id, .locker' | while read -r id && read -r who; do
			stock rbd lock rm dovecot/d "$id" "$who" >&2
		done
		stock rbd snap purge --no-progress dovecot/d
		stock rbd rm --no-progress dovecot/d
	}
}

@test "rm removes an image" {
	run rs rm dovecot/d --dry-run
	[[ $status -eq 0 && $output == "would remove image dovecot/d (32 MiB)" ]]
	[[ $(rs ls dovecot) == d ]]
	expect 0 "removed image dovecot/d (32 MiB)" rs rm dovecot/d
	[[ -z $(rs ls dovecot) ]]
	expect 2 "there is no image 'dovecot/d'" rs rm dovecot/d
}

@test "rm refuses while somebody has the image open, and says who" {
	watcher_start dovecot/d
	expect 16 "is in use, so we do not remove it: 10.77.0.1:0/" rs rm dovecot/d --yes
	# shellcheck disable=SC2154
	[[ $stderr == *"unmap it there first (rbdshare unmap dovecot/d)"* ]]
	watcher_stop
	expect 0 "removed" rs rm dovecot/d
}

@test "rm refuses while a vanished node holds the lock, and says how to fence it" {
	stock rados -p dovecot lock get "rbd_header.$(json .id rs info dovecot/d --json)" rbd_lock \
		--lock-type shared --lock-tag rbdshare --lock-cookie 'rbdshare rbd0' --lock-description node7 >&2
	expect 16 "node7 (/dev/rbd0, 10.77.0.1:0/" rs rm dovecot/d --yes
	# shellcheck disable=SC2154
	[[ $stderr == *"no longer connected"*"if node7 is dead, fence it with: rbd lock rm dovecot/d 'rbdshare rbd0' client."* ]]
	# The advice works.
	eval "stock ${stderr##*fence it with: }" >&2
	expect 0 "removed" rs rm dovecot/d
}

@test "rm refuses an image with snapshots and names the command" {
	rs -q snap create dovecot/d@s1
	expect 39 "has snapshots (s1); remove them first, each with: rbdshare snap rm dovecot/d@SNAP" rs rm dovecot/d --yes
}

@test "rm asks on a terminal before it removes a filesystem" {
	truncate -s 32M "$CLI_TMP/fs"
	mkfs.ext4 -q -L mail "$CLI_TMP/fs"
	stock rbd rm --no-progress dovecot/d
	stock rbd import --no-progress --image-shared "$CLI_TMP/fs" dovecot/d
	rm "$CLI_TMP/fs"
	expect 39 "holds ext4 'mail'" rs rm dovecot/d
	expect 39 "to remove it for ever add --yes" rs rm dovecot/d --dry-run
	run stock bash -c "echo no | script -qec \"'$RBDSHARE' rm dovecot/d\" /dev/null"
	[[ $status -eq 125 && $output == *"Type 'yes'"*"was kept"* ]]
	run stock bash -c "echo yes | script -qec \"'$RBDSHARE' rm dovecot/d\" /dev/null"
	[[ $status -eq 0 && $output == *"removed image"* ]]
}
