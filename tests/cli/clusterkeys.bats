#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A user for the nodes: its rights are enough for all that a node does, and for nothing else.
bats_require_minimum_version 1.5.0
load ceph

setup_file() {
	make -s -C "$BATS_TEST_DIRNAME/../daemon"
	export NODE_KEY=$CLI_TMP/node.keyring
	rs -q cluster init --cluster-name keys
	rs -q pool create secret --pg-num 4
}

teardown_file() {
	local pool

	stock ceph auth rm client.node
	for pool in rbdshare secret; do
		stock ceph osd pool rm "$pool" "$pool" --yes-i-really-really-mean-it
	done
}

setup() {
	export RBDSHARE_CLUSTER=keys RBDSHARE_DEFAULTS=/nonexistent
	export TEST_CLIENT=client.node TEST_KEYRING=$NODE_KEY
}

keys() { rs cluster keys "$@"; }

as_node() { stock "$@" --id node -k "$NODE_KEY"; }

tool() { stock "$BATS_TEST_DIRNAME/../build/daemon/$1" "${@:2}"; }

caps() { stock ceph auth get client.node -f json 2>/dev/null | jq -r ".[0].caps.$1"; }

@test "keys makes a user and its keyring, once" {
	local before

	run keys node --keyring-out "$NODE_KEY" --image-pool dovecot --dry-run
	[[ $status -eq 0 && $output == "would create client.node"* && ! -e $NODE_KEY ]]
	run keys client.node --keyring-out "$NODE_KEY" --image-pool dovecot
	[[ $status -eq 0 && $output == *"created client.node"*"RBDSHARE_ID=node into /etc/default/rbdshare"* ]]
	[[ $(stat -c %a "$NODE_KEY") == 600 ]]
	[[ $(caps osd) == "allow rw pool=rbdshare, profile rbd pool=dovecot" ]]
	before=$(sha256sum <"$NODE_KEY")
	run keys node --keyring-out "$NODE_KEY" --image-pool dovecot
	[[ $status -eq 0 && $output == *"kept client.node"* && $(sha256sum <"$NODE_KEY") == "$before" ]]
}

@test "keys shows other rights and asks before it changes them" {
	run keys node --keyring-out "$NODE_KEY" --image-pool secret </dev/null
	[[ $status -eq 125 && $output == *"may now: "*"pool=dovecot"*"it would then: "*"pool=secret"*"add --yes"* ]]
	[[ $(caps osd) == *pool=dovecot ]]
	[[ $(json '.action + " " + .osd' keys node --keyring-out "$NODE_KEY" --yes --json) == "change allow rw pool=rbdshare, profile rbd pool=dovecot, profile rbd pool=secret" ]]
	expect 0 "changed client.node" bash -c '"$CLI_LAB" host "$RBDSHARE" cluster keys node --keyring-out "$NODE_KEY" --image-pool dovecot --yes 2>&1 | grep -v next: >&2'
	[[ $(caps osd) == *pool=dovecot ]]
	expect 17 "keeps its rights" keys admin --keyring-out "$CLI_TMP/x"
	expect 2 "there is no pool 'nope'" keys node --keyring-out "$NODE_KEY" --image-pool nope
	expect 2 "make the cluster first" keys node --keyring-out "$NODE_KEY" -p nope
	expect 13 "which needs mon 'allow *'" keys other --id node -k "$NODE_KEY" --keyring-out "$CLI_TMP/x"
}

@test "with its rights: view, heartbeats, events" {
	local i

	[[ $(tool viewtool rbdshare other cas 0 hello) == "" ]]
	[[ $(tool viewtool rbdshare other race 5) == "won=5 lost=0" ]]
	for i in 0 1 2; do
		as_node rados -p rbdshare put "hb.keys.$i" /etc/hostname
		[[ $(as_node rados -p rbdshare get "hb.keys.$i" -) == "$(</etc/hostname)" ]]
	done
	tool ringtool rbdshare keys 0 put 4096 1 3
	[[ $(rs --id node -k "$NODE_KEY" cluster history 0 | wc -l) -eq 3 ]]
}

@test "with its rights: fences, also over an entry that ends too soon" {
	run tool fencetool fence dovecot 10.9.9.9:0/77
	[[ $status -eq 0 && $output == *"result 0 "*"added 1 replaced 0"*"groups 8"* ]]
	stock ceph osd blocklist add 10.9.9.9:0/78 60
	run tool fencetool fence rbdshare 10.9.9.9:0/78
	[[ $status -eq 0 && $output == *"result 0 "*"replaced 1"* ]]
	# Ten years.
	[[ $(stock ceph osd dump -f json | jq -r '.blocklist["10.9.9.9:0/78"][:4]') -ge $(($(date +%Y) + 9)) ]]
	# A pool it may not read can be swept too: a refusal is an answer.
	run tool fencetool fence secret 10.9.9.9:0/77
	[[ $status -eq 0 && $output == *"result 0 "*"groups 4"* ]]
	as_node ceph osd blocklist rm 10.9.9.9:0/77
	as_node ceph osd blocklist rm 10.9.9.9:0/78
}

@test "with its rights: images are made, looked at and mapped" {
	local id

	rs -q --id node -k "$NODE_KEY" create dovecot/keys --size 8M
	[[ $(json .mode rs --id node -k "$NODE_KEY" info dovecot/keys --json) == shared ]]
	id=$(stock rbd info dovecot/keys --format json | jq -r .id)
	watcher_start dovecot/keys
	[[ $(tool fencetool watchers dovecot "$id" 10.77.0.1) == 10.77.0.1:0/* ]]
	watcher_stop
	as_node rbd lock add --shared mapped dovecot/keys c1
	as_node rbd lock rm dovecot/keys c1 "$(as_node rbd lock ls dovecot/keys --format json | jq -r '.[0].locker')"
	rs -q --id node -k "$NODE_KEY" rm dovecot/keys
}

@test "beyond its rights" {
	run as_node rados -p secret ls
	[[ $status -ne 0 ]]
	run as_node ceph osd pool create more
	[[ $status -eq 13 ]]
	run as_node ceph auth ls
	[[ $status -eq 13 ]]
	run as_node ceph osd blocklist clear
	[[ $status -eq 13 ]]
	run as_node ceph osd blocklist add 10.9.9.9 3600
	[[ $status -eq 13 ]]
}
