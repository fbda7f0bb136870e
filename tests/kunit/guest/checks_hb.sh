# SPDX-License-Identifier: GPL-2.0
# Checks of rbd_hb.ko: what one node can try of heartbeats and of the gate before shared images.
# Each check loads the module and takes it away again.
# shellcheck shell=bash

# Each wrong value gets its errno, and leaves what was there.
wrong_values() {
	local file value error before

	while read -r file value error; do
		[[ -n $file ]] || continue
		before=$(cat "$HB_DIR/$file")
		fails "$error" hb_set "$file" "$value"
		[[ $(cat "$HB_DIR/$file") == "$before" ]]
	done <<-W
		number x Invalid
		number 65536 out of range
		number -1 Invalid|out of range
		incarnation 99999999999999999999 out of range
		incarnation one Invalid
		config_hash #1 Invalid
		dead_after_ms 5s Invalid
		slow_after_ms -45000 Invalid|out of range
		boot_id 12ab Invalid
		boot_id zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz Invalid
		on_fenced perhaps Invalid
		online perhaps Invalid
		nodes/a/number 1 busy
		nodes/a/address 10.77.0 Invalid
		nodes/a/address node1 Invalid
	W
}

# not_online ERROR WORDS FILE VALUE: with this value it does not go online, and says why.
not_online() {
	local before

	before=$(cat "$HB_DIR/$3")
	hb_set "$3" "$4"
	fails "$1" hb_set online 1
	said "$2"
	hb_set "$3" "$before"
}

not_connected() {
	hb_set connection "$1"
	fails "$2" hb_set online 1
	[[ $(<"$HB_DIR/online") == 0 ]]
}

check_hb_settings() {
	local long verb

	only_ours
	hb_load
	for verb in state peers kick freeze thaw "daemon x"; do
		# shellcheck disable=SC2086  # a word and its argument
		fails 'not connected' "$HBCTL" $verb
	done
	fails 'No such' "$HBCTL" admit 4711 0
	fails 'too long' mkdir "$HB/a-name-that-is-too-long"
	mkdir "$HB_DIR"
	fails Invalid hb_set online 1
	said "kunit: 'connection' is not set"
	rmdir "$HB_DIR"
	rmmod rbd_hb

	hb_make
	fails 'in use' rmmod rbd_hb
	fails 'not empty' rmdir "$HB_DIR"
	wrong_values
	mkdir "$HB_DIR/nodes/a-name-that-has-more-than-twenty-letters"
	fails exists hb_set nodes/a-name-that-has-more-than-twenty-letters/number 1
	fails Invalid hb_set nodes/a-name-that-has-more-than-twenty-letters/number 255
	rmdir "$HB_DIR/nodes/a-name-that-has-more-than-twenty-letters"
	printf -v long '%1100s' x
	fails 'too long' hb_set connection "${long// /y}"
	not_online Invalid "'incarnation' is not set" incarnation 0
	not_online Invalid 'our number 7 belongs to none' number 7
	not_online Invalid 'dead-after is below' dead_after_ms 100
	not_online Invalid 'slow-after is below' slow_after_ms 1000
	not_connected "x" Invalid
	not_connected "$MONITOR name=admin,secret=$KEY,nonsense=1 rbdshare" Invalid
	not_connected "$MONITOR name=admin,secret=$KEY no-such-pool" 'No such'
	not_connected "$MONITOR name=nobody,secret=$KEY,mount_timeout=20 rbdshare" \
		'denied|not permitted|Invalid|No such'
	hb_down
}

counts_up() {
	local first=$1 second=$2 number incarnation before after

	[[ $(wc -l <<<"$first") -eq 3 && $(wc -l <<<"$second") -eq 3 ]]
	while read -r number incarnation before _ && read -r -u 3 _ _ after _; do
		if [[ "$number $incarnation" != "0 1001" ]] || ((after <= before)); then
			echo "the slots are '$first', later '$second'"
			return 1
		fi
	done <<<"$first" 3<<<"$second"
}

seen_from_here() {
	[[ $("$HBCTL" peers) == "0 incarnation 1001 "*" flags 0 daemon hello"*"1 none "* ]]
}

# Not on a machine that is too busy for a while.
mostly_good() { [[ $("$HBCTL" ticks 6 | grep -c '^good ') -ge 3 ]]; }

check_hb_slots() {
	local first file

	only_ours
	hb_up
	wait_until 30 gate_is "$GATE_OPEN"
	# The objects end behind a's slot, since b never writes.
	first=$(hb_slots 1)
	for file in number incarnation dead_after_ms slow_after_ms; do
		fails busy hb_set "$file" 5000
	done
	fails busy hb_set boot_id 0123456789abcdef0123456789abcdef
	fails busy hb_set connection x
	fails busy hb_set on_fenced fail
	fails busy hb_set online 1
	[[ $(<"$HB_DIR/online") == 1 ]]
	counts_up "$first" "$(hb_slots 1)"

	# The list of nodes may change.
	hb_set config_hash 4711
	[[ $(<"$HB_DIR/config_hash") == 4711 ]]
	mkdir "$HB_DIR/nodes/last"
	hb_set nodes/last/number 254
	said 'slots of 255 nodes are read'
	[[ $("$HBCTL" peers | grep -c ' none ') -eq 254 ]]
	rmdir "$HB_DIR/nodes/last"

	wait_until 60 mostly_good
	"$HBCTL" daemon hello
	"$HBCTL" kick
	wait_until 10 seen_from_here
	"$HBCTL" retime 5000 45000
	fails Invalid "$HBCTL" retime 100 45000
	wait_until 60 mostly_good
	"$HBCTL" barrier 1
	fails 'No such' "$HBCTL" admit 4711 0
	fails 'Invalid|range' "$HBCTL" daemon "$(printf '%449s' x)"
	hb_down
}

# ended PID RC
ended() {
	local rc=0

	wait "$1" || rc=$?
	[[ $rc -eq $2 ]] || {
		echo "process $1 ended with $rc"
		return 1
	}
}

# Other users of generic netlink must not wait for us, nor the one who gives up.
check_hb_connecting() {
	local starter begin

	only_ours
	HB_OPTIONS=,mount_timeout=60 hb_make
	trap 'host lab ceph mon thaw' EXIT
	host lab ceph mon freeze
	hb_set online 1 &
	starter=$!
	sleep 1
	begin=$SECONDS
	fails 'not connected' timeout 10 "$HBCTL" state
	fails 'No such' timeout 10 "$HBCTL" admit 4711 0
	kill -KILL "$starter"
	ended "$starter" 137
	((SECONDS - begin < 10))
	hb_down
}

# write_begins CHAR BLOCK: 4 kB in the background; its exit code appears in /tmp/CHAR.rc
write_begins() {
	rm -f "/tmp/$1.rc"
	head -c 4096 /dev/zero | tr '\0' "$1" >"/tmp/$1"
	(
		rc=0
		dd if="/tmp/$1" of="$DEV" bs=4096 seek="$2" count=1 oflag=direct status=none \
			conv=nocreat,notrunc || rc=1
		echo $rc >"/tmp/$1.rc"
	) &
}
waits() {
	sleep 1
	[[ ! -e /tmp/$1.rc ]] || {
		echo "write $1 ended although the gate is closed"
		return 1
	}
}
# ends CHAR RC
ends() {
	wait_until 60 test -s "/tmp/$1.rc"
	[[ $(<"/tmp/$1.rc") == "$2" ]] || {
		echo "write $1 ended with $(<"/tmp/$1.rc")"
		return 1
	}
}
# stand IMAGE TEXT: the first bytes of its blocks, as librbd reads them
stand() {
	local got

	# shellcheck disable=SC2016  # expanded on the host
	got=$(host bash -c 'rbd export --no-progress rbd/$1 - 2>/dev/null | head -c $(($2 * 4096)) |
		tr "\0" . | fold -b -w 4096 | cut -c 4096' bash "$1" "${#2}" | tr -d '\n')
	[[ $got == "$2" ]] || {
		echo "the image has '$got', not '$2'"
		return 1
	}
}

# fio ends at the first error.
still_writing() {
	kill -0 "$WRITER" || {
		echo "the writer ended:"
		cat /tmp/writer.out
		return 1
	}
}

storage_stops() {
	host lab ceph osd freeze 0
	host lab ceph osd freeze 1
}
storage_goes_on() {
	host lab ceph osd thaw 0
	host lab ceph osd thaw 1
}

check_hb_gate() {
	local plain plain_dev address

	only_ours
	new_image plain 16M
	new_image guarded 16M
	hb_up
	wait_until 30 gate_is "$GATE_OPEN"
	device_map plain
	plain=$ID plain_dev=$DEV
	fails 'No such process' device_map guarded shared
	said 'rbdshared does not answer'
	hb_serve 13
	fails 'Permission denied' device_map guarded shared
	said 'may not use shared images now (-13)'
	hb_unserve
	hb_serve
	device_map guarded shared
	address=$(<"$BUS/devices/$ID/client_addr")
	grep -q "^admit 0 $address rbd/guarded" /tmp/events

	write_begins a 0
	ends a 0
	"$HBCTL" freeze
	gate_is "$GATE_FROZEN"
	write_begins b 1
	waits b
	dd if=/dev/zero of="$plain_dev" bs=4096 count=1 oflag=direct status=none
	"$HBCTL" thaw
	ends b 0
	grep -q "^gate $GATE_FROZEN" /tmp/events

	# Alone, without a daemon that hears others, the lease is the short one.
	hb_unserve
	trap storage_goes_on EXIT
	storage_stops
	wait_until 30 gate_is "$GATE_LEASE"
	write_begins c 2
	waits c
	storage_goes_on
	wait_until 60 gate_is "$GATE_OPEN"
	ends c 0

	hb_serve
	"$HBCTL" freeze
	write_begins d 3
	waits d
	device_remove "$ID force"
	ends d 1
	"$HBCTL" thaw
	wait_until 20 grep -q "^retired 0 $address" /tmp/events
	stand guarded abc.
	hb_unserve
	hb_down
	device_remove "$plain"
	host rbd rm rbd/plain --no-progress
	host rbd rm rbd/guarded --no-progress
}

# The mapping waits for a daemon that says nothing; who asked for it gives up, and that ends
# also the offline that waits for it.
check_hb_admission() {
	local mapper stopper begin

	only_ours
	new_image asked 16M
	hb_up
	hb_serve silent
	device_map asked shared &
	mapper=$!
	wait_until 20 grep -q '^admit ' /tmp/events
	hb_set online 0 &
	stopper=$!
	sleep 1
	begin=$SECONDS
	kill -KILL "$mapper"
	ended "$mapper" 137
	ended "$stopper" 0
	((SECONDS - begin < 10))
	[[ -z $(device_ids) ]]
	hb_unserve
	hb_down
	host rbd rm rbd/asked --no-progress
}

check_hb_fenced_fail() {
	local address

	only_ours
	new_image refused 16M
	hb_make
	hb_set on_fenced fail
	hb_set online 1
	hb_serve
	wait_until 30 gate_is "$GATE_OPEN"
	device_map refused shared
	address=$(<"$BUS/devices/$ID/client_addr")
	write_begins a 0
	ends a 0
	host ceph osd blocklist add "$address" 3600
	wait_until 60 fails 'Input/output|shutdown' \
		dd if=/dev/zero of="$DEV" bs=4096 seek=1 count=1 oflag=direct status=none
	wait_until 30 gate_is "$GATE_FENCED"
	grep -q '^fenced ' /tmp/events
	write_begins b 0
	ends b 1
	stand refused a
	device_remove "$ID"
	hb_unserve
	hb_down
}

check_hb_fenced_hold() {
	local address

	only_ours
	new_image kept 64M
	hb_up
	hb_serve
	wait_until 30 gate_is "$GATE_OPEN"
	device_map kept shared
	address=$(<"$BUS/devices/$ID/client_addr")
	writer_start
	host ceph osd blocklist add "$address" 3600
	wait_until 60 gate_is "$GATE_FENCED"
	"$HBCTL" thaw
	sleep 2
	grep -qx fenced "$BUS/devices/$ID/state"
	still_writing
	device_remove "$ID full-force"
	writer_end
	hb_unserve
	hb_down
}

# Somebody asks all the time, and there is always I/O; both must not notice.
check_hb_cycles() {
	local asker i

	only_ours
	new_image cycled
	device_map cycled shared
	# No more than leaves the processor to the others.
	writer_start --rate_iops=50
	(
		set +e
		trap 'exit 0' TERM
		exec {never}<> <(:)
		while :; do
			"$HBCTL" state
			read -r -t 0.1 -u "$never" || true
			"$HBCTL" peers
			"$HBCTL" kick
		done
	) >/dev/null 2>&1 &
	asker=$!
	for ((i = 0; i < 20; i++)); do
		hb_up
		((i % 2)) || wait_until 30 gate_is "$GATE_OPEN"
		hb_down
	done
	kill "$asker"
	wait "$asker" || true
	still_writing
	device_remove "$ID force"
	writer_end
	host rbd rm rbd/cycled --no-progress
}

# The storage and the monitor are silent, with I/O under way and held: all goes, in bounded time.
check_hb_dead_cluster() {
	local begin

	only_ours
	new_image dying
	hb_up
	hb_serve
	wait_until 30 gate_is "$GATE_OPEN"
	device_map dying shared
	hb_unserve
	writer_start
	trap 'host lab ceph mon thaw; storage_goes_on' EXIT
	storage_stops
	host lab ceph mon freeze
	wait_until 30 gate_is "$GATE_LEASE"
	write_begins z 0
	begin=$SECONDS
	hb_down
	echo "offline and unloaded after $((SECONDS - begin)) s"
	((SECONDS - begin <= 20))
	device_remove "$ID full-force"
	echo "unmapped after $((SECONDS - begin)) s"
	((SECONDS - begin <= 40))
	ends z 1
	writer_end
	[[ -z $(device_ids) ]]
}
