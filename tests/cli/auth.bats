#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

@test "a wrong key or unknown user is named, with the file" {
	stock ceph auth get-or-create client.weak mon 'allow r' >"$CLI_TMP/weak.keyring"
	sed 's/client.weak/client.nobody/' "$CLI_TMP/weak.keyring" >"$CLI_TMP/nobody.keyring"
	expect 13 "refused client.nobody: its key in $CLI_TMP/nobody.keyring is wrong or there is no such user" \
		rs --id nobody -k "$CLI_TMP/nobody.keyring" ls dovecot
	sed "s|key = .*|key = $(ceph-authtool --gen-print-key)|" "$CLI_TMP/weak.keyring" >"$CLI_TMP/wrong.keyring"
	expect 13 "ceph auth get client.weak" rs --id weak -k "$CLI_TMP/wrong.keyring" ls dovecot
}

@test "too few rights: who, and the command that gives them" {
	stock ceph auth get-or-create client.weak mon 'allow r' >"$CLI_TMP/weak.keyring"
	for verb in "ls dovecot" "create dovecot/w --size 1G" "info dovecot/w" "rm dovecot/w"; do
		# shellcheck disable=SC2086
		expect 13 "ceph auth caps client.weak mon 'profile rbd' osd 'profile rbd pool=dovecot'" \
			rs --id weak -k "$CLI_TMP/weak.keyring" $verb
	done
	expect 13 "client.weak may not create pools" rs --id weak -k "$CLI_TMP/weak.keyring" pool create w
}

@test "a ceph.conf with an error: the line" {
	printf '[global]\nmon host = 10.77.0.1\nwhat is this\n' >"$CLI_TMP/bad.conf"
	expect 22 "$CLI_TMP/bad.conf:3: 'what is this' is neither 'key = value' nor [section]" rs -c "$CLI_TMP/bad.conf" ls
}

@test "missing files and monitors" {
	expect 2 "cannot read keyring /nonexistent" rs -k /nonexistent ls
	expect 2 "cannot read /nonexistent" rs -c /nonexistent ls
	echo "[global]" >"$CLI_TMP/empty.conf"
	expect 2 "no monitor address is known" rs -c "$CLI_TMP/empty.conf" ls
	printf '[global]\nmon host = 10.77.0.1\nkeyring = %s/none\n' "$CLI_TMP" >"$CLI_TMP/nokey.conf"
	expect 2 "no keyring of client.admin: looked for $CLI_TMP/none" rs -c "$CLI_TMP/nokey.conf" ls
	: >"$CLI_TMP/none"
	expect 2 "keyring $CLI_TMP/none has no key of client.admin" rs -c "$CLI_TMP/nokey.conf" ls
	rm "$CLI_TMP/none"
	expect 22 "is not HOST[:PORT]" rs -m '[[[' ls
	expect 21 "cannot read $CLI_TMP: Is a directory; name the right file" rs -c "$CLI_TMP" ls
}

@test "no monitor reachable: bounded, says which were tried and why" {
	bounded 15 expect 110 "10.77.0.99:6789" rs -m 10.77.0.99 --timeout 3 ls
	bounded 15 expect 110 "10.77.0.1:1234 Connection refused" rs -m 10.77.0.1:1234 --timeout 3 create dovecot/x --size 1G
}

@test "without Ceph's libraries the package is named" {
	# An empty directory over the libraries' one would hide libc too: hide just the two.
	run unshare -m bash -c "
		for so in \$(ldconfig -p | sed -n 's/.*librados\\.so\\.2 .* => //p'); do mount --bind /dev/null \"\$so\"; done
		exec '$RBDSHARE' ls dovecot"
	[[ $status -eq 79 && $output == *"apt-get install librados2"* ]]
}
