#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

setup() {
	rs -q create dovecot/s --size 16M
}

teardown() {
	watcher_stop
	rs -q snap unprotect dovecot/s@one 2>/dev/null || true
	stock rbd snap purge --no-progress dovecot/s
	rs -q rm dovecot/s --yes
}

@test "snap create, ls, rm: stock rbd sees the same" {
	[[ -z $(rs snap ls dovecot/s) ]]
	expect 0 "created snapshot dovecot/s@one" rs snap create dovecot/s@one
	[[ $(stock rbd snap ls dovecot/s --format json | jq -r '.[0].name') == one ]]
	[[ $(json '.snapshots[0] | [.name, .size_bytes, .protected] | @csv' rs snap ls dovecot/s --json) == '"one",16777216,false' ]]
	run rs snap ls dovecot/s
	[[ ${lines[0]} == *ID*NAME*SIZE*CREATED* && ${lines[1]} == *"one "*" 16 MiB  20"*"Z  no" ]]
	expect 17 "exists already and was not touched" rs snap create dovecot/s@one
	expect 0 "removed snapshot" rs snap rm dovecot/s@one
	expect 2 "there is no snapshot 'dovecot/s@one'" rs snap rm dovecot/s@one
}

@test "snap protect guards against rm" {
	rs -q snap create dovecot/s@one
	rs -q snap protect dovecot/s@one
	rs -q snap protect dovecot/s@one
	[[ $(json '.snapshots[0].protected' rs snap ls dovecot/s --json) == true ]]
	expect 16 "rbdshare snap unprotect dovecot/s@one" rs snap rm dovecot/s@one
	stock rbd clone dovecot/s@one dovecot/clone
	expect 16 "has clones" rs snap unprotect dovecot/s@one
	[[ $(json .parent rs info dovecot/clone --json) == dovecot/s@one ]]
	rs -q rm dovecot/clone
	rs -q snap unprotect dovecot/s@one
	rs -q snap rm dovecot/s@one
}

@test "snap rollback brings the old data back, only with --yes and when unused" {
	local before

	stock rbd bench --io-type write --io-size 64K --io-total 2M --io-pattern rand dovecot/s >/dev/null
	before=$(stock rbd export --no-progress dovecot/s - | sha256sum)
	rs -q snap create dovecot/s@one
	stock rbd bench --io-type write --io-size 4K --io-total 1M --io-pattern seq dovecot/s >/dev/null
	[[ $(stock rbd export --no-progress dovecot/s - | sha256sum) != "$before" ]]
	expect 125 "add --yes" rs snap rollback dovecot/s@one
	watcher_start dovecot/s
	expect 16 "so we do not roll it back: 10.77.0.1" rs snap rollback dovecot/s@one --yes
	watcher_stop
	run rs snap rollback dovecot/s@one --dry-run
	[[ $output == "would roll back to snapshot dovecot/s@one" ]]
	expect 0 "rolled back" rs snap rollback dovecot/s@one --yes
	[[ $(stock rbd export --no-progress dovecot/s - | sha256sum) == "$before" ]]
}

@test "snap --dry-run changes nothing" {
	run rs snap create dovecot/s@dry --dry-run
	[[ $output == "would create snapshot dovecot/s@dry" ]]
	[[ -z $(rs snap ls dovecot/s) ]]
	rs -q snap create dovecot/s@one
	run rs snap rm dovecot/s@one --dry-run
	[[ $output == "would remove snapshot dovecot/s@one" ]]
	[[ $(stock rbd snap ls dovecot/s --format json | jq length) == 1 ]]
}

@test "snap: bad input" {
	expect 1 "say what: create" rs snap
	expect 1 "did you mean 'rollback'?" rs snap rolback dovecot/s@x
	expect 22 "names no snapshot" rs snap create dovecot/s
	expect 22 "names a snapshot" rs snap ls dovecot/s@x
	expect 22 "empty snapshot name" rs snap create dovecot/s@
	expect 22 "more than one '@'" rs snap create dovecot/s@a@b
	expect 2 "there is no image" rs snap create dovecot/none@x
	expect 1 "unknown option" rs snap create dovecot/s@x --yes
}
