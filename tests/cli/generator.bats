#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The units that rbdmap-generator writes. No Ceph needed.
bats_require_minimum_version 1.5.0

setup() {
	generator=${RBDSHARE%/*}/rbdmap-generator
	units=$BATS_TEST_TMPDIR/units
	export RBDMAPFILE=$BATS_TEST_TMPDIR/rbdmap RBDMAP_FSTAB=$BATS_TEST_TMPDIR/fstab
	export RBDMAP_DEFAULTS=$BATS_TEST_TMPDIR/defaults
	mkdir "$units"
	echo 'dovecot/mail id=admin' >"$RBDMAPFILE"
	echo '/dev/rbd/dovecot/mail /srv/mail ocfs2 _netdev 0 0' >"$RBDMAP_FSTAB"
}

device=dev-rbd-dovecot-mail.device.d/50-rbdmap.conf
service=rbdmap.service.d/50-rbdmap-guard.conf

# has LINE FILE: of the units.
has() {
	grep -qxF -- "$1" "$units/$2" || {
		echo "no '$1' in $2:"
		cat "$units/$2"
		return 1
	}
}

@test "without settings the time-outs are the default ones" {
	"$generator" "$units"
	has JobRunningTimeoutSec=330 "$device"
	has TimeoutStartSec=600 "$service"
	has TimeoutStopSec=120 rbdmap-guard.service
}

@test "RBDMAP_START_TIMEOUT and RBDMAP_STOP_TIMEOUT of the settings hold" {
	printf '# slow\nRBDMAP_START_TIMEOUT="900"\nRBDMAP_STOP_TIMEOUT=300\n' >"$RBDMAP_DEFAULTS"
	"$generator" "$units"
	has JobRunningTimeoutSec=930 "$device"
	has TimeoutStartSec=1200 "$service"
	has TimeoutStopSec=345 rbdmap-guard.service
	echo RBDMAP_START_TIMEOUT=60 >"$RBDMAP_DEFAULTS"
	"$generator" "$units"
	has JobRunningTimeoutSec=90 "$device"
}

@test "a line that wants more time than the settings gets it" {
	echo RBDMAP_START_TIMEOUT=60 >"$RBDMAP_DEFAULTS"
	echo 'dovecot/mail id=admin,timeout=10min' >"$RBDMAPFILE"
	"$generator" "$units"
	has JobRunningTimeoutSec=630 "$device"
}

@test "a setting that is no number does not count" {
	echo RBDMAP_START_TIMEOUT=5min >"$RBDMAP_DEFAULTS"
	"$generator" "$units"
	has JobRunningTimeoutSec=330 "$device"
}

@test "a mount waits for its image and for o2cb, a similar name is none of ours" {
	echo '/dev/rbd/dovecot/mail2 /srv/other ocfs2 _netdev 0 0' >>"$RBDMAP_FSTAB"
	"$generator" "$units"
	has 'Requires=rbdmap@dovecot-mail.service' srv-mail.mount.d/50-rbdmap.conf
	has 'After=o2cb.service rbdshared.service' srv-mail.mount.d/50-rbdmap.conf
	has 'ExecStart=/usr/sbin/rbdmap --quiet status "dovecot/mail"' rbdmap@dovecot-mail.service
	[ ! -e "$units/dev-rbd-dovecot-mail2.device.d" ]
	run ! grep Requires "$units/srv-other.mount.d/50-rbdmap.conf"
}

@test "no map file, no units" {
	rm "$RBDMAPFILE"
	"$generator" "$units"
	[ -z "$(ls "$units")" ]
}
