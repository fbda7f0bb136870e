# SPDX-License-Identifier: GPL-2.0
# QEMU nodes: quick ones on the host's root, full ones with a Debian of their own.
# shellcheck shell=bash

NODE_DEFAULTS=("kernel=${RBDSHARE_KERNEL:-6.1}" "driver=${RBDSHARE_DRIVER:-ours}" modules= mem=
	smp=1 full= install= single_major= icount=)
declare -A OPT=()

node_dir() { echo "$LAB/node$1"; }

# Sets OPT and NODES from the command line.
node_options() {
	local pair

	for pair in "${NODE_DEFAULTS[@]}"; do
		OPT[${pair%%=*}]=${pair#*=}
	done
	OPT[wait]=yes
	NODES=()
	while [[ $# -gt 0 ]]; do
		case $1 in
		--kernel | --driver | --modules | --mem | --smp | --install)
			OPT[${1#--}]=${2:?$1 needs a value}
			shift
			;;
		--single-major)
			OPT[single_major]=${2:?--single-major needs Y or N}
			shift
			;;
		--full) OPT[full]=yes ;;
		--icount) OPT[icount]=yes ;;
		--no-wait) OPT[wait]= ;;
		--*) die "node start: unknown option $1" ;;
		*)
			[[ $1 =~ ^[1-9][0-9]?$ ]] || die "a node is a number from 1 to 99, not '$1'"
			NODES+=("$1")
			;;
		esac
		shift
	done
	[[ ${#NODES[@]} -gt 0 ]] || die "which node? usage: lab node start N"
	[[ " $KERNEL_LINES " == *" ${OPT[kernel]} "* ]] ||
		die "no kernel '${OPT[kernel]}'; there are: $KERNEL_LINES"
	[[ ${OPT[driver]} =~ ^(ours|intree)$ ]] || die "--driver is ours or intree, not '${OPT[driver]}'"
	[[ ${OPT[single_major]} =~ ^[YN]?$ ]] || die "--single-major is Y or N"
	[[ -z ${OPT[icount]} || ${OPT[smp]} == 1 ]] || die "--icount counts one processor only"
	[[ -z ${OPT[install]} || -d ${OPT[install]} ]] || die "--install: no folder ${OPT[install]}"
	if [[ -n ${OPT[modules]} ]]; then
		OPT[modules]=$(readlink -f "${OPT[modules]}")
	fi
	OPT[mem]=${OPT[mem]:-1024}
}

# initrd_make KIND KERNELTREE MODULE...: prints the file, made once per content.
initrd_make() {
	local kind=$1 tree=$2 release key file work module
	shift 2

	release=$(kernel_release "$tree")
	key=$( (cat "$LAB_LIB/guest/$kind-initrd" && echo "$release $*") | sha256sum | cut -c1-12)
	file=$RBDSHARE_CACHE/initrd/$kind-$release-$key.gz
	if [[ ! -s $file ]]; then
		need_tools busybox cpio
		work=$(mktemp -d)
		mkdir -p "$work/bin" "$work/modules" "$(dirname "$file")"
		cp "$(command -v busybox)" "$work/bin/busybox"
		module_files "$tree" "$release" "$@" | while read -r module; do
			cp "$module" "$work/modules/"
			basename "$module" >>"$work/modules/order"
		done
		install -m 755 "$LAB_LIB/guest/$kind-initrd" "$work/init"
		(cd "$work" && find . | cpio -o -H newc --quiet | gzip -1) >"$file.$$"
		mv "$file.$$" "$file"
		rm -rf "$work"
	fi
	echo "$file"
}

# Files that both kinds of nodes get onto their root.
node_seed_common() {
	local n=$1 root=$2 i

	mkdir -p "$root/etc/ceph" "$root/etc/modprobe.d"
	echo "node$n" >"$root/etc/hostname"
	{
		echo "127.0.0.1 localhost"
		for i in 1 2 3 4 5 6 7 8; do
			echo "$(node_address peers "$i") node$i"
		done
	} >"$root/etc/hosts"
	ceph_write_node_conf >"$root/etc/ceph/ceph.conf"
	install -m 600 "$LAB/ceph/keyring" "$root/etc/ceph/ceph.client.admin.keyring"
	: >"$root/etc/modprobe.d/rbdshare-lab.conf"
	[[ -z ${OPT[single_major]} ]] ||
		echo "options rbd single_major=${OPT[single_major]}" >"$root/etc/modprobe.d/rbdshare-lab.conf"
}

node_seed_full() {
	local n=$1 root=$2 tree=$3 release=$4 net i=0

	mkdir -p "$root/etc/network" "$root/usr/local/lib/rbdshare-lab"
	# shellcheck disable=SC2153  # NETS is set in net.sh
	{
		echo "auto lo"
		echo "iface lo inet loopback"
		for net in "${NETS[@]}"; do
			printf 'auto eth%d\niface eth%d inet static\n\taddress %s/24\n' \
				"$i" "$i" "$(node_address "$net" "$n")"
			i=$((i + 1))
		done
	} >"$root/etc/network/interfaces"
	echo "LAB_ADDRESS=$(node_address manage "$n")" >"$root/etc/rbdshare-lab.env"
	cp "$LAB_LIB/guest/agent.py" "$root/usr/local/lib/rbdshare-lab/"
	# binfmt_misc is no module of a node; without this systemd calls itself degraded.
	mkdir -p "$root/etc/systemd/system"
	ln -s /dev/null "$root/etc/systemd/system/systemd-binfmt.service"
	ln -s /dev/null "$root/etc/systemd/system/proc-sys-fs-binfmt_misc.automount"
	modules_copy "$tree" "$release" "$root"
	# /lib is a link to usr/lib on Debian; copying a folder over the link would fail.
	mkdir -p "$root/usr/lib"
	cp -a "$root/lib/." "$root/usr/lib/"
	rm -rf "${root:?}/lib"
	[[ -z ${OPT[install]} ]] || node_seed_install "$root" "${OPT[install]}"
}

# A tree as "make install DESTDIR=" leaves it, with the old top-level folders folded into /usr.
node_seed_install() {
	local root=$1 tree=$2 top

	for top in bin sbin lib; do
		[[ ! -d $tree/$top || -L $tree/$top ]] || {
			mkdir -p "$root/usr/$top"
			cp -a "$tree/$top/." "$root/usr/$top/"
		}
	done
	(cd "$tree" && find . -mindepth 1 -maxdepth 1 ! -name bin ! -name sbin ! -name lib \
		-exec cp -a {} "$root/" \;)
	# Modules of the installed tree are for the machine that built it; the node has its own.
	rm -rf "$root/usr/lib/modules.installed"
}

node_seed() {
	local n=$1 tree=$2 release=$3 seed

	seed=$(node_dir "$n")/seed
	rm -rf "$seed"
	mkdir -p "$seed/root"
	node_seed_common "$n" "$seed/root"
	[[ -z ${OPT[full]} ]] || node_seed_full "$n" "$seed/root" "$tree" "$release"
	chown -R 0:0 "$seed/root"
	(cd "$seed/root" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum) >"$seed/stamp"
}

# Arguments of QEMU that only one kind of node has; one per line.
node_qemu_quick() {
	local n=$1 kernel=$2 tree=$3 dir initrd

	dir=$(node_dir "$n")
	initrd=$(initrd_make quick "$kernel" virtio_pci 9pnet_virtio 9p overlay virtio_net)
	printf '%s\n' -no-reboot -initrd "$initrd" \
		-fsdev local,id=root,path=/,security_model=none,multidevs=remap,readonly=on \
		-device virtio-9p-pci,fsdev=root,mount_tag=root -append \
		"console=ttyS0 loglevel=5 log_buf_len=4M panic=-1 mitigations=off net.ifnames=0 labnode=$n labinit=$LAB_LIB/guest/quick-init labagent=$LAB_LIB/guest/agent.py labseed=$dir/seed labmodules=$tree labrepo=$REPO"
}

node_qemu_full() {
	local n=$1 kernel=$2 dir initrd base

	dir=$(node_dir "$n")
	initrd=$(initrd_make full "$kernel" virtio_pci virtio_blk 9pnet_virtio 9p ext4 virtio_net)
	base=$(debian_image) || exit 1
	if [[ ! -e $dir/disk.qcow2 ]] || [[ $(cat "$dir/disk.base" 2>/dev/null) != "$base" ]]; then
		qemu-img create -q -f qcow2 -b "$base" -F raw "$dir/disk.qcow2"
		echo "$base" >"$dir/disk.base"
	fi
	printf '%s\n' -initrd "$initrd" \
		-drive "file=$dir/disk.qcow2,if=virtio,cache=unsafe" \
		-fsdev "local,id=seed,path=$dir/seed,security_model=none,readonly=on" \
		-device virtio-9p-pci,fsdev=seed,mount_tag=seed -append \
		"console=ttyS0 loglevel=5 log_buf_len=4M panic=5 mitigations=off net.ifnames=0 root=/dev/vda rw systemd.show_status=1"
}

node_boot() {
	local n=$1 kernel=$2 tree=$3 dir accel=icount cpu net args=() nets=() count=() i=0

	dir=$(node_dir "$n")
	[[ -n ${OPT[icount]} ]] || accel=$(accel_choose "$kernel")
	cpu=max
	case $accel in
	kvm) cpu=host ;;
	tcg) accel=tcg,thread=multi,tb-size=256 ;;
	icount)
		# One instruction is one nanosecond of the guest's clock.
		accel=tcg,thread=single,tb-size=256
		count=(-icount "shift=0,sleep=on")
		;;
	esac
	if [[ -n ${OPT[full]} ]]; then
		node_qemu_full "$n" "$kernel" >"$dir/qemu.args" || exit 1
	else
		node_qemu_quick "$n" "$kernel" "$tree" >"$dir/qemu.args" || exit 1
	fi
	mapfile -t args <"$dir/qemu.args"
	net_node "$n"
	for net in "${NETS[@]}"; do
		nets+=(-netdev "tap,id=n$i,ifname=$net$n,script=no,downscript=no"
			-device "virtio-net-pci,netdev=n$i,mac=$(node_mac "$net" "$n")")
		i=$((i + 1))
	done
	echo "--- start $(date +%T) ---" >>"$dir/console.log"
	nse qemu-system-x86_64 -name "node$n" -accel "$accel" -cpu "$cpu" -m "${OPT[mem]}" \
		"${count[@]}" -smp "${OPT[smp]}" -display none -nodefaults -daemonize -pidfile "$dir/qemu.pid" \
		-kernel "$kernel/boot/vmlinuz-$(kernel_release "$kernel")" \
		-chardev "file,id=console,path=$dir/console.log,append=on" -serial chardev:console \
		-monitor "unix:$dir/monitor,server,nowait" "${args[@]}" "${nets[@]}" \
		</dev/null >"$dir/qemu.log" 2>&1 8>&- 9>&- ||
		die "QEMU of node $n did not start; see $dir/qemu.log"
}

node_start_one() {
	local n=$1 dir kernel tree release

	dir=$(node_dir "$n")
	! alive "$dir/qemu.pid" || die "node $n runs already"
	[[ -s $LAB/ceph/ceph.conf ]] || die "start Ceph first: lab -n $NAME ceph start"
	kernel=$(kernel_tree "${OPT[kernel]}") ||
		die "kernel ${OPT[kernel]} is not fetched; run: scripts/setup kernel ${OPT[kernel]}"
	tree=$(modules_tree "$kernel" "${OPT[driver]}" "${OPT[modules]}") || exit 1
	release=$(kernel_release "$kernel")
	mkdir -p "$dir"
	rm -f "$dir/monitor" "$dir/qemu.pid"
	node_seed "$n" "$tree" "$release"
	declare -p OPT | sed 's/^declare -A/declare -gA/' >"$dir/options"
	node_boot "$n" "$kernel" "$tree"
}

node_answers() { nse python3 "$LAB_LIB/remote.py" "$(node_address manage "$1")" 10 nostdin true 2>/dev/null; }

# Until it answers; an early death of QEMU ends the wait.
node_wait() {
	local n=$1 end=$((SECONDS + ${2:-600})) dir

	dir=$(node_dir "$n")
	until node_answers "$n"; do
		alive "$dir/qemu.pid" || {
			tail -n 15 "$dir/console.log" >&2
			die "node $n stopped while booting; see $dir/console.log and qemu.log"
		}
		((SECONDS < end)) || die "node $n does not answer; see $dir/console.log"
		sleep 0.3
	done
}

node_start() {
	local n begin=$SECONDS

	node_options "$@"
	need_tools qemu-system-x86_64 busybox cpio modprobe depmod python3
	net_up
	mkdir -p "$RBDSHARE_CACHE/modules" "$LAB_ROOT"
	for n in "${NODES[@]}"; do
		node_start_one "$n"
	done
	[[ -n ${OPT[wait]} ]] || return 0
	for n in "${NODES[@]}"; do
		node_wait "$n"
		say "node $n: kernel ${OPT[kernel]}, ${OPT[driver]} driver${OPT[full]:+, full Debian}, ready after $((SECONDS - begin)) s"
	done
}

# monitor N COMMAND: tell QEMU.
monitor() {
	local dir

	dir=$(node_dir "$1")
	alive "$dir/qemu.pid" || die "node $1 does not run in lab '$NAME'"
	echo "$2" | socat -t 2 - "UNIX-CONNECT:$dir/monitor" >/dev/null
}

node_stop() {
	local n=$1 dir

	dir=$(node_dir "$n")
	if alive "$dir/qemu.pid"; then
		if (load_options "$n" && [[ -n ${OPT[full]} ]]); then
			remote "$n" 20 nostdin "systemctl poweroff --no-block" >/dev/null 2>&1 || true
			wait_for 120 gone "$dir/qemu.pid" || say "node $n does not shut down within 120 s: power cut"
		else
			remote "$n" 20 nostdin "sync" >/dev/null 2>&1 || true
		fi
	fi
	node_poweroff "$n"
}

node_poweroff() { stop_process "$(node_dir "$1")/qemu.pid" KILL 10; }

load_options() {
	local dir

	dir=$(node_dir "$1")
	[[ -s $dir/options ]] || die "node $1 was never started in lab '$NAME'"
	# shellcheck disable=SC1091  # written by node_start_one: declare -gA OPT=...
	. "$dir/options"
}

# The reset button. A quick node begins anew: its root was in memory.
node_reset() {
	local n=$1

	load_options "$n"
	node_poweroff "$n"
	node_reset_start "$n"
	[[ -z ${2:-} ]] || return 0
	node_wait "$n"
}

node_reset_start() {
	local kernel tree

	kernel=$(kernel_tree "${OPT[kernel]}")
	tree=$(modules_tree "$kernel" "${OPT[driver]}" "${OPT[modules]}")
	rm -f "$(node_dir "$1")/monitor"
	node_boot "$1" "$kernel" "$tree"
}

# A fresh rbd.ko for a running node: what "make modules" built since it started.
node_reload() {
	local n=$1 release dir ko had
	shift

	load_options "$n"
	[[ ${1:-} != --modules ]] || OPT[modules]=$(readlink -f "${2:?--modules needs a folder}")
	release=$(kernel_release "$(kernel_tree "${OPT[kernel]}")")
	dir=${OPT[modules]:-$REPO/kernel/build/$release}
	[[ -s $dir/rbd.ko ]] || die "no $dir/rbd.ko"
	had=$(remote "$n" 30 nostdin "test -e /lib/modules/$release/updates/rbd.ko && echo yes" || true)
	for ko in rbd rbd_hb; do
		[[ ! -s $dir/$ko.ko ]] || remote_push "$n" "$dir/$ko.ko" "/lib/modules/$release/updates/$ko.ko"
	done
	[[ -n $had ]] || remote "$n" 300 nostdin depmod
	remote "$n" 60 nostdin "for m in rbd_hb rbd; do [ ! -e /sys/module/\$m ] || rmmod \$m; done; modprobe rbd"
}

node_stop_all() {
	local dir n

	for dir in "$LAB"/node*/; do
		[[ -d $dir ]] || continue
		n=$(basename "$dir")
		node_poweroff "${n#node}" || say "$n does not die"
		rm -rf "${dir:?}/disk.qcow2" "$dir/disk.base" "$dir/seed"
	done
}

node_list() {
	local dir n state

	for dir in "$LAB"/node*/; do
		[[ -d $dir ]] || continue
		n=$(basename "$dir")
		state=stopped
		! alive "$dir/qemu.pid" || state=running
		echo "$n $state $(node_address storage "${n#node}")"
	done
}

node_cmd() {
	local verb=${1:-} n
	[[ $# -eq 0 ]] || shift

	need_root
	case $verb in
	start)
		node_start "$@"
		return
		;;
	list)
		node_list
		return
		;;
	stop | poweroff | reset | freeze | thaw | wait | reload | wipe) ;;
	*) die "node: unknown '$verb'; see: lab help" ;;
	esac
	[[ ${1:-} =~ ^[1-9][0-9]?$ ]] || die "which node? usage: lab node $verb N"
	n=$1
	shift
	case $verb in
	stop) node_stop "$n" ;;
	poweroff) node_poweroff "$n" ;;
	reset) node_reset "$n" "$@" ;;
	wipe)
		node_poweroff "$n"
		rm -f "$(node_dir "$n")"/disk.*
		;;
	freeze) monitor "$n" stop ;;
	thaw) monitor "$n" cont ;;
	wait) node_wait "$n" "$@" ;;
	reload) node_reload "$n" "$@" ;;
	esac
}
