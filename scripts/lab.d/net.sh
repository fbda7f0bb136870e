# SPDX-License-Identifier: GPL-2.0
# The namespace of a lab with its three bridges: storage (10.77.0.0/24, Ceph is .1), peers
# (10.79.0.0/24, the nodes among themselves) and management (10.78.0.0/24, never cut).
# shellcheck shell=bash

declare -A NET_OF=([storage]=10.77.0 [manage]=10.78.0 [peers]=10.79.0)
# The order in which a node sees its interfaces: eth0, eth1, eth2.
NETS=(storage manage peers)

nse() { ip netns exec "$NS" "$@"; }

net_exists() { [[ -e /run/netns/$NS ]]; }

net_up() {
	local net

	need_root
	mkdir -p "$LAB"
	exec 8>"$LAB/.net.lock"
	flock 8
	if ! net_exists; then
		ip netns add "$NS"
		ip -n "$NS" link set lo up
		for net in "${NETS[@]}"; do
			ip -n "$NS" link add "$net" type bridge
			ip -n "$NS" addr add "${NET_OF[$net]}.1/24" dev "$net"
			ip -n "$NS" link set "$net" up
		done
	fi
	exec 8>&-
}

net_down() {
	net_exists || return 0
	ip netns del "$NS"
}

# One tap per network for node $1, made once.
net_node() {
	local net tap

	for net in "${NETS[@]}"; do
		tap=$net$1
		if ! ip -n "$NS" link show "$tap" >/dev/null 2>&1; then
			ip -n "$NS" tuntap add "$tap" mode tap
			ip -n "$NS" link set "$tap" up
		fi
		ip -n "$NS" link set "$tap" master "$net"
	done
}

node_address() { echo "${NET_OF[$1]}.$((10 + $2))"; }

node_mac() {
	local -A byte=([storage]=77 [manage]=78 [peers]=79)
	printf '52:54:00:%s:00:%02x\n' "${byte[$1]}" "$2"
}

net_cut() {
	[[ $# -eq 2 && $1 =~ ^[0-9]+$ && $2 =~ ^(storage|peers)$ ]] ||
		die "usage: lab cut N storage|peers"
	ip -n "$NS" link show "$2$1" >/dev/null 2>&1 || die "node $1 is not started in lab '$NAME'"
	# Out of the bridge: no frame passes in either direction, and the node sees no link change.
	ip -n "$NS" link set "$2$1" nomaster
}

net_heal() {
	[[ $# -eq 1 && $1 =~ ^[0-9]+$ ]] || die "usage: lab heal N"
	ip -n "$NS" link show "storage$1" >/dev/null 2>&1 || die "node $1 is not started in lab '$NAME'"
	net_node "$1"
}
