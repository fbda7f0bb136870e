#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Heartbeats of many nodes on a real cluster; RBDSHARE_LOAD_SECONDS=300 and RBDSHARE_LOAD_NODES=255 measure.

load ceph

@test "many virtual nodes see each other's heartbeats, and nobody looks dead" {
	local nodes=${RBDSHARE_LOAD_NODES:-64} seconds=${RBDSHARE_LOAD_SECONDS:-15}

	run tool hbload meta "$nodes" "$seconds"
	echo "# $output" >&3
	[[ $status -eq 0 && $(field nodes <<<"$output") -eq $nodes ]]
	# Nobody was silent for as long as an accusation takes (dead-after 10 s, minus its second step).
	[[ $(field silent <<<"$output") -lt 7 ]]
	# Most ticks count, on a machine that does other things as well.
	[[ $(($(field missed <<<"$output") * 10)) -lt $(field ticks <<<"$output") ]]
}
