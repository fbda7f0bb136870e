# SPDX-License-Identifier: GPL-2.0
# A real Ceph cluster on one host: 1 monitor, 1 manager, some OSDs, cephx on.
# shellcheck shell=bash

CEPH_ADDRESS=10.77.0.1

ceph_write_conf() {
	local dir=$1 store=$2

	cat >"$dir/ceph.conf" <<C
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = $CEPH_ADDRESS
mon initial members = a
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
public addr = $CEPH_ADDRESS
cluster addr = $CEPH_ADDRESS
ms bind ipv4 = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg autoscale mode = off
osd pool default pg num = 8
osd crush chooseleaf type = 0
osd heartbeat grace = 20
# A placement group of one OSD that was not served for this many graces stays "laggy", with all its
# requests, until its OSD is marked down: nobody is there to acknowledge a lease. An OSD that is
# frozen on purpose, or starved by a busy machine, must go on instead.
osd pool default read lease ratio = 100
osd objectstore = $store
memstore device bytes = 6442450944
bluestore block size = 8589934592
mon allow pool delete = true
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail warn = 1
mon data avail crit = 1
mon max pg per osd = 2000
run dir = $dir
admin socket = $dir/\$name.asok
log file = $dir/\$name.log
pid file = $dir/\$name.pid
keyring = $dir/keyring
mon data = $dir/mon.\$id
osd data = $dir/osd.\$id
mgr data = $dir/mgr.\$id
# Images without exclusive-lock, object-map and so on: for use by several nodes at once.
rbd default features = 1
[client]
keyring = $dir/keyring
admin socket =
log file =
C
}

# The same for a node: no folder of the host in it.
ceph_write_node_conf() {
	sed -n '/^fsid\|^mon host\|^auth/p' "$LAB/ceph/ceph.conf" | sed '1i [global]'
	cat <<C
rbd default features = 1
[client]
keyring = /etc/ceph/ceph.client.admin.keyring
C
}

ceph_tool() { nse ceph -c "$LAB/ceph/ceph.conf" "$@" </dev/null; }

ceph_osd_count() { find "$LAB/ceph" -maxdepth 1 -name 'osd.*' -type d | wc -l; }

# ceph_daemon TYPE ID: start it in the background, in the namespace.
ceph_daemon() {
	local type=$1 id=$2 extra=()

	! alive "$LAB/ceph/$type.$id.pid" || return 0
	[[ -d $LAB/ceph/$type.$id ]] || die "there is no $type.$id in lab '$NAME'"
	[[ $type == mon ]] || extra=(--keyring "$LAB/ceph/$type.$id/keyring")
	nse "ceph-$type" -c "$LAB/ceph/ceph.conf" -i "$id" "${extra[@]}" \
		</dev/null >>"$LAB/ceph/$type.$id.out" 2>&1 8>&- 9>&- ||
		die "$type.$id did not start; see $LAB/ceph/$type.$id.out and .log"
}

ceph_osds_up() {
	local want
	want=$(ceph_osd_count)
	ceph_tool osd stat 2>/dev/null | grep -q "$want osds: $want up"
}

ceph_make_mon() {
	local dir=$1 fsid

	fsid=$(sed -n 's/^fsid = //p' "$dir/ceph.conf")
	ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
	ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' \
		--cap osd 'allow *' --cap mgr 'allow *' --cap mds 'allow *' >/dev/null
	monmaptool --create --addv a "[v2:$CEPH_ADDRESS:3300,v1:$CEPH_ADDRESS:6789]" \
		--fsid "$fsid" "$dir/monmap" >/dev/null
	nse ceph-mon -c "$dir/ceph.conf" -i a --mkfs --monmap "$dir/monmap" \
		--keyring "$dir/keyring" >"$dir/mon.a.out" 2>&1 ||
		die "the monitor's store could not be made; see $dir/mon.a.out"
}

ceph_make_osd() {
	local dir=$1 i=$2 uuid key

	mkdir -p "$dir/osd.$i"
	uuid=$(cat /proc/sys/kernel/random/uuid)
	key=$(ceph-authtool --gen-print-key)
	echo "{\"cephx_secret\": \"$key\"}" |
		nse ceph -c "$dir/ceph.conf" osd new "$uuid" "$i" -i - >/dev/null
	ceph-authtool --create-keyring "$dir/osd.$i/keyring" -n "osd.$i" --add-key "$key" >/dev/null
	nse ceph-osd -c "$dir/ceph.conf" -i "$i" --mkfs --osd-uuid "$uuid" \
		--keyring "$dir/osd.$i/keyring" >"$dir/osd.$i.out" 2>&1 ||
		die "the store of osd.$i could not be made; see $dir/osd.$i.out"
}

ceph_start() {
	local osds=2 store=memstore dir=$LAB/ceph i

	while [[ $# -gt 0 ]]; do
		case $1 in
		--osds) osds=${2:?--osds needs a number} ;;
		--store) store=${2:?--store needs memstore or bluestore} ;;
		*) die "ceph start: unknown option $1" ;;
		esac
		shift 2
	done
	[[ $store =~ ^(memstore|bluestore)$ ]] || die "--store is memstore or bluestore, not '$store'"
	need_tools ceph-mon ceph-osd ceph-mgr ceph rbd ceph-authtool monmaptool ip
	net_up
	if alive "$dir/mon.a.pid"; then
		say "ceph: already running"
		return 0
	fi
	rm -rf "$dir"
	mkdir -p "$dir/mgr.x"
	ceph_write_conf "$dir" "$store"
	ceph_make_mon "$dir"
	ceph_daemon mon a
	wait_for 30 ceph_tool mon stat >/dev/null || die "the monitor does not answer; see $dir/mon.a.log"
	ceph_tool auth get-or-create mgr.x mon 'allow profile mgr' osd 'allow *' mds 'allow *' \
		>"$dir/mgr.x/keyring"
	ceph_daemon mgr x
	for ((i = 0; i < osds; i++)); do
		ceph_make_osd "$dir" "$i"
		ceph_daemon osd "$i"
	done
	wait_for 60 ceph_osds_up || die "the OSDs did not come up; see $dir/osd.*.log"
	say "ceph: 1 monitor, 1 manager, $osds OSDs ($store) on $CEPH_ADDRESS in namespace $NS"
}

ceph_stop_one() { stop_process "$LAB/ceph/$1.$2.pid" "$3" "$4" || die "$1.$2 does not die"; }

ceph_stop() {
	local pidfile

	for pidfile in "$LAB"/ceph/{osd,mgr,mon}.*.pid; do
		[[ -e $pidfile ]] || continue
		signal CONT "$pidfile" || true
		stop_process "$pidfile" TERM 20 || die "process in $pidfile does not die"
	done
}

ceph_kill_all() {
	local pidfile

	for pidfile in "$LAB"/ceph/{mon,osd,mgr}.*.pid; do
		[[ ! -e $pidfile ]] || signal KILL "$pidfile" || true
	done
	for pidfile in "$LAB"/ceph/{mon,osd,mgr}.*.pid; do
		[[ ! -e $pidfile ]] || wait_for 10 gone "$pidfile" || say "process in $pidfile does not die"
		rm -f "$pidfile"
	done
}

# ceph_one TYPE ID VERB
ceph_one() {
	local type=$1 id=$2 verb=$3 pidfile

	[[ -d $LAB/ceph/$type.$id ]] || die "there is no $type.$id in lab '$NAME'"
	pidfile=$LAB/ceph/$type.$id.pid
	case $verb in
	start) ceph_daemon "$type" "$id" ;;
	stop) ceph_stop_one "$type" "$id" TERM 20 ;;
	kill) ceph_stop_one "$type" "$id" KILL 10 ;;
	restart)
		ceph_stop_one "$type" "$id" TERM 20
		ceph_daemon "$type" "$id"
		;;
	freeze) signal STOP "$pidfile" || die "$type.$id does not run" ;;
	thaw) signal CONT "$pidfile" || die "$type.$id does not run" ;;
	*) die "ceph $type: unknown '$verb' (start, stop, kill, restart, freeze, thaw)" ;;
	esac
}

ceph_cmd() {
	local verb=${1:-}

	[[ $# -eq 0 ]] || shift
	need_root
	case $verb in
	start) ceph_start "$@" ;;
	stop) ceph_stop ;;
	kill-all) ceph_kill_all ;;
	status)
		alive "$LAB/ceph/mon.a.pid" || die "ceph does not run in lab '$NAME'"
		ceph_tool -s --connect-timeout 10
		;;
	conf) echo "$LAB/ceph/ceph.conf" ;;
	osd)
		[[ $# -eq 2 ]] || die "usage: lab ceph osd start|stop|kill|restart|freeze|thaw I"
		ceph_one osd "$2" "$1"
		;;
	mon)
		[[ $# -eq 1 ]] || die "usage: lab ceph mon start|stop|kill|restart|freeze|thaw"
		ceph_one mon a "$1"
		;;
	*) die "ceph: unknown '$verb'; see: lab help" ;;
	esac
}

# ceph, rbd, ... on the host against this lab's cluster. Standard input is passed on
# only when it is a pipe or file on purpose: ceph reads it otherwise.
host_run() {
	[[ $# -gt 0 ]] || die "usage: lab host CMD..."
	net_exists || die "lab '$NAME' does not run"
	if [[ -t 0 ]]; then
		CEPH_CONF=$LAB/ceph/ceph.conf nse "$@"
	else
		CEPH_CONF=$LAB/ceph/ceph.conf nse "$@" </dev/null
	fi
}
