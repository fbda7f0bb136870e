# SPDX-License-Identifier: GPL-2.0
# The disk of a full node: Debian 12 with systemd and the stock tools, built once per list of
# packages and kept in the cache; every node has a copy-on-write disk over it.
# shellcheck shell=bash

DEBIAN_PACKAGES=systemd-sysv,udev,kmod,iproute2,ifupdown,iputils-ping,dbus,procps,python3-minimal
DEBIAN_PACKAGES+=,ceph-common,ocfs2-tools,xfsprogs,e2fsprogs,fdisk,parted,fio
DEBIAN_PACKAGES+=,libblkid1,libmount1,libudev1,libsmartcols1,libjson-c5,libkeyutils1,libkmod2,libmnl0
DEBIAN_VERSION=3

debian_mirror() {
	local mirror

	mirror=$(apt-cache policy base-files 2>/dev/null |
		sed -n 's#^ *[0-9]* \(https\?://[^ ]*\) bookworm/main.*#\1#p' | head -n 1)
	echo "${mirror:-http://deb.debian.org/debian}"
}

debian_configure() {
	local root=$1

	rm -f "$root/etc/machine-id"
	: >"$root/etc/machine-id"
	echo "/dev/vda / ext4 defaults 0 1" >"$root/etc/fstab"
	passwd -R "$root" -d root >/dev/null
	mkdir -p "$root/usr/local/lib/rbdshare-lab" "$root/etc/systemd/system/multi-user.target.wants"
	cat >"$root/etc/systemd/system/lab-agent.service" <<'U'
[Unit]
Description=Runs commands of the lab
After=networking.service
DefaultDependencies=no
Conflicts=

[Service]
EnvironmentFile=/etc/rbdshare-lab.env
Environment=HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ExecStart=/usr/bin/python3 /usr/local/lib/rbdshare-lab/agent.py ${LAB_ADDRESS}
KillMode=process
Restart=always
RestartSec=1
StartLimitIntervalSec=0

[Install]
WantedBy=multi-user.target
U
	ln -sf ../lab-agent.service "$root/etc/systemd/system/multi-user.target.wants/lab-agent.service"
	# Nothing of this is of use in a node; each costs seconds of boot.
	ln -sf /dev/null "$root/etc/systemd/system/systemd-timesyncd.service"
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily.timer"
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
	ln -sf /dev/null "$root/etc/systemd/system/e2scrub_reap.service"
	rm -rf "$root/var/cache/apt"/*.bin "$root/var/lib/apt/lists"/*
}

# Prints the base image; builds it when it is not in the cache (about two minutes).
debian_image() {
	local key dir=$RBDSHARE_CACHE/debian image work

	key=$(echo "$DEBIAN_VERSION $DEBIAN_PACKAGES" | sha256sum | cut -c1-16)
	image=$dir/node-$key.img
	mkdir -p "$dir/packages"
	(
		flock 7
		[[ ! -e $image ]] || exit 0
		need_tools debootstrap mke2fs qemu-img
		say "building the disk of full nodes (once, some minutes): $dir/build.log" >&2
		work=$(mktemp -d "$dir/build.XXXXXX")
		trap 'rm -rf "$work"' EXIT
		debootstrap --variant=minbase --include="$DEBIAN_PACKAGES" \
			--cache-dir="$dir/packages" bookworm "$work/root" "$(debian_mirror)" \
			>"$dir/build.log" 2>&1 8>&- ||
			die "debootstrap failed; see $dir/build.log and $work/root/debootstrap/debootstrap.log"
		debian_configure "$work/root"
		mke2fs -q -t ext4 -d "$work/root" "$image.new" 3G >>"$dir/build.log" 2>&1 ||
			die "mke2fs failed; see $dir/build.log"
		mv "$image.new" "$image"
	) 7>"$dir/.lock" || exit 1
	echo "$image"
}
