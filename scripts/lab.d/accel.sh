# SPDX-License-Identifier: GPL-2.0
# KVM where it really works. /dev/kvm may open and still not run a stock kernel, so a probe
# boots one; the answer is kept until the host reboots. RBDSHARE_ACCEL=kvm|tcg overrides.
# shellcheck shell=bash

accel_probe() {
	local kernel=$1 work release rc=1

	[[ -w /dev/kvm ]] || return 1
	release=$(kernel_release "$kernel")
	work=$(mktemp -d)
	mkdir -p "$work/root/bin"
	cp "$(command -v busybox)" "$work/root/bin/busybox"
	cat >"$work/root/init" <<'I'
#!/bin/busybox sh
/bin/busybox echo probe-boot-works
/bin/busybox poweroff -f
I
	chmod 755 "$work/root/init"
	(cd "$work/root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"
	# QEMU may abort here; the braces keep the shell from reporting that.
	{ timeout -k 2 15 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -display none \
		-no-reboot -kernel "$kernel/boot/vmlinuz-$release" -initrd "$work/initrd" \
		-append "console=ttyS0 panic=-1" -serial "file:$work/console" </dev/null || true; } >/dev/null 2>&1
	! grep -q probe-boot-works "$work/console" 2>/dev/null || rc=0
	rm -rf "$work"
	return $rc
}

# Prints kvm or tcg.
accel_choose() {
	local file

	if [[ -n ${RBDSHARE_ACCEL:-} ]]; then
		[[ $RBDSHARE_ACCEL =~ ^(kvm|tcg)$ ]] || die "RBDSHARE_ACCEL is kvm or tcg, not '$RBDSHARE_ACCEL'"
		echo "$RBDSHARE_ACCEL"
		return 0
	fi
	file=$LAB_ROOT/.accel-$(cat /proc/sys/kernel/random/boot_id)
	(
		flock 7
		if [[ ! -s $file ]]; then
			if accel_probe "$1"; then echo kvm; else echo tcg; fi >"$file"
		fi
		cat "$file"
	) 7>"$LAB_ROOT/.accel.lock"
}
