# SPDX-License-Identifier: GPL-2.0
# The module tree a node sees: Debian's modules, plus our rbd.ko in updates/ (depmod prefers
# that folder). Trees are made once per content and kept in the cache.
# shellcheck shell=bash

# What a full node gets of Debian's modules, with all they depend on.
FULL_MODULES="virtio_pci virtio_blk virtio_net virtio_console 9pnet_virtio 9p overlay ext4
	libceph ceph nbd dlm ocfs2 ocfs2_stack_o2cb ocfs2_stack_user ocfs2_dlmfs gfs2 xfs btrfs
	softdog dummy configfs loop dm_mod dm_snapshot dm_thin_pool netconsole af_packet crc32c_intel
	sch_netem nfnetlink nf_tables i6300esb autofs4 fuse efivarfs rbd"

# modules_tree KERNELTREE ours|intree [DIR]: prints the folder for depmod -b / modprobe -d.
modules_tree() {
	local kernel=$1 driver=$2 dir=${3:-} release key tree work ko kos=()

	release=$(kernel_release "$kernel")
	if [[ $driver == intree ]]; then
		echo "$kernel"
		return 0
	fi
	dir=${dir:-$REPO/kernel/build/$release}
	[[ -s $dir/rbd.ko ]] ||
		die "no $dir/rbd.ko: build it (make modules KVER=$release) or take --driver intree"
	for ko in rbd rbd_hb; do
		[[ ! -s $dir/$ko.ko ]] || kos+=("$dir/$ko.ko")
	done
	[[ $(modinfo -F vermagic "$dir/rbd.ko") == "$release "* ]] ||
		die "$dir/rbd.ko is for kernel $(modinfo -F vermagic "$dir/rbd.ko"), not for $release"
	key=$(sha256sum "${kos[@]}" | awk '{print $1}' | sha256sum | cut -c1-16)
	tree=$RBDSHARE_CACHE/modules/$release-$key
	if [[ ! -e $tree/.complete ]]; then
		work=$tree.new.$$
		mkdir -p "$work/lib/modules/$release/updates"
		cp "$kernel/lib/modules/$release"/modules.* "$work/lib/modules/$release/"
		ln -s "$kernel/lib/modules/$release/kernel" "$work/lib/modules/$release/kernel"
		cp "${kos[@]}" "$work/lib/modules/$release/updates/"
		depmod -b "$work" "$release" || die "depmod failed for ${kos[*]}"
		touch "$work/.complete"
		mv -T "$work" "$tree" 2>/dev/null || rm -rf "$work"
		modules_prune
	fi
	touch "$tree"
	echo "$tree"
}

# Old trees go when they are a day old, so that no running node loses its own.
modules_prune() {
	find "$RBDSHARE_CACHE/modules" -mindepth 1 -maxdepth 1 -mmin +1440 \
		-exec rm -rf {} + 2>/dev/null || true
}

# Files of a module and of all it depends on, in load order.
module_files() {
	local tree=$1 release=$2 module
	shift 2

	for module in "$@"; do
		modprobe -d "$tree" -S "$release" --show-depends "$module" 2>/dev/null |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++'
}

# Copy the modules of a full node (and those in updates/) to $3/lib/modules/RELEASE.
modules_copy() {
	local tree=$1 release=$2 dest=$3 file rel

	# shellcheck disable=SC2086  # a list of names
	module_files "$tree" "$release" $FULL_MODULES | while read -r file; do
		rel=${file#"$tree"/}
		install -D -m 644 "$file" "$dest/$rel"
	done
	for file in "$tree/lib/modules/$release/updates"/*.ko; do
		[[ ! -e $file ]] || install -D -m 644 "$file" "$dest/${file#"$tree"/}"
	done
	cp "$tree/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} \
		"$dest/lib/modules/$release/"
	depmod -b "$dest" "$release"
}
