#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
bats_require_minimum_version 1.5.0
load ceph

COMPLETION=$BATS_TEST_DIRNAME/../../userspace/completion

need_zsh() {
	command -v zsh >/dev/null || skip "zsh is not installed; run: apt-get install zsh"
}

# has WORD FILE: the word stands in it, with nothing that would make it another.
has() {
	grep -qE -- "(^|[^a-z-])$1([^a-z-]|$)" "$2" || {
		echo "$2 does not offer $1"
		return 1
	}
}

@test "every verb, sub-verb and option is in the completion of bash and of zsh" {
	local verb word file

	for file in "$COMPLETION/rbdshare.bash" "$COMPLETION/_rbdshare"; do
		for verb in $("$RBDSHARE" help --words); do
			has "$verb" "$file"
			[[ $verb != help ]] || continue
			for word in $("$RBDSHARE" help --words "$verb"); do
				has "$word" "$file"
			done
		done
	done
}

@test "every verb and option of rbdmap too" {
	local rbdmap=${RBDSHARE%/*}/rbdmap word file words

	words=$("$rbdmap" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p; s/^  .*\(--[a-z-]*\) .*/\1/p')
	[[ $(wc -w <<<"$words") -ge 14 ]]
	for file in "$COMPLETION/rbdmap.bash" "$COMPLETION/_rbdmap"; do
		for word in $words; do
			has "$word" "$file"
		done
	done
}

@test "bash: completion offers verbs, options, pools and images" {
	rs -q create dovecot/comp --size 8M
	# shellcheck disable=SC2016
	run stock bash -c '
		PATH=$(dirname "$1"):$PATH
		source "$2"
		try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rbdshare; echo "${COMPREPLY[*]}"; }
		try rbdshare cre
		try rbdshare create --exc
		try rbdshare info dove
		try rbdshare info dovecot/
		try rbdshare ls dove
		try rbdshare snap roll' - "$RBDSHARE" "$COMPLETION/rbdshare.bash"
	rs -q rm dovecot/comp
	[[ ${lines[0]} == create && ${lines[1]} == --exclusive && ${lines[2]} == dovecot/ ]]
	[[ ${lines[3]} == dovecot/comp && ${lines[4]} == dovecot && ${lines[5]} == rollback ]]
}

@test "bash: rbdmap offers verbs, options and the images of the map file" {
	printf '# head\n\ndovecot/mail id=x\r\n  rbd/other' >"$CLI_TMP/rbdmap"
	# shellcheck disable=SC2016
	run env RBDMAPFILE="$CLI_TMP/rbdmap" bash -c '
		source "$1"
		try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rbdmap; echo "${COMPREPLY[*]}"; }
		try rbdmap sta
		try rbdmap --no
		try rbdmap -v start ""' - "$COMPLETION/rbdmap.bash"
	[[ ${lines[0]} == "start status" && ${lines[1]} == --no-mount ]]
	[[ ${lines[2]} == "dovecot/mail rbd/other" ]]
}

@test "zsh: the files are zsh" {
	need_zsh
	zsh -n "$COMPLETION/_rbdshare"
	zsh -n "$COMPLETION/_rbdmap"
	[[ $(head -n 1 "$COMPLETION/_rbdshare") == "#compdef rbdshare" ]]
	[[ $(head -n 1 "$COMPLETION/_rbdmap") == "#compdef rbdmap" ]]
}

@test "zsh: names of pools and images, asked for as the line says" {
	need_zsh
	rs -q create dovecot/comp --size 8M
	# shellcheck disable=SC2016
	run stock zsh -fc '
		path=(${1:h} $path)
		# Completion works inside of the line editor only: these stand for it.
		_arguments() { return 1 }
		compset() { PREFIX=${PREFIX#*/} }
		compadd() { print -r -- "$@" }
		_rbdshare_try() { whole=(rbdshare "$@[1,-2]"); whole_current=$#whole+1 PREFIX=$@[-1]; _rbdshare_images }
		words=(rbdshare) CURRENT=1
		source "$2"
		compadd() { while [[ $1 == -[Sq]* ]]; do shift; done; [[ $1 == -a ]] && print -rl -- ${(P)2} || print -rl -- "$@[2,-1]" }
		_rbdshare_try dove
		_rbdshare_try info dovecot/
		_rbdshare_try --id nobody info dovecot/
		print end' - "$RBDSHARE" "$COMPLETION/_rbdshare"
	rs -q rm dovecot/comp
	echo "$output"
	[[ $output == $'dovecot\ncomp\n\nend' ]]
}
