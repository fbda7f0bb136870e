#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

@test "an unknown verb: one line, with the nearest" {
	expect 1 "there is no verb 'craete'; did you mean 'create'?" "$RBDSHARE" craete
	expect 1 "there is no verb 'frobnicate'; see: rbdshare help" "$RBDSHARE" frobnicate
	expect 1 "no verb given" "$RBDSHARE"
	expect 1 "unknown option '--frob'" "$RBDSHARE" --frob
}

@test "help of all and of each verb, on stdout, with success" {
	local verb

	run "$RBDSHARE" help
	[[ $status -eq 0 && $output == "usage: rbdshare VERB"* ]]
	for verb in $("$RBDSHARE" help --words); do
		[[ $verb != help ]] || continue
		run --separate-stderr "$RBDSHARE" "$verb" --help
		[[ $status -eq 0 && $output == "usage: rbdshare $verb"* && -z $stderr ]]
		run "$RBDSHARE" help "$verb"
		[[ $status -eq 0 && $output == "usage: rbdshare $verb"* ]]
	done
	[[ $("$RBDSHARE" --version) == "rbdshare $(<"$BATS_TEST_DIRNAME/../../VERSION")" ]]
}

@test "global options work before and after the verb" {
	[[ -z $(rs -q --pool dovecot ls) && -z $(rs ls --pool=dovecot -q) && -z $(rs ls -pdovecot) ]]
	[[ $(json '.pool' rs --json ls dovecot) == dovecot ]]
	[[ $(json '.pool' rs ls dovecot --json) == dovecot ]]
}

@test "global options: bad values" {
	expect 1 "is not a number of seconds" "$RBDSHARE" --timeout 0 ls
	expect 1 "is not a number of seconds" "$RBDSHARE" ls --timeout=5s
	expect 1 "is not a user name" "$RBDSHARE" -n admin ls
	expect 1 "goes without 'client.'" "$RBDSHARE" --id client.admin ls
	expect 1 "needs a value" "$RBDSHARE" ls --conf
	expect 1 "takes no value" "$RBDSHARE" ls --json=yes
	expect 1 "empty value" "$RBDSHARE" ls -p ""
}

@test "the help of each verb, its man page and the completion name the same options" {
	local verb opt page

	for verb in $("$RBDSHARE" help --words); do
		[[ $verb != help ]] || continue
		page=$BATS_TEST_DIRNAME/../../userspace/man/rbdshare-$verb.8
		[[ $verb != devices && -e $page ]] || continue
		for opt in $("$RBDSHARE" help "$verb" | grep -o -- '--[a-z-]*'); do
			grep -q -- "${opt#--}" "$page" || {
				echo "$page does not name $opt"
				return 1
			}
		done
	done
}

@test "output that cannot be written is an error" {
	run bash -c "'$RBDSHARE' help >/dev/full"
	[[ $status -eq 5 ]]
}
