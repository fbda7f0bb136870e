#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

@test "pool create makes a pool for images and says so" {
	expect 0 "created pool p1 with 4 PGs" rs pool create p1 --pg-num 4
	[[ $(stock ceph osd pool application get p1 -f json | jq -r 'keys[0]') == rbd ]]
	[[ $(stock ceph osd pool get p1 pg_num -f json | jq .pg_num) == 4 ]]
	rs -q pool rm p1 --yes
}

@test "pool create keeps a pool that exists" {
	expect 0 "kept pool dovecot, which exists" rs pool create dovecot --pg-num 16
	[[ $(stock ceph osd pool get dovecot pg_num -f json | jq .pg_num) == 8 ]]
	[[ $(json .existed rs pool create dovecot --json) == true ]]
}

@test "pool create --dry-run creates nothing" {
	run rs pool create p2 --dry-run
	[[ $status -eq 0 && $output == "would create pool p2"* ]]
	expect 2 "no pool 'p2'" rs ls p2
}

@test "pool create refuses names and numbers that would hurt later" {
	expect 22 "has a '/'" rs pool create a/b
	expect 22 "is empty" rs pool create ""
	expect 22 "blank" rs pool create "a b"
	expect 22 "begins with '.'" rs pool create .x
	expect 22 "power of two, such as 2" rs pool create p3 --pg-num 3
	expect 22 "not a number of PGs" rs pool create p3 --pg-num -4
	expect 22 "not a number of PGs" rs pool create p3 --pg-num 8x
	expect 34 "smaller --pg-num" rs pool create p3 --pg-num 65536
	expect 2 "no pool 'p3'" rs ls p3
}

@test "pool create --client makes a key for this pool only, readable by its owner" {
	local key=$BATS_TEST_TMPDIR/app.keyring

	expect 0 "client.app has rights on this pool only, its key is in $key" \
		rs pool create p4 --client app --keyring-out "$key"
	[[ $(stat -c %a "$key") == 600 ]]
	rs -q --id app -k "$key" create p4/i --size 8M
	[[ $(rs --id app -k "$key" ls p4) == i ]]
	expect 13 "too few rights" rs --id app -k "$key" ls dovecot
	# Again: the same key, nothing is overwritten.
	expect 0 "kept pool p4" rs pool create p4 --client app --keyring-out "$key"
	echo other >"$key"
	expect 17 "other content" rs pool create p4 --client app --keyring-out "$key"
	expect 17 "exists with other rights" rs pool create dovecot --client app --keyring-out "$key.2"
	expect 2 "cannot write a keyring" rs pool create p4 --client app --keyring-out /nonexistent/k
	rs -q --id admin rm p4/i
	rs -q pool rm p4 --yes
}

@test "pool ls shows what the monitors say, as text and as JSON" {
	run rs pool ls
	[[ ${lines[0]} == NAME* && $output == *dovecot* ]]
	[[ $(json '.pools[] | select(.name == "dovecot") | .pg_num' rs pool ls --json) == 8 ]]
	[[ $(json '.pools[] | select(.name == "dovecot") | .available_bytes | type' rs pool ls --json) == number ]]
	expect 1 "takes no name" rs pool ls dovecot
}

@test "pool rm refuses a pool with images, foreign pools, and without --yes" {
	rs -q pool create p5 --pg-num 1
	rs -q create p5/i --size 8M
	expect 39 "images: 1" rs pool rm p5 --yes
	rs -q rm p5/i
	expect 125 "add --yes" rs pool rm p5
	run rs pool rm p5 --dry-run
	[[ $output == "would remove pool p5" ]]
	expect 0 "removed pool p5" rs pool rm p5 --yes
	expect 2 "no pool 'p5'" rs pool rm p5 --yes
	stock ceph osd pool create foreign 1 >&2
	stock ceph osd pool application enable foreign cephfs >&2
	expect 13 "belongs to 'cephfs'" rs pool rm foreign --yes
	stock ceph osd pool rm foreign foreign --yes-i-really-really-mean-it >&2
}

@test "pool: unknown words are met with the nearest" {
	expect 1 "did you mean 'create'?" rs pool creat x
	expect 1 "create, ls or rm" rs pool
}
