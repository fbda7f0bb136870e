# SPDX-License-Identifier: GPL-2.0
# Commands and files to and from nodes, over the management network that is never cut.
# shellcheck shell=bash

REMOTE_SECONDS=600

# remote N SECONDS stdin|nostdin COMMAND
remote() {
	nse python3 "$LAB_LIB/remote.py" "$(node_address manage "$1")" "$2" "$3" "$4"
}

node_known() {
	[[ $1 =~ ^[1-9][0-9]?$ ]] || die "a node is a number from 1 to 99, not '$1'"
	alive "$LAB/node$1/qemu.pid" || die "node $1 does not run in lab '$NAME'; see $LAB/node$1/console.log"
}

remote_run() {
	local seconds=$REMOTE_SECONDS input=nostdin node

	while [[ ${1:-} == --* ]]; do
		case $1 in
		--timeout)
			seconds=${2:?--timeout needs seconds}
			shift 2
			;;
		--stdin)
			input=stdin
			shift
			;;
		*) die "run: unknown option $1" ;;
		esac
	done
	[[ $# -ge 2 ]] || die "usage: lab run [--timeout S] [--stdin] N CMD..."
	node=$1
	shift
	node_known "$node"
	remote "$node" "$seconds" "$input" "$*"
}

remote_push() {
	local quoted mode

	[[ $# -eq 3 ]] || die "usage: lab push N FILE DEST"
	[[ -f $2 ]] || die "no file $2"
	node_known "$1"
	mode=$(stat -c %a "$2")
	printf -v quoted %q "$3"
	remote "$1" $REMOTE_SECONDS stdin "cat > $quoted && chmod $mode $quoted" <"$2"
}

remote_pull() {
	local quoted

	[[ $# -eq 3 ]] || die "usage: lab pull N FILE DEST"
	node_known "$1"
	printf -v quoted %q "$2"
	remote "$1" $REMOTE_SECONDS nostdin "cat $quoted" >"$3"
}
