# SPDX-License-Identifier: GPL-2.0
# What --help says, the man pages explain and the completion offers.
# shellcheck shell=bash

# Long options that stand at the start of an option's line in a help text.
help_options() {
	sed -n 's/^ \{1,8\}\(-[a-zA-Z], \)\{0,1\}\(--[a-z][a-z-]*\).*/\2/p' | sort -u
}

# Verbs: indented words at the start of a line, from the line that announces them.
help_verbs() {
	awk 'tolower($0) ~ /^(verbs|commands).*:$/ { on = 1; next }
		on && /^[^ ]/ { exit }
		on && /^  ?[a-z]/ { print $1 }' | sort -u
}

page_text() { mandoc -Tascii "$1" | col -b; }

# Every long option of the help text $3 is in page $1 and completion $2 (unless that is "").
check_options() {
	local page=$1 completion=$2 help=$3 option rc=0 text

	text=$(page_text "$page")
	for option in $(help_options <<<"$help"); do
		[[ $option != --help && $option != --version ]] || continue
		grep -qE -- "$option([^a-z-]|$)" <<<"$text" || {
			echo "$page: does not explain $option, which --help has"
			rc=1
		}
		[[ -z $completion ]] || grep -qE -- "(^|[^a-z-])$option([^a-z-]|$)" "$completion" || {
			echo "$completion: does not offer $option, which --help has"
			rc=1
		}
	done
	return $rc
}

# A page must not explain options that no help text has.
check_page_options() {
	local page=$1 help=$2 option rc=0

	while read -r option; do
		grep -qE -- "$option([^a-z-]|$)" <<<"$help" || {
			echo "$page: explains $option, which --help does not have"
			rc=1
		}
	done < <(sed -n 's/^\.It Fl.* Fl -\([a-z][a-z-]*\).*/--\1/p
		s/^\.It Fl -\([a-z][a-z-]*\).*/--\1/p' "$page" | sort -u)
	return $rc
}

# The fence agent: it has no verbs, and cluster managers complete nothing.
check_agent() {
	local help rc=0

	help=$(userspace/build/fence_rbd --help) || return
	check_options "$1" "" "$help" || rc=1
	check_page_options "$1" "$help" || rc=1
	return $rc
}

step_drift() {
	local bin=userspace/build/rbdshare man=userspace/man completion verb page help global rc=0

	[[ -x $bin ]] || {
		echo "$bin is not built: run make userspace"
		return 1
	}
	completion=userspace/completion/rbdshare.bash
	[[ -r $completion ]] || {
		echo "$completion is missing"
		return 1
	}
	check_agent "$man/fence_rbd.8" || rc=1
	global=$("$bin" --help)
	[[ -n $(help_verbs <<<"$global") ]] || {
		echo "$bin --help lists no verbs: is there a line 'verbs:'?"
		return 1
	}
	if [[ -r $man/rbdshare.8 ]]; then
		check_options "$man/rbdshare.8" "$completion" "$global" || rc=1
		check_page_options "$man/rbdshare.8" "$global" || rc=1
	else
		echo "$man/rbdshare.8 is missing"
		rc=1
	fi
	for verb in $(help_verbs <<<"$global"); do
		[[ $verb != help ]] || continue
		page=$man/rbdshare-$verb.8
		[[ -r $page ]] || {
			echo "$page is missing: --help has the verb $verb"
			rc=1
			continue
		}
		grep -qw -- "$verb" "$completion" || {
			echo "$completion: does not offer the verb $verb"
			rc=1
		}
		help=$("$bin" "$verb" --help)
		check_options "$page" "$completion" "$help" || rc=1
		check_page_options "$page" "$help$global" || rc=1
	done
	for page in "$man"/rbdshare-*.8; do
		verb=${page#"$man"/rbdshare-}
		help_verbs <<<"$global" | grep -qx "${verb%.8}" || {
			echo "$page: --help has no verb ${verb%.8}"
			rc=1
		}
	done
	return $rc
}
