#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The ring of events: what is written is read back, it does not grow, it outlives its writer.

load ceph

setup() { NAME=e$BATS_TEST_NUMBER; }

ring() { tool ringtool meta "$NAME" 3 "$@"; }

@test "lines come back in their order" {
	[[ -z $(ring read) ]]
	[[ $(ring put 262144 1 100) == lost=0 ]]
	diff <(ring read) <(seq -f '{"event":%g}' 1 100)
	# The next life of the node goes on behind it.
	ring put 262144 101 120
	diff <(ring read) <(seq -f '{"event":%g}' 1 120)
}

@test "it keeps the newest and does not grow" {
	local first last n
	[[ $(ring put 1000 1 500) == lost=0 ]]
	n=$(ring read | wc -l)
	first=$(ring read | head -n 1)
	last=$(ring read | tail -n 1)
	[[ $last == '{"event":500}' ]]
	((n >= 66 && n <= 2 * 77))
	diff <(ring read) <(seq -f '{"event":%g}' $((501 - n)) 500)
	[[ $first == "{\"event\":$((501 - n))}" ]]
	[[ $(stock rados -p meta stat "events.$NAME.3.0" | sed 's/.*size //') -le 1000 ]]
	[[ $(stock rados -p meta stat "events.$NAME.3.1" | sed 's/.*size //') -le 1000 ]]
}
