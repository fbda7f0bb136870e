# SPDX-License-Identifier: GPL-2.0
# The disk of a full node with DKMS, a compiler and the headers of its kernel.
# shellcheck shell=bash
# shellcheck source=SCRIPTDIR/../../../scripts/lab.d/cache.sh
. "$RC_DIR/../../scripts/lab.d/cache.sh"

# What DKMS needs, for the packages that are installed in the tree ROOT. The apt of this
# machine downloads, because a node reaches nothing but the lab.
download_for() {
	local root=$1 release=$2 cache=$3

	mkdir -p "$cache/partial"
	apt-get -qq -y --no-install-recommends --download-only \
		-o APT::Sandbox::User=root -o Debug::NoLocking=1 \
		-o Dir::State::status="$root/var/lib/dpkg/status" -o Dir::Cache::archives="$cache" \
		install dkms "linux-headers-$release"
}

# dkms must come after what it needs; what fails for that is done by the second call. The
# headers of 6.12 bring their kernel along, which needs no initrd here.
unpack_into() {
	local root=$1 cache=$2

	mkdir "$root/root/debs"
	cp "$cache"/*.deb "$root/root/debs/"
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	chroot "$root" env DEBIAN_FRONTEND=noninteractive INITRD=No \
		sh -c 'dpkg -i /root/debs/*.deb || dpkg -i -E /root/debs/*.deb' </dev/null || return 1
	rm -r "$root/root/debs" "$root/usr/sbin/policy-rc.d"
}

build_disk() {
	local base=$1 release=$2 work=$3

	mkdir "$work/root"
	debugfs -R "rdump / $work/root" "$base" || return 1
	download_for "$work/root" "$release" "$work/packages" || {
		echo "apt-get cannot download dkms and linux-headers-$release: is the network there? Try apt-get update."
		return 1
	}
	unpack_into "$work/root" "$work/packages" || return 1
	mke2fs -q -t ext4 -d "$work/root" "$work/disk" 4G
}

# dkms_disk BASE RELEASE: prints the disk, built once (a minute or two) from the disk BASE.
dkms_disk() {
	local base=$1 release=$2 dir=$RBDSHARE_CACHE/debian disk work

	disk=$dir/dkms-$release-$(basename "$base")
	(
		flock 7
		[[ ! -e $disk ]] || exit 0
		say "building $disk" >&2
		work=$(mktemp -d "$dir/dkms.XXXXXX")
		trap 'rm -rf "$work"' EXIT
		build_disk "$base" "$release" "$work" >"$dir/dkms.log" 2>&1 || {
			tail -n 20 "$dir/dkms.log" >&2
			exit 1
		}
		mv "$work/disk" "$disk"
	) 7>"$dir/.dkms-lock" || fail "the disk with DKMS could not be built: see $dir/dkms.log"
	echo "$disk"
}
