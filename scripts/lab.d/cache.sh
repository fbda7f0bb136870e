# SPDX-License-Identifier: GPL-2.0
# Where downloads and built images are kept; sourced by scripts/setup and scripts/lab.
# Nothing here is needed to keep: deleting the folder costs only time.
# shellcheck shell=bash

RBDSHARE_CACHE=${RBDSHARE_CACHE:-$HOME/.cache/rbdshare}
# shellcheck disable=SC2034  # read by the files that source this one
KERNEL_LINES="6.1 6.12"

# The folder of one kernel line (6.1, 6.12): boot/, lib/modules/ and the headers.
kernel_tree() {
	local link=$RBDSHARE_CACHE/kernel/$1

	[[ -e $link/.complete ]] || return 1
	readlink -f "$link"
}

# The release (uname -r) of the kernel in a tree.
kernel_release() {
	local image

	for image in "$1"/boot/vmlinuz-*; do
		[[ -e $image ]] || return 1
		echo "${image##*/vmlinuz-}"
		return 0
	done
}
