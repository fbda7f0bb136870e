# SPDX-License-Identifier: GPL-2.0
# topic: fcntl and flock among the nodes: exact counters, conflicts, joins, killed daemons, a lost node
# nodes: 2
# seconds: 2400
# drivers: ours
# shellcheck shell=bash disable=SC2016
# shellcheck source=SCRIPTDIR/cluster.bash
. "$RC_DIR/cluster/cluster.bash"

# Tried with daemons that see no conflict (rbd_plock_conflict() returns NULL): it fails at the first F_SETLK; with
# daemons that let no F_SETLKW wait, the counters alone fail.

# Processes of a node, how often each of them adds 1, and how often each daemon is killed alone and with the other.
PROCESSES=4 TIMES=${RBDSHARE_TIMES:-40} ROUNDS=${RBDSHARE_ROUNDS:-1}

push_locker() { lab push "$1" "$RC_DIR/cluster/locker.py" /tmp/locker.py; }
# locker N ...: see locker.py
locker() { node "$1" "python3 /tmp/locker.py ${*:2}"; }
# holder N NAME FS START LENGTH: in the background; it waits, then keeps the lock.
holder() {
	node "$1" "setsid python3 /tmp/locker.py hold /mnt/$3/ranges $4 $5 /tmp/hold.$2 >/tmp/hold.$2.err 2>&1 </dev/null &
		echo \$! >/tmp/hold.$2.pid; sleep 0.3"
}
holds() { node "$1" "grep -q ^held /tmp/hold.$2"; }
pid_of() { node "$1" "cat /tmp/hold.$2.pid"; }
end_holder() { node "$1" "kill -${3:-TERM} \$(cat /tmp/hold.$2.pid)"; }
# tries N FS START LENGTH RESULT
tries() { expect "F_SETLK in node $1 on $2" "$(locker "$1" try "/mnt/$2/ranges" "$3" "$4")" "$5"; }

# is_free N FS: nobody holds anything in its file of ranges
is_free() { [[ $(locker "$1" who "/mnt/$2/ranges" 0 0) == free ]]; }

# count N FS KIND TIMES: in several processes
count() {
	node "$1" "for i in \$(seq $PROCESSES); do
		setsid python3 /tmp/locker.py count /mnt/$2/$3 $3 $4 /tmp/count.$2.\$i >/tmp/count.$2.\$i.err 2>&1 </dev/null &
		done; ${5:-wait}"
}
number_in() { node "$1" "cat /mnt/$2/$3" | sed 's/^0*//'; }
both_count() {
	local jobs=() n

	on_all "rm -f /tmp/count.$1.*"
	for n in 1 2; do
		count "$n" "$1" "$2" "$TIMES" &
		jobs+=($!)
	done
	for n in 1 2; do
		wait_until 60 all_wait "$n" "$1"
	done
	node 1 "touch /mnt/$1/$2.go"
	wait "${jobs[@]}"
	expect "$2 counter on $1" "$(number_in 1 "$1" "$2")" $((2 * PROCESSES * TIMES))
}
all_wait() { [[ $(node "$1" "ls /tmp/count.$2.[0-9] | wc -l") == "$PROCESSES" ]]; }
counts_on() {
	local before

	before=$(number_in "$1" "$2" fcntl)
	wait_until 60 counted_more "$1" "$2" "$before"
}
counted_more() { (($(number_in "$1" "$2" fcntl) > $3)); }
counters_stop() {
	node "$1" 'pkill -f [l]ocker.py\ count; for i in $(seq 100); do
		pgrep -f [l]ocker.py\ count >/dev/null || exit 0; sleep 0.3; done; exit 1'
}
# kill_daemons N...: and begin them again; nobody loses a lock, nobody gets one that is held.
kill_daemons() {
	local n m

	for n in "$@"; do
		daemon_kill "$n" KILL
	done
	sleep "0.$((RANDOM % 10))"
	daemon_start "$@"
	for m in o g; do
		tries 1 "$m" 145 1 EAGAIN
		tries 2 "$m" 405 1 EAGAIN
		counts_on 1 "$m"
		counts_on 2 "$m"
		! holds 1 "e$m" || fail "node 1 has a lock that node 2 holds"
	done
}
# What the processes of these nodes wrote: numbers, in their order; a lost one, or one written twice, shows.
logged() {
	local m=$1 n

	shift
	for n in "$@"; do
		node "$n" "cat /tmp/count.$m.[0-9]"
	done | sort -n
}

cluster_init
daemon_start 1 2
filesystems
push_locker 1
push_locker 2

say "a node that comes later knows the locks that are there"
mount_both 1
for m in o g; do
	holder 1 "a$m" "$m" 100 100
	wait_until 30 holds 1 "a$m"
done
mount_both 2
for m in o g; do
	tries 2 "$m" 150 1 EAGAIN
	tries 2 "$m" 200 10 taken
	expect "F_GETLK in node 2 on $m" "$(locker 2 who "/mnt/$m/ranges" 0 0)" "write 100 100 $(pid_of 1 "a$m") elsewhere"
	expect "F_GETLK in node 1 on $m" "$(locker 1 who "/mnt/$m/ranges" 199 1)" "write 100 100 $(pid_of 1 "a$m") here"
	expect "F_GETLK beside it on $m" "$(locker 2 who "/mnt/$m/ranges" 0 100)" free
done
[[ $(node 2 'dlm_tool plocks g') == *"WR 100-199 nodeid 1 pid $(pid_of 1 ag) "* ]] ||
	fail "dlm_tool does not show the lock: $(node 2 'dlm_tool plocks g')"
node 2 'dlm_tool ls' | grep -q '^members *1 2' || fail "dlm_tool ls: $(node 2 'dlm_tool ls')"

say "waiting: one gives up, one gets it at the end of the holder"
for m in o g; do
	# Only newer kernels let a signal that does not kill end the wait.
	[[ $KERNEL == 6.1 ]] ||
		expect "a wait that is interrupted, on $m" "$(locker 2 interrupted "/mnt/$m/ranges" 150 1)" EINTR
	holder 2 "x$m" "$m" 120 10
	holder 2 "b$m" "$m" 140 20
	end_holder 2 "x$m" KILL
	! holds 2 "b$m" || fail "node 2 has a lock that node 1 holds"
	end_holder 1 "a$m" KILL
	wait_until 30 holds 2 "b$m"
	tries 1 "$m" 120 10 taken
	tries 1 "$m" 159 1 EAGAIN
	expect "F_GETLK in node 1 on $m" "$(locker 1 who "/mnt/$m/ranges" 0 0)" "write 140 20 $(pid_of 2 "b$m") elsewhere"
done

say "counters: each of $PROCESSES processes on both nodes adds 1, $TIMES times"
for m in o g; do
	both_count "$m" fcntl
	both_count "$m" flock
done

say "the node that orders the locks leaves and comes again"
node 1 'umount /mnt/o /mnt/g'
for m in o g; do
	holder 2 "c$m" "$m" 300 1
	wait_until 30 holds 2 "c$m"
done
mount_both 1
for m in o g; do
	tries 1 "$m" 140 1 EAGAIN
	tries 1 "$m" 300 1 EAGAIN
	tries 1 "$m" 301 1 taken
done

say "daemons are killed while locks are held and counters run"
for m in o g; do
	node 1 "rm /mnt/$m/fcntl"
	holder 1 "d$m" "$m" 400 10
	# This one waits across all that.
	holder 1 "e$m" "$m" 300 1
	for n in 1 2; do
		count "$n" "$m" fcntl 0 'sleep 0.5'
	done
done
before=$(status 1 '[.lockspaces[].generation]')
for ((round = 1; round <= ROUNDS; round++)); do
	kill_daemons 2
	kill_daemons 1
	kill_daemons 1 2
done
expect "generations" "$(status 1 '[.lockspaces[].generation]')" "$before"
expect "fences" "$(fences 1)" 0
for n in 1 2; do
	counters_stop "$n"
done
for m in o g; do
	last=$(number_in 1 "$m" fcntl)
	logged "$m" 1 2 | diff -q - <(seq "$last") >/dev/null ||
		fail "$m: numbers up to $last are missing or there twice: $(logged "$m" 1 2 | uniq -d | head -n 3)"
	say "$m: counted to $last"
done

say "node 2 loses power: what it held and waited for is free, and counting goes on"
for m in o g; do
	for n in 1 2; do
		count "$n" "$m" fcntl 0 'sleep 0.5'
	done
	# Behind node 1 in the queue for byte 300.
	holder 2 "f$m" "$m" 400 1
	counts_on 2 "$m"
done
cut=$(node 1 "cut -d' ' -f 1 /proc/uptime")
lab node poweroff 2
for m in o g; do
	wait_until 90 holds 1 "e$m"
	counts_on 1 "$m"
	tries 1 "$m" 140 20 taken
done
figure "who waited for a lock of the lost node had it after at most $(node 1 "awk '\$1 == \"held\" && \$2 > t { t = \$2 } END { print t - $cut }' /tmp/hold.eo /tmp/hold.eg") s"
wait_until 60 settled 1
counters_stop 1
for m in o g; do
	expect "numbers that node 1 wrote twice on $m" "$(logged "$m" 1 | uniq -d)" ""
done

say "node 2 comes back: what it had is nobody's, what node 1 has it knows"
need_node 2
# shellcheck disable=SC2086  # numbers
cluster_conf $VM_NODES | put 2 /etc/ocfs2/cluster.conf
push_locker 2
daemon_start 2
mount_both 2
for m in o g; do
	tries 2 "$m" 140 20 taken
	tries 2 "$m" 300 1 EAGAIN
	end_holder 1 "d$m"
	end_holder 1 "e$m"
	wait_until 30 is_free 2 "$m"
done

say "both unmount; the filesystems are whole"
umount_both 1
umount_both 2
LOST=1 fsck_both
daemon_stop 1 2
