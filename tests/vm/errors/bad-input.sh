# SPDX-License-Identifier: GPL-2.0
# topic: every mistake at map and unmap gets the right errno and exactly one kernel line that names the cause
# nodes: 1
# seconds: 600
# drivers: ours
# shellcheck shell=bash disable=SC2016

pool bad
pool other
rbd create bad/img --size 8M
rbd create bad/sole --size 8M --image-feature layering,exclusive-lock
rbd create bad/fast --size 8M --image-feature layering,exclusive-lock,object-map,fast-diff
rbd create bad/journal --size 8M --image-feature layering,exclusive-lock,journaling
rbd create bad/stripes --size 8M --stripe-unit 64K --stripe-count 4 --image-feature layering,striping
rbd snap create bad/img@base --no-progress
rbd snap protect bad/img@base
rbd clone bad/img@base bad/clone
admin=$(ceph auth print-key client.admin)
elsewhere=$(ceph auth get-or-create-key client.elsewhere mon 'profile rbd' osd 'profile rbd pool=other')
reader=$(ceph auth get-or-create-key client.reader mon 'profile rbd' osd 'profile rbd-read-only pool=bad')
nomon=$(ceph auth get-or-create-key client.nomon osd 'profile rbd pool=bad')
node 1 'modprobe rbd'
lab push 1 "$RC_DIR/errors/sysfs-write.py" /tmp/sysfs-write.py

# write FILE TEXT: sets RESULT, TOOK and LINES.
write() {
	local out

	out=$(node 1 "python3 /tmp/sysfs-write.py /sys/bus/rbd/$1 $(printf %q "$2")")
	{
		read -r RESULT
		read -r TOOK
		LINES=$(cat)
	} <<<"$out"
}
# A line for the log of the test, without keys.
masked() { sed -E 's/secret=[^ ,]*/secret=.../' <<<"$1"; }

# refused ERRNO PATTERN LINE: an add line that must fail like that.
refused() {
	write add_single_major "$3"
	say "$(masked "$3")"
	echo "    $RESULT after $TOOK s: $LINES"
	expect "errno of '$(masked "$3")'" "$RESULT" "$1"
	expect "kernel lines for '$(masked "$3")'" "$(grep -cE '^rbd: map .*failed: ' <<<"$LINES")" 1
	grep -qE "^rbd: map .*failed: .*($2)" <<<"$LINES" || fail "the line does not say '$2': $LINES"
	! grep -qF "$admin" <<<"$LINES" || fail "the line shows the key"
}
accepted() {
	write add_single_major "$1"
	expect "map of '$(masked "$1")' ($LINES)" "$RESULT" OK
}
# udev may have it open for a moment.
unmap_0() { node 1 'udevadm settle && echo 0 > /sys/bus/rbd/remove_single_major'; }
mon=10.77.0.1:6789
as_admin=name=admin,secret=$admin

say "malformed lines"
for text in $'\n' ' ' "$mon" "$mon $as_admin" "$mon $as_admin bad"; do
	refused EINVAL 'wanted: <monitors> <options> <pool> <image>' "$text"
done
refused ENAMETOOLONG 'the image name is longer than' "$mon $as_admin bad $(printf 'x%.0s' {1..300})"
refused EINVAL 'is no list of monitor addresses' "10.77.0.999:6789 $as_admin bad img -"
refused EINVAL 'is no list of monitor addresses' "nowhere $as_admin bad img -"

say "options"
refused EINVAL "option 'nosuch' is unknown" "$mon $as_admin,nosuch bad img -"
refused EINVAL "option 'queue_depth' is 1 or more" "$mon $as_admin,queue_depth=0 bad img -"
refused EINVAL "option 'queue_depth' wants a value" "$mon $as_admin,queue_depth bad img -"
refused EINVAL "option 'alloc_size' is a power of two" "$mon $as_admin,alloc_size=1000 bad img -"
refused EINVAL "option 'alloc_size' wants a number" "$mon $as_admin,alloc_size=64k bad img -"
refused EINVAL "option 'ro' takes no value" "$mon $as_admin,ro=yes bad img -"
refused EINVAL "option 'io_timeout' is a number of seconds" "$mon $as_admin,io_timeout=0 bad img -"
refused EINVAL "option 'on_timeout' is queue, fail or fence-then-fail" "$mon $as_admin,on_timeout=panic bad img -"
refused EINVAL "on_timeout=fence-then-fail needs the option noshare" "$mon $as_admin,on_timeout=fence-then-fail bad img -"
refused EINVAL "need the feature exclusive-lock" "$mon $as_admin,exclusive bad img -"

say "absent pool, image, snapshot, namespace"
refused ENOENT "there is no pool 'nopool'" "$mon $as_admin nopool img -"
refused ENOENT "there is no image 'noimage'" "$mon $as_admin bad noimage -"
refused ENOENT "there is no snapshot 'nosnap'" "$mon $as_admin bad img nosnap"
refused ENOENT "there is no image 'img'" "$mon $as_admin,_pool_ns=nospace bad img -"

say "keys and rights"
refused EINVAL "option 'secret' has a value that cannot be used" "$mon name=admin,secret=garbage bad img -"
refused EPERM "option 'key' names a key that is not in the kernel's keyring" "$mon name=admin,key=nosuchkey bad img -"

refused EACCES "the cluster refuses the client .*: unknown user, wrong key or too few rights" "$mon name=admin,secret=$elsewhere bad img -"
refused EACCES "the cluster refuses the client .*: unknown user, wrong key or too few rights" "$mon name=nobody,secret=$admin bad img -"
refused EINVAL "the key is missing or wrong" "$mon name=admin bad img -"
refused EPERM "client 'elsewhere' may not read the pool; its key needs osd 'profile rbd pool=bad'" "$mon name=elsewhere,secret=$elsewhere bad img -"
refused EPERM "may not watch the image header; its key needs osd 'profile rbd pool=bad', or map read-only" "$mon name=reader,secret=$reader bad img -"
refused EACCES "the cluster refuses the client .* too few rights" "$mon name=nomon,secret=$nomon bad img -"
accepted "$mon name=reader,secret=$reader,ro bad img -"
node 1 'cat /dev/rbd0 >/dev/null'
unmap_0

say "monitors that are not there"
refused ETIMEDOUT "monitors do not answer" "10.77.0.99:6789 $as_admin,mount_timeout=3 bad img -"
((TOOK < 30)) || fail "it took $TOOK s to notice with mount_timeout=3"
refused ETIMEDOUT "monitors do not answer" "10.77.0.1:6799 $as_admin,mount_timeout=3 bad img -"
((TOOK < 30)) || fail "it took $TOOK s to notice with mount_timeout=3"

# The command that the message names must work as it is.
obey() {
	local command

	command=$(sed -nE "s/.*'(rbd (feature disable|flatten) [^']*)'.*/\1/p" <<<"$LINES")
	[[ -n $command ]] || fail "no command in: $LINES"
	say "doing what the message says: $command"
	# shellcheck disable=SC2086  # a command line
	host timeout 60 $command 2>&1
}
say "images that cannot be mapped"
refused ENXIO "not supported yet: exclusive-lock; .*'rbd feature disable bad/sole exclusive-lock'" "$mon $as_admin bad sole -"
refused ENXIO "exclude each other; .*'rbd feature disable bad/sole exclusive-lock'" "$mon $as_admin,shared bad sole -"
obey
accepted "$mon $as_admin,shared bad sole -"
unmap_0
refused ENXIO "'rbd feature disable bad/fast fast-diff object-map exclusive-lock'" "$mon $as_admin,shared bad fast -"
obey
accepted "$mon $as_admin,shared bad fast -"
unmap_0
refused ENXIO "journaling" "$mon $as_admin bad journal -"
refused ENXIO "striped over several objects \(stripe unit 65536, count 4\)" "$mon $as_admin bad stripes -"
refused ENXIO "is a clone.*'rbd flatten bad/clone'" "$mon $as_admin bad clone -"
obey
accepted "$mon $as_admin bad clone -"
unmap_0

say "shared mode and options that do not go with it"
refused EINVAL "read_from_replica cannot be used in shared mode" "$mon $as_admin,shared,read_from_replica=balance bad img -"
refused EINVAL "cannot be used in shared mode" "$mon $as_admin,shared,on_timeout=fail bad img -"
refused EINVAL "cannot be used in shared mode" "$mon $as_admin,shared,osd_request_timeout=10 bad img -"

say "unmap"
unmap_refused() {
	write remove_single_major "$3"
	echo "    '$3': $RESULT: $LINES"
	expect "errno of unmap '$3'" "$RESULT" "$1"
	expect "kernel line for unmap '$3'" "$(grep -cE "^rbd: unmap failed: .*($2)" <<<"$LINES")" 1
	expect "kernel lines for unmap '$3'" "$(wc -l <<<"$LINES")" 1
}
unmap_refused EINVAL 'wanted: <device id> \[force\|full-force\]' 'zero'
unmap_refused EINVAL 'wanted: <device id>' '0 gently'
unmap_refused EINVAL 'wanted: <device id>' '-1'
unmap_refused EINVAL 'wanted: <device id>' '99999999999'
unmap_refused ENOENT 'no device with id 7' '7'
accepted "$mon $as_admin bad img -"
unmap_0
unmap_refused ENOENT 'no device with id 0' '0'
unmap_refused ENOENT 'no device with id 0' '0 force'
unmap_refused ENOENT 'no device with id 0' '0 full-force'

say "nothing is left behind"
# shellcheck source=SCRIPTDIR/../left.sh
. "$RC_DIR/left.sh"
nothing_left 1
