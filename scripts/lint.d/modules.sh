# SPDX-License-Identifier: GPL-2.0
# The slow step: all warnings of the compiler, and sparse, for both kernels.
# shellcheck shell=bash

step_modules() {
	local line kdir work rc=0

	need sparse sparse
	work=$(mktemp -d)
	for line in $KERNEL_LINES; do
		scripts/setup kernel "$line" >/dev/null
		kdir=$(scripts/lab.d/kernel-path build "$line")
		mkdir "$work/$line"
		tar -C kernel --exclude=./build -cf - . | tar -C "$work/$line" -xf -
		make -s -C "$kdir" M="$work/$line" RBDSHARE_VERSION="$(<VERSION)" \
			W=1 C=2 CHECK=sparse CF=-D__CHECK_ENDIAN__ modules >"$work/log" 2>&1 || {
			echo "kernel $line: the modules do not build"
			rc=1
		}
		# Findings in the kernel's own headers are not ours to mend.
		grep -vE '^Skipping BTF|include/(linux|asm|uapi|net|trace|asm-generic)/' \
			"$work/log" | grep -E 'warning|error' |
			sed "s#^.*$work/$line/#kernel/#; s#^#[$line] #" && rc=1
	done
	rm -rf "$work"
	return $rc
}
