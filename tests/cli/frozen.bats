#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

setup() {
	rs -q create dovecot/frozen --size 8M
}

teardown() {
	local i

	"$CLI_LAB" ceph mon thaw
	"$CLI_LAB" ceph osd thaw 0
	"$CLI_LAB" ceph osd thaw 1
	# Elections and peering take their time.
	for ((i = 0; i < 60; i++)); do
		stock timeout 10 ceph health >/dev/null 2>&1 && rs -q ls dovecot >/dev/null 2>&1 && break
		sleep 0.5
	done
	rs -q rm dovecot/frozen
}

@test "a frozen monitor does not hang a verb" {
	"$CLI_LAB" ceph mon freeze
	bounded 25 expect 110 "waited 3 s for the monitors in vain" rs --timeout 3 ls dovecot
}

@test "frozen OSDs do not hang a verb" {
	"$CLI_LAB" ceph osd freeze 0
	"$CLI_LAB" ceph osd freeze 1
	bounded 25 expect 110 "--timeout" rs --timeout 3 info dovecot/frozen
	bounded 25 expect 110 "--timeout" rs --timeout 3 create dovecot/frozen2 --size 8M
}
