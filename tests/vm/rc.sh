# SPDX-License-Identifier: GPL-2.0
# Helpers of VM tests. A test is a file GROUP/NAME.sh with the header lines
#   # topic: one sentence       # nodes: 2 (quick nodes) or "full 1"
#   # seconds: time budget      # drivers: ours intree (default: both)
# It runs under "set -euo pipefail"; its exit code and the kernel logs decide.
# From run: KERNEL, DRIVER, VM_NODES, VM_TMP (scratch folder), VM_TEST.
# shellcheck shell=bash

RC_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB=$(cd "$RC_DIR/../.." && pwd)/scripts/lab

say() { echo "--- $*"; }
# figure TEXT: something measured; it is told even when the test passes.
figure() {
	say "$*"
	echo "$*" >>"$VM_TMP/figures"
}
# Median and worst of numbers of tenths of a second.
summary() {
	local sorted

	if [[ $# -eq 0 ]]; then
		echo "none"
		return
	fi
	mapfile -t sorted < <(printf '%s\n' "$@" | sort -n)
	echo "median $(tenths "${sorted[$((($# - 1) / 2))]}") worst $(tenths "${sorted[$# - 1]}") of $#"
}
tenths() { echo "$(($1 / 10)).$(($1 % 10)) s"; }
fail() {
	echo "FAIL: $*"
	exit 1
}
skip() {
	echo "SKIP: $*"
	exit 77
}
trap 'rc=$?; [[ $rc -eq 0 || $rc -eq 77 ]] || echo "(exit $rc near line $LINENO)"' EXIT
set -E
trap 'echo "FAIL: line $LINENO: $BASH_COMMAND"' ERR

# require MESSAGE COMMAND...: the command must succeed.
require() {
	local message=$1
	shift
	"$@" || fail "$message"
}
# expect WHAT GOT WANTED
expect() { [[ $2 == "$3" ]] || fail "$1: got '$2', expected '$3'"; }
# Kernel messages of this form are right in this test.
allow_dmesg() { printf '%s\n' "$@" >>"$VM_TMP/allow"; }

# node N COMMAND...: in node N, as a shell command.
node() { "$LAB" run --timeout $((${NODE_TIMEOUT:-300} * ${RBDSHARE_TIME_FACTOR:-1})) "$@"; }
# refuse N COMMAND...: it must fail (without being killed or losing the node); prints its output.
refuse() {
	local rc=0

	node "$@" 2>&1 || rc=$?
	[[ $rc -ne 0 ]] || fail "this should have failed in node $1: ${*:2}"
	[[ $rc -ne 124 && $rc -ne 255 ]] || fail "this did not end in node $1: ${*:2}"
}
on_all() {
	local n

	for n in $VM_NODES; do
		node "$n" "$@"
	done
}
host() { "$LAB" host "$@"; }
ceph() { host ceph "$@"; }
rbd() { host rbd "$@"; }
lab() { "$LAB" "$@"; }

# pool NAME: a pool for images.
pool() {
	ceph osd pool create "$1" 16 16 >/dev/null
	rbd pool init "$1"
}
# put N DEST: standard input becomes a file in node N.
put() { "$LAB" run --stdin --timeout 60 "$1" "mkdir -p \$(dirname $2) && cat > $2"; }

wait_until() {
	local end=$((SECONDS + $1 * ${RBDSHARE_TIME_FACTOR:-1})) what="${*:2}"
	shift

	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || fail "this never became true: $what"
		sleep 0.3
	done
}

# Map an image in a node and print its device, after udev made the link.
map() {
	local n=$1 spec=$2
	shift 2
	node "$n" "rbd map $spec $*"
}

# The seed's cluster.conf with this lab's names and addresses.
seed_cluster_conf() {
	local i

	for i in 1 2; do
		printf 'node:\n        ip_port = 7777\n        ip_address = 10.79.0.%d\n' $((10 + i))
		printf '        number = %d\n        name = node%d\n        cluster = ocfs2\n' $((i - 1)) "$i"
	done
	printf 'cluster:\n        node_count = 2\n        name = ocfs2\n'
}

o2cb_online() {
	local n

	for n in "$@"; do
		seed_cluster_conf | put "$n" /etc/ocfs2/cluster.conf
		node "$n" 'service o2cb load && service o2cb online'
	done
}
o2cb_offline() {
	local n

	for n in "$@"; do
		node "$n" 'service o2cb offline && service o2cb unload'
	done
}

boot_id() { "$LAB" run --timeout 10 "$1" cat /proc/sys/kernel/random/boot_id 2>/dev/null; }

# Reboot a full node in an orderly way and wait until its boot is finished.
reboot_node() {
	local n=$1 id old end=$((SECONDS + ${2:-600}))

	old=$(boot_id "$n")
	node "$n" systemctl reboot --no-block
	until id=$(boot_id "$n") && [[ -n $id && $id != "$old" ]]; do
		((SECONDS < end)) || fail "node $n does not come back from its reboot"
		sleep 1
	done
	node "$n" 'systemctl is-system-running --wait' || true
}
