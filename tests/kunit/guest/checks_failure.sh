# SPDX-License-Identifier: GPL-2.0
# Checks of what is refused, and of what happens when the cluster fails.
# shellcheck shell=bash
# checks_hb.sh calls writer_start with options.
# shellcheck disable=SC2119,SC2120

check_refused_lines() {
	local line

	for line in "" "x" "$MONITOR" "$MONITOR name=admin" "$MONITOR name=admin,secret=$KEY rbd"; do
		fails Invalid add_line "$line"
	done
	fails 'Invalid' add_line "$MONITOR name=admin,secret=$KEY,nonsense=1 rbd x -"
	fails 'Invalid' add_line "$MONITOR name=admin,secret=$KEY,queue_depth=0 rbd x -"
	fails 'Invalid' add_line "$MONITOR name=admin,secret=$KEY,alloc_size=1000 rbd x -"
	fails 'Invalid|not known' add_line "no.such.host.: name=admin,secret=$KEY rbd x -"
	fails 'No such' remove_line 4711
	fails 'Invalid' remove_line "x"
	# The in-tree driver reads the first five letters only.
	[[ $DRIVER == intree ]] || fails 'Invalid' remove_line "0 forcefully"
	[[ -z $(device_ids) ]]
}

check_refused_names() {
	new_image there
	fails 'No such' add_line "$MONITOR name=admin,secret=$KEY no-such-pool there -"
	fails 'No such' add_line "$MONITOR name=admin,secret=$KEY rbd no-such-image -"
	fails 'No such' add_line "$MONITOR name=admin,secret=$KEY rbd there no-such-snapshot"
	fails 'No such' add_line \
		"$MONITOR name=admin,secret=$KEY,_pool_ns=no-such-namespace rbd there -"
	[[ -z $(device_ids) ]]
	host rbd rm rbd/there --no-progress
}

check_refused_key() {
	local wrong=AQAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==

	new_image key
	fails 'denied|not permitted|Invalid|No such' \
		add_line "$MONITOR name=admin,secret=$wrong,mount_timeout=20 rbd key -"
	fails 'denied|not permitted|Invalid|No such' \
		add_line "$MONITOR name=nobody,secret=$KEY,mount_timeout=20 rbd key -"
	fails 'Invalid' add_line "$MONITOR name=admin,secret=not-base64! rbd key -"
	[[ -z $(device_ids) ]]
	host rbd rm rbd/key --no-progress
}

check_busy_device() {
	local opener

	new_image busy
	device_map busy
	exec {opener}<"$DEV"
	fails 'busy' remove_line "$ID"
	dd if="$DEV" of=/dev/null bs=4k count=1 iflag=direct status=none
	device_remove "$ID force"
	[[ -z $(device_ids) ]]
	exec {opener}<&-
	host rbd rm rbd/busy --no-progress
}

# writer_start [OPTION...]: of fio
writer_start() {
	fio --minimal --output=/tmp/writer.out --ioengine=libaio --direct=1 --name=w \
		--filename="$DEV" --rw=randwrite --bs=16k --size=48M --iodepth=16 \
		--time_based --runtime=600 "$@" >/dev/null 2>&1 &
	WRITER=$!
	sleep 2
}

# fio ends by itself once its device fails.
writer_end() {
	wait_until 60 eval "! kill -0 $WRITER"
	wait "$WRITER" || true
}

check_force_in_flight() {
	local remover

	new_image force
	device_map force
	writer_start
	host lab ceph osd freeze 0
	host lab ceph osd freeze 1
	sleep 2
	device_remove "$ID force" &
	remover=$!
	sleep 2
	host lab ceph osd thaw 0
	host lab ceph osd thaw 1
	wait $remover
	writer_end
	[[ -z $(device_ids) ]]
	host rbd rm rbd/force --no-progress
}

check_blocklisted() {
	local address

	new_image fenced
	device_map fenced noshare
	dd if=/dev/zero of="$DEV" bs=64k count=1 oflag=direct status=none
	address=$(<"$BUS/devices/$ID/client_addr")
	host ceph osd blocklist add "$address" 3600
	# From the moment on at which the OSD has heard of it.
	wait_until 60 fails 'Input/output|shutdown|link|not permitted|transport' \
		dd if=/dev/zero of="$DEV" bs=64k count=1 oflag=direct
	if [[ $DRIVER == ours ]]; then
		wait_until 60 grep -qx fenced "$BUS/devices/$ID/state"
		fails 'Input/output|shutdown|link|not permitted|transport' \
			dd if="$DEV" of=/dev/null bs=64k count=1 iflag=direct
	fi
	device_remove "$ID force"
	host ceph osd blocklist rm "$address"
	# The same image maps again, with a new identity.
	device_map fenced noshare
	[[ $(<"$BUS/devices/$ID/client_addr") != "$address" ]]
	dd if=/dev/zero of="$DEV" bs=64k count=1 oflag=direct status=none
	drop_image fenced
}

check_full_force() {
	local start

	only_ours
	new_image dead
	device_map dead
	writer_start
	host lab ceph kill-all
	sleep 2
	start=$SECONDS
	device_remove "$ID full-force"
	echo "full-force took $((SECONDS - start)) s"
	((SECONDS - start <= 30))
	writer_end
	[[ -z $(device_ids) ]]
}
