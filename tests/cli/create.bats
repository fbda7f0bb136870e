#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

teardown() {
	for i in $(rs ls dovecot); do rs -q rm "dovecot/$i" --yes; done
}

@test "create makes an image for several nodes; stock rbd agrees with us" {
	expect 0 "created image dovecot/mail: 10 GiB in 2560 objects of 4 MiB, shared" \
		rs create mail --size 10240 --pool dovecot
	[[ $(stock rbd info dovecot/mail --format json | jq -c '[.size, .object_size, (.features | sort)]') == \
		'[10737418240,4194304,["deep-flatten","layering"]]' ]]
	[[ $(stock rbd image-meta get dovecot/mail rbdshare.mode) == shared ]]
	[[ $(json '.mode' rs info dovecot/mail --json) == shared ]]
}

@test "create --exclusive has the lock feature and no mark" {
	rs -q create dovecot/x --size 64M --exclusive --object-size 1M
	[[ $(stock rbd info dovecot/x --format json | jq -c '[.object_size, (.features | sort)]') == \
		'[1048576,["deep-flatten","exclusive-lock","layering"]]' ]]
	run stock rbd image-meta get dovecot/x rbdshare.mode
	[[ $status -ne 0 ]]
	[[ $(json '.mode' rs info dovecot/x --json) == exclusive ]]
}

@test "create takes the sizes people write" {
	rs -q create dovecot/a --size 1G
	rs -q create dovecot/b --size 1GiB
	rs -q create dovecot/c --size 0.5g
	rs -q create dovecot/d --size 1048576B
	[[ $(json '[.images[].size_bytes] | @csv' rs ls -l dovecot --json) == \
		1073741824,1073741824,536870912,1048576 ]]
}

@test "create never touches an existing image" {
	rs -q create dovecot/keep --size 16M
	expect 17 "exists already (16 MiB) and was not touched" rs create dovecot/keep --size 1G
	expect 17 "exists already" rs create dovecot/keep --size 1G --dry-run
	[[ $(json .size_bytes rs info dovecot/keep --json) == 16777216 ]]
}

@test "create --dry-run creates nothing but checks all" {
	run rs create dovecot/dry --size 1G --dry-run
	[[ $status -eq 0 && $output == "would create image dovecot/dry: 1 GiB"* ]]
	[[ -z $(rs ls dovecot) ]]
	[[ $(json '[.action, .dry_run, .size_bytes] | @csv' rs create dovecot/dry --size 1G --dry-run --json) == \
		'"create",true,1073741824' ]]
	expect 2 "there is no pool 'nopool'" rs create nopool/x --size 1G --dry-run
}

@test "create refuses bad names" {
	expect 2 "there is no pool 'nopool'; 'rbdshare pool ls' lists them" rs create nopool/x --size 1G
	expect 22 "names a snapshot" rs create dovecot/a@b --size 1G
	expect 22 "empty image name" rs create dovecot/ --size 1G
	expect 22 "empty image name" rs create "" --size 1G
	expect 22 "too many '/'" rs create a/b/c/d --size 1G
	expect 22 "blank" rs create "dovecot/a b" --size 1G
	expect 22 "has a ','" rs create "dovecot/a,b" --size 1G
	expect 22 "longer than" rs create "dovecot/$(printf 'x%.0s' {1..300})" --size 1G
	[[ -z $(rs ls dovecot) ]]
}

@test "create refuses bad sizes and features" {
	expect 1 "--size 10G" rs create dovecot/x
	expect 22 "is not a size" rs create dovecot/x --size 5X
	expect 22 "is not a size" rs create dovecot/x --size -5G
	expect 22 "of no use" rs create dovecot/x --size 0
	expect 22 "multiple of 512" rs create dovecot/x --size 1000B
	expect 34 "larger than any image" rs create dovecot/x --size 99999999999999999999G
	expect 27 "1 EiB" rs create dovecot/x --size 2E
	expect 22 "power of two from 4K to 32M" rs create dovecot/x --size 1G --object-size 5M
	expect 22 "power of two from 4K to 32M" rs create dovecot/x --size 1G --object-size 64M
	expect 22 "is not a feature" rs create dovecot/x --size 1G --image-feature magic
	expect 22 "exclusive-lock only works while one client writes" \
		rs create dovecot/x --size 1G --image-feature exclusive-lock
	expect 1 "unknown option '--frob'" rs create dovecot/x --frob
	expect 1 "--size needs a value" rs create dovecot/x --size
	expect 1 "one image at a time" rs create dovecot/x dovecot/y --size 1G
	[[ -z $(rs ls dovecot) ]]
}

@test "namespaces keep images apart" {
	stock rbd namespace create dovecot/ns
	rs -q create dovecot/ns/i --size 8M
	[[ $(rs ls dovecot --namespace ns) == i && -z $(rs ls dovecot) ]]
	[[ $(json .namespace rs info dovecot/ns/i --json) == ns ]]
	expect 39 "images: 1" rs pool rm dovecot --yes
	rs -q rm dovecot/ns/i
	stock rbd namespace rm dovecot/ns
}
