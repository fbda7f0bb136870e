# SPDX-License-Identifier: GPL-2.0
# Mapping and unmapping by the kernel's own files, so that errors are seen as it gives them.
# shellcheck shell=bash

MONITOR=10.77.0.1:6789
BUS=/sys/bus/rbd

start_cluster() {
	local conf

	conf=$(host lab ceph conf)
	mkdir -p /etc/ceph
	host ceph osd pool create rbd 8 >/dev/null
	host rbd pool init rbd
	KEY=$(host ceph auth get-key client.admin)
	printf '[client.admin]\n\tkey = %s\n' "$KEY" >/etc/ceph/ceph.client.admin.keyring
	sed -n '/^fsid\|^mon host\|^auth/p' "$conf" | sed '1i [global]' >/etc/ceph/ceph.conf
	/lib/systemd/systemd-udevd --daemon
}

load_driver() {
	modprobe -d "$TREE/root" libceph
	if [[ $DRIVER == intree ]]; then
		modprobe -d "$MODULE" rbd single_major=Y
	else
		insmod "$MODULE" single_major=Y
	fi
	[[ -w $BUS/add_single_major ]]
}

only_ours() {
	[[ $DRIVER == ours ]] || exit 77
}

# Nothing but bash here: starting a program is slow in the guest.
device_ids() {
	local path

	for path in "$BUS"/devices/*; do
		[[ ! -e $path ]] || echo "${path##*/}"
	done
}

# add_line LINE...: write it; the kernel's error is this function's output.
add_line() {
	{ printf '%s\n' "$*" >"$BUS/add_single_major"; } 2>&1
}

# device_map IMAGE[@SNAP] [OPTIONS]: sets ID and DEV.
device_map() {
	local image=${1%@*} snap=- before id

	[[ $1 != *@* ]] || snap=${1#*@}
	before=$(device_ids)
	add_line "$MONITOR name=admin,secret=$KEY${2:+,$2} rbd $image $snap"
	ID=
	for id in $(device_ids); do
		[[ $'\n'$before$'\n' == *$'\n'$id$'\n'* ]] || ID=$id
	done
	[[ -n $ID ]] || {
		echo "mapping $1 made no device"
		return 1
	}
	# shellcheck disable=SC2034  # used by the checks
	DEV=/dev/rbd$ID
}

# remove_line LINE: likewise.
remove_line() {
	{ printf '%s\n' "$*" >"$BUS/remove_single_major"; } 2>&1
}

# device_remove "ID [force|full-force]": an opener that is just going (udev's probes) gets time.
device_remove() {
	local error tries

	for ((tries = 0; tries < 50; tries++)); do
		! error=$(remove_line "$1") || return 0
		[[ $error == *busy* ]] || break
		sleep 0.2
	done
	echo "removing '$1': $error"
	return 1
}

# fails ERROR COMMAND...: the command fails, and its output has one of the texts of ERROR.
fails() {
	local want=$1 output rc=0
	shift

	output=$("$@" 2>&1) || rc=$?
	[[ $rc -ne 0 ]] || {
		echo "succeeded, but was to fail ($want): $*"
		return 1
	}
	grep -qE "$want" <<<"$output" || {
		echo "failed otherwise than '$want': $* -> $output"
		return 1
	}
}

new_image() {
	host rbd create "rbd/$1" --size "${2:-64M}" --image-feature layering
}

drop_image() {
	device_remove "$ID"
	host rbd snap purge "rbd/$1" --no-progress
	host rbd rm "rbd/$1" --no-progress
}

# wait_until SECONDS COMMAND...
wait_until() {
	local end=$((SECONDS + $1))
	shift

	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || {
			echo "not within its time: $*"
			return 1
		}
		sleep 0.2
	done
}
