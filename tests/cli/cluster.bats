#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# rbdshare cluster, judged by the o2cb program of ocfs2-tools. No Ceph needed.
#   RBDSHARE   the program under test (default: userspace/build/rbdshare)

bats_require_minimum_version 1.5.0

setup_file() {
	local top
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	export RBDSHARE=${RBDSHARE:-$top/userspace/build/rbdshare}
	export WALKTHROUGH=$top/tests/unit/data/cluster-walkthrough.conf
	[ -x "$RBDSHARE" ] || {
		echo "$RBDSHARE is not built; run: make -C userspace" >&2
		return 1
	}
	command -v o2cb >/dev/null || {
		echo "o2cb is missing; run: apt-get install ocfs2-tools" >&2
		return 1
	}
}

setup() {
	conf=$BATS_TEST_TMPDIR/ocfs2/cluster.conf
	defaults=$BATS_TEST_TMPDIR/o2cb
	export RBDSHARE_CLUSTER_CONF=$conf RBDSHARE_O2CB_DEFAULTS=$defaults
	# A tree in which no cluster is online and the sysctls are as wanted.
	export RBDSHARE_SYSFS=$BATS_TEST_TMPDIR/sys
	export RBDSHARE_PROC=$BATS_TEST_TMPDIR/proc RBDSHARE_ETC=$BATS_TEST_TMPDIR/etc
	mkdir -p "$BATS_TEST_TMPDIR/ocfs2" "$RBDSHARE_PROC/sys/kernel" \
		"$RBDSHARE_SYSFS"
	echo 1 >"$RBDSHARE_PROC/sys/kernel/panic_on_oops"
	echo 30 >"$RBDSHARE_PROC/sys/kernel/panic"
	cat >"$defaults" <<-'END'
		# made by hand
		O2CB_ENABLED=true
		O2CB_BOOTCLUSTER=ocfs2   # the mail cluster
		O2CB_HEARTBEAT_THRESHOLD=31
		O2CB_IDLE_TIMEOUT_MS=30000
		O2CB_KEEPALIVE_DELAY_MS=2000
		O2CB_RECONNECT_DELAY_MS=2000
	END
}

cluster() {
	"$RBDSHARE" cluster "$@"
}

o2cb_lists() {
	o2cb --config-file="$conf" list-cluster --oneline ocfs2
}

# As o2cb would see the cluster of the walk-through.
two_nodes='node: 0 debian-test-1 192.168.2.163:7777 ocfs2
node: 1 debian-test-2 192.168.2.165:7777 ocfs2'

good_conf() {
	cluster add-node debian-test-1 --ip 192.168.2.163
	cluster add-node debian-test-2 --ip 192.168.2.165
}

@test "a file made from nothing is what o2cb reads" {
	rm -r "$BATS_TEST_TMPDIR/ocfs2"
	run -0 good_conf
	run -0 o2cb_lists
	[ "$output" = "$two_nodes
cluster: 2 local ocfs2" ]
	[ "$(stat -c %a "$conf")" = 644 ]
}

@test "our file equals what o2cb itself writes, but for the order" {
	good_conf
	cat >"$BATS_TEST_TMPDIR/theirs" </dev/null
	o2cb --config-file="$BATS_TEST_TMPDIR/theirs" add-cluster ocfs2
	o2cb --config-file="$BATS_TEST_TMPDIR/theirs" add-node ocfs2 debian-test-1 --ip 192.168.2.163
	o2cb --config-file="$BATS_TEST_TMPDIR/theirs" add-node ocfs2 debian-test-2 --ip 192.168.2.165
	theirs=$(o2cb --config-file="$BATS_TEST_TMPDIR/theirs" list-cluster --oneline ocfs2)
	[ "$(o2cb_lists)" = "$theirs" ]
}

@test "the walk-through's text, verbatim: o2cb rejects it, check says why, format mends it" {
	cp "$WALKTHROUGH" "$conf"
	run ! o2cb_lists
	run -22 cluster check --hostname debian-test-1
	[[ $output == *"$conf:2:1: error: this is a no-break space"* ]]
	[[ $output == *"mend with: rbdshare cluster format"* ]]
	run -0 cluster format
	run -0 o2cb_lists
	[[ $output == "$two_nodes"* ]]
	run -0 cluster check --hostname debian-test-1
	[[ $output == *"no problem found"* ]]
}

@test "blanks for tabs and no blank lines are no error" {
	sed 's/\xc2\xa0/ /g' "$WALKTHROUGH" >"$conf"
	run -0 o2cb_lists
	run -0 cluster check --hostname debian-test-2
	[[ $output == "cluster 'ocfs2' with 2 nodes: no problem found" ]]
}

@test "CR LF, no newline at the end, indented comments: read, named, mended" {
	good_conf
	{ echo '# head'; sed 's/number/  # inside\n&/' "$conf"; } |
		sed 's/$/\r/' | head -c -2 >"$conf.new"
	mv "$conf.new" "$conf"
	run ! o2cb_lists
	run -22 cluster check --hostname debian-test-1
	[[ $output == *":1:7: error: lines end in CR LF"* ]]
	[[ $output == *"a comment has to start in the first column"* ]]
	run -0 cluster format
	run -0 o2cb_lists
	[ "$(grep -c '^# inside$' "$conf")" = 2 ]
	[ "$(head -1 "$conf")" = '# head' ]
}

@test "edits keep comments, order, mode and owner" {
	good_conf
	sed -i '1i # rack 4\n' "$conf"
	sed -i 's/^cluster:/# ask Ann before you change this\n&/' "$conf"
	chmod 0600 "$conf"
	chown 12:34 "$conf"
	run -0 cluster add-node n3 --ip 192.168.2.167 --port 7778 --number 9
	run -0 o2cb_lists
	[[ $output == *"node: 9 n3 192.168.2.167:7778 ocfs2"* ]]
	[[ $output == *"cluster: 3 local ocfs2" ]]
	[ "$(stat -c %a:%u:%g "$conf")" = 600:12:34 ]
	run -0 cluster remove-node n3
	run -0 o2cb_lists
	[ "$output" = "$two_nodes
cluster: 2 local ocfs2" ]
	[ "$(grep -c '^# ' "$conf")" = 2 ]
	[ "$(head -1 "$conf")" = '# rack 4' ]
	[ "$(ls "$BATS_TEST_TMPDIR/ocfs2")" = cluster.conf ]
}

@test "many nodes at once do not lose each other" {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		cluster add-node "n$i" --ip "10.0.0.$i" 2>/dev/null &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(o2cb_lists | grep -c '^node:')" = 8 ]
	[ "$(o2cb_lists | awk '/^node:/ { print $2 }' | sort -n | tr '\n' ' ')" = "0 1 2 3 4 5 6 7 " ]
}

@test "--dry-run shows a difference that patch applies, and writes nothing" {
	good_conf
	cp "$conf" "$BATS_TEST_TMPDIR/before"
	cluster add-node n3 --ip 192.168.2.167 --dry-run \
		>"$BATS_TEST_TMPDIR/diff"
	cmp "$conf" "$BATS_TEST_TMPDIR/before"
	patch -s "$conf" "$BATS_TEST_TMPDIR/diff"
	run -0 o2cb_lists
	[[ $output == *"node: 2 n3 192.168.2.167:7777 ocfs2"* ]]
	rm "$conf"
	run -0 --separate-stderr cluster add-node n1 --ip 10.0.0.1 --dry-run
	[[ ${lines[0]} == "--- /dev/null" ]]
	[ ! -e "$conf" ]
}

@test "what cannot be added is refused with one sentence and an errno" {
	good_conf
	cp "$conf" "$BATS_TEST_TMPDIR/before"
	local try expected
	while IFS='|' read -r expected try piece; do
		# shellcheck disable=SC2086  # words are wanted
		run "-$expected" cluster add-node $try
		[ "${#lines[@]}" = 1 ]
		[[ $output == *"$piece"* ]]
	done <<-'END'
		17|debian-test-1 --ip 10.0.0.9|is already in cluster
		17|n3 --ip 192.168.2.163|already that of node 'debian-test-1'
		17|n3 --ip 10.0.0.9 --number 1|number 1 is in use
		22|n3 --ip 999.1.1.1|not an IPv4 address
		22|n3 --ip fe80::1|IPv4 only
		22|n3 --ip 10.0.0.9 --number 255|not a number from 0 to 254
		22|n3 --ip 10.0.0.9 --port 70000|not a number from 1 to 65535
		22|n/3 --ip 10.0.0.9|may have only letters
		1|n3|--ip ADDRESS
		1|n3 n4 --ip 10.0.0.9|usage:
		1|n3 --ip|needs a value
		1|n3 --ip 10.0.0.9 --keepalive 3s|no option '--keepalive'
	END
	run -2 cluster remove-node nobody
	[[ $output == *"has no node 'nobody'"* ]]
	cmp "$conf" "$BATS_TEST_TMPDIR/before"
}

@test "a file with a line nobody understands is not written" {
	good_conf
	echo 'what is this' >>"$conf"
	cp "$conf" "$BATS_TEST_TMPDIR/before"
	run -22 cluster add-node n3 --ip 10.0.0.9
	[[ $output == *":18:6: error: expected '='"* ]]
	run -22 cluster format
	run -22 cluster check --hostname debian-test-1
	cmp "$conf" "$BATS_TEST_TMPDIR/before"
}

@test "check: each mistake is found, with its place and what mends it" {
	good_conf
	sed -i 's/node_count = 2/node_count = 5/; s/192.168.2.165/192.168.2.163/; s/number = 1/number = 0/' "$conf"
	run -22 cluster check --hostname elsewhere
	[[ $output == *"node_count is 5, but cluster 'ocfs2' has 2 nodes"* ]]
	[[ $output == *"ip_address '192.168.2.163' is already used"* ]]
	[[ $output == *"number '0' is already used"* ]]
	[[ $output == *"$conf:1:1: error: no node of cluster 'ocfs2' has the name of this host, 'elsewhere'"* ]]
	[[ $output == *"mend with: rbdshare cluster add-node elsewhere --ip ADDRESS"* ]]
	[[ $output == *"4 errors, 0 warnings" ]]
	sed -i 's/ENABLED=true/ENABLED=false/; s/=ocfs2/=mail/; s/THRESHOLD=31/THRESHOLD=3/' "$defaults"
	echo 0 >"$RBDSHARE_PROC/sys/kernel/panic"
	echo 0 >"$RBDSHARE_PROC/sys/kernel/panic_on_oops"
	run -22 cluster check
	[[ $output == *"$defaults:2:14: warning: O2CB_ENABLED is not 'true'"* ]]
	[[ $output == *"$defaults:3:18: error: O2CB_BOOTCLUSTER is 'mail'"* ]]
	[[ $output == *"$defaults:4:26: error: O2CB_HEARTBEAT_THRESHOLD=3 is below 7"* ]]
	[[ $output == *"mend with: sysctl -w kernel.panic_on_oops=1"* ]]
	[[ $output == *"mend with: sysctl -w kernel.panic=30"* ]]
}

@test "check: where rbdshared is, o2cb's settings mean nothing" {
	local wants=$BATS_TEST_TMPDIR/etc/systemd/system/multi-user.target.wants
	local either="O2CB_ENABLED is not 'true', and rbdshared is not enabled"

	# That this host is no node is said every time.
	good_conf
	sed -i 's/THRESHOLD=31/THRESHOLD=3/' "$defaults"
	run -22 cluster check
	[[ $output == *"O2CB_HEARTBEAT_THRESHOLD=3 is below 7"*"2 errors, 1 warning" ]]
	mkdir -p "$wants"
	touch "$wants/rbdshared.service"
	run -22 cluster check
	[[ $output == *"$defaults:2:14: warning: O2CB_ENABLED is 'true', but this host has rbdshared"* ]]
	[[ $output == *"1 error, 1 warning" ]]
	sed -i 's/ENABLED=true/ENABLED=false/' "$defaults"
	run -22 cluster check
	[[ $output == *"1 error, 0 warnings" ]]
	rm "$wants/rbdshared.service"
	run -22 cluster check
	[[ $output == *"$either"* ]]
	mkdir -p "$RBDSHARE_SYSFS/kernel/config/rbdshare/ocfs2"
	run -22 cluster check
	[[ $output != *O2CB* ]]
}

@test "check: warnings alone exit 0" {
	good_conf
	sed -i 's/ENABLED=true/ENABLED=false/' "$defaults"
	run -0 cluster check --hostname debian-test-1
	[[ $output == *"0 errors, 1 warning" ]]
}

@test "check: an address that is not here" {
	cluster add-node "$(hostname -s)" --ip 192.0.2.77
	run -22 cluster check
	[[ $output == *"no network interface of this host has the address 192.0.2.77"* ]]
}

@test "check --network: a closed port is named, an open one is not" {
	local port pid
	cluster add-node "$(hostname -s)" --ip 192.0.2.77
	cluster add-node peer --ip 127.0.0.1
	coproc LISTEN { exec python3 -c '
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(8)
print(s.getsockname()[1], flush=True)
sys.stdin.read()'; }
	pid=$LISTEN_PID
	read -r port <&"${LISTEN[0]}"
	sed -i "s/ip_port = 7777/ip_port = $port/" "$conf"
	run -22 cluster check --network
	[[ $output != *"does not answer"* ]]
	kill "$pid"
	wait "$pid" || true
	run -22 cluster check --network
	[[ $output == *"$conf:14:15: warning: node 'peer' does not answer on 127.0.0.1 port $port (Connection refused)"* ]]
	run -22 cluster check --no-network
	[[ $output != *"does not answer"* ]]
	# Without a word it depends on whether the cluster is online here.
	run -22 cluster check
	[[ $output != *"does not answer"* ]]
	mkdir -p "$RBDSHARE_SYSFS/kernel/config/cluster/ocfs2/heartbeat"
	run -22 cluster check
	[[ $output == *"does not answer"* ]]
}

@test "check: values the running cluster does not use yet" {
	local live=$RBDSHARE_SYSFS/kernel/config/cluster/ocfs2
	cluster add-node "$(hostname -s)" --ip 192.0.2.77
	mkdir -p "$live/heartbeat"
	echo 61 >"$live/heartbeat/dead_threshold"
	echo 30000 >"$live/idle_timeout_ms"
	run -22 cluster check --no-network
	[[ $output == *"$defaults:4:26: warning: O2CB_HEARTBEAT_THRESHOLD is 31 here, but the running cluster uses 61"* ]]
	[[ $output != *"O2CB_IDLE_TIMEOUT_MS is"* ]]
	run -0 cluster timeouts show
	[[ $output == *"60 s = threshold 31"*"120 s = threshold 61"* ]]
}

@test "check and show --json" {
	good_conf
	run -0 --separate-stderr cluster check --json --hostname debian-test-1
	[ "$(jq -r '[.schema_version, .cluster, .errors, .warnings, (.findings | length)] | @csv' <<<"$output")" = '1,"ocfs2",0,0,0' ]
	run -22 --separate-stderr cluster check --json --hostname other
	[ "$(jq -r '.findings[0].severity' <<<"$output")" = error ]
	run -0 --separate-stderr cluster show --json --hostname debian-test-2
	[ "$(jq -c '[.schema_version, .clusters[0].nodes[1]]' <<<"$output")" = \
		'[1,{"name":"debian-test-2","number":1,"ip_address":"192.168.2.165","ip_port":7777,"this_host":true}]' ]
}

@test "show" {
	good_conf
	run -0 cluster show --hostname debian-test-2
	[ "${lines[0]}" = "cluster ocfs2: 2 nodes, local heartbeat, offline here, cluster of the boot" ]
	[[ ${lines[3]} =~ ^' '*1\ +debian-test-2\ +192.168.2.165\ +7777\ +yes ]]
	run -2 cluster show --cluster-name nope
	rm "$conf"
	run -2 cluster show
	[[ $output == *"add-node NAME --ip ADDRESS"* ]]
}

@test "timeouts set computes all values and keeps the rest of the file" {
	run -0 cluster timeouts set --dead-after 120s
	[[ $output == *"120 s = threshold 61 (was 60 s = threshold 31)"* ]]
	[[ $output == *"all nodes need the same values"* ]]
	[[ $output == *"o2cb offline && /etc/init.d/o2cb online"* ]]
	run -0 cat "$defaults"
	[ "$output" = '# made by hand
O2CB_ENABLED=true
O2CB_BOOTCLUSTER=ocfs2   # the mail cluster
O2CB_HEARTBEAT_THRESHOLD=61
O2CB_IDLE_TIMEOUT_MS=60000
O2CB_KEEPALIVE_DELAY_MS=2000
O2CB_RECONNECT_DELAY_MS=2000' ]
	run -0 cluster timeouts set --network-idle 20s --keepalive 1500ms --reconnect 3s
	# shellcheck source=/dev/null
	. "$defaults"
	[ "$O2CB_HEARTBEAT_THRESHOLD $O2CB_IDLE_TIMEOUT_MS $O2CB_KEEPALIVE_DELAY_MS $O2CB_RECONNECT_DELAY_MS" = "61 20000 1500 3000" ]
	run -0 --separate-stderr cluster timeouts show --json
	[ "$(jq -c '[.dead_after_s, .configured.heartbeat_threshold, .running.idle_timeout_ms]' <<<"$output")" = '[120,61,null]' ]
}

@test "timeouts set refuses what o2cb cannot do" {
	cp "$defaults" "$BATS_TEST_TMPDIR/before"
	local args piece
	while IFS='|' read -r args piece; do
		# shellcheck disable=SC2086  # words are wanted
		run -22 cluster timeouts set $args
		[ "${#lines[@]}" = 1 ]
		[[ $output == *"$piece"* ]]
	done <<-'END'
		--dead-after 10s|after 12 s to 3600 s
		--dead-after soon|is not a time
		--dead-after 2h|is not a time
		--network-idle 2s|5000 ms is the least
		--network-idle 60s|has to be shorter
		--keepalive 29s|half of network idle
	END
	run -1 cluster timeouts set
	run -1 cluster timeouts show --enable
	run -1 cluster timeouts
	run -1 cluster timeouts get
	cmp "$defaults" "$BATS_TEST_TMPDIR/before"
	run -0 --separate-stderr cluster timeouts set --dead-after 2m --dry-run
	[[ $output == *"+O2CB_HEARTBEAT_THRESHOLD=61"* ]]
	cmp "$defaults" "$BATS_TEST_TMPDIR/before"
}

@test "timeouts set --enable" {
	# shellcheck disable=SC2016  # the file has this text
	printf 'O2CB_ENABLED=false\nO2CB_BOOTCLUSTER=\nX="$HOME"\n' >"$defaults"
	run -22 cluster timeouts set --enable
	[[ $output == *"--cluster-name NAME"* ]]
	good_conf
	run -0 cluster timeouts set --enable
	[ "$(cat "$defaults")" = $'O2CB_ENABLED=true\nO2CB_BOOTCLUSTER=ocfs2\nX="$HOME"' ]
	rm "$defaults"
	run -0 cluster timeouts set --enable --dead-after 60s
	# shellcheck source=/dev/null
	. "$defaults"
	[ "$O2CB_ENABLED $O2CB_BOOTCLUSTER $O2CB_HEARTBEAT_THRESHOLD" = "true ocfs2 31" ]
}

@test "the init script of o2cb reads what we wrote" {
	run -0 cluster timeouts set --dead-after 90s
	# shellcheck disable=SC2016  # expanded by the inner shell
	run -0 env -i sh -c '. "$1"; echo "$O2CB_BOOTCLUSTER $O2CB_HEARTBEAT_THRESHOLD"' sh "$defaults"
	[ "$output" = "ocfs2 46" ]
}

@test "wrong words" {
	run -1 cluster
	run -1 cluster chek
	[[ $output == *"there is no 'cluster chek'"* ]]
	run -1 cluster check --nope
	[[ $output == *"no option '--nope'"* ]]
	run -1 cluster check extra
	[[ $output == *"usage:"* ]]
}
