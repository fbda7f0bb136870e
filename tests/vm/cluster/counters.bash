# SPDX-License-Identifier: GPL-2.0
# Counters of a fault round: on both filesystems of all nodes processes add 1 to a number under fcntl and flock.
# Each writes down what it wrote, so a lock that two had at a time shows as a number that is there twice, and a
# write that was lost as one that is missing.
# shellcheck shell=bash disable=SC2016

COUNTERS=(o/fcntl o/flock g/fcntl g/flock)
# Between two additions; fault rounds also measure, so it is no load.
COUNTERS_PAUSE=0.1
declare -A counters_since

# counters_begin N...: from 0, on all that take part. One after the other they count once, then all go on: fs/dlm
# serves nodes that have had a lock before one that has not, which was seen to wait for 90 s while two others passed
# the lock between them.
counters_begin() {
	local n

	counters_since=()
	node "$1" 'rm -f /mnt/[og]/fcntl.n /mnt/[og]/flock.n'
	for n in "$@"; do
		lab push "$n" "$RC_DIR/cluster/locker.py" /tmp/locker.py
		node "$n" "rm -f /tmp/n.*
			for c in ${COUNTERS[*]}; do
				setsid python3 /tmp/locker.py count /mnt/\$c.n \${c#*/} 0 /tmp/n.\${c%/*}.\${c#*/} $COUNTERS_PAUSE \
					>/tmp/n.\${c%/*}.\${c#*/}.err 2>&1 </dev/null &
			done; sleep 0.2"
		wait_until 90 counted_past "$n" "$(printf '%s\n' 0 0 0 0)"
	done
	for n in "$@"; do
		node "$n" "for c in ${COUNTERS[*]}; do touch /tmp/n.\${c%/*}.\${c#*/}.go; done"
	done
	for n in "$@"; do
		counters_go_on "$n"
	done
}
# How often each of them of node N has counted.
counted() { node "$1" "for c in ${COUNTERS[*]}; do cat /tmp/n.\${c%/*}.\${c#*/} 2>/dev/null | wc -l; done"; }
counted_past() { paste <(counted "$1") <(echo "$2") | awk '$1 <= $2 { behind = 1 } END { exit NR != 4 || behind }'; }
# counters_go_on N: all of them have counted since it was asked
counters_go_on() { wait_until 90 counted_past "$1" "$(counted "$1")"; }
# counters_lost N: a node was cut off, and what it wrote last nobody knows; from here on, as node N reads it, it counts
counters_lost() {
	local c

	for c in "${COUNTERS[@]}"; do
		counters_since[$c]=$(number_of "$1" "$c")
	done
}
number_of() { node "$1" "cat /mnt/$2.n" | sed 's/^0*//'; }
# counters_end N...: of all nodes that still take part; what they wrote is exact
counters_end() {
	local n c last wrote since

	for n in "$@"; do
		node "$n" 'pkill -f "[l]ocker.py count .*[.]n "; for i in $(seq 100); do
			pgrep -f "[l]ocker.py count .*[.]n " >/dev/null || exit 0; sleep 0.3; done; exit 1'
	done
	for c in "${COUNTERS[@]}"; do
		since=${counters_since[$c]:-0}
		wrote=$(for n in "$@"; do node "$n" "cat /tmp/n.${c%/*}.${c#*/}"; done | sort -n)
		last=$(tail -n 1 <<<"$wrote")
		for n in "$@"; do
			expect "the counter $c, as node $n reads it" "$(number_of "$n" "$c")" "$last"
		done
		expect "numbers of the counter $c that were written twice" "$(uniq -d <<<"$wrote")" ''
		expect "how many numbers of the counter $c were written after $since" \
			"$(awk -v since="$since" '$1 > since' <<<"$wrote" | wc -l)" $((last - since))
	done
}
