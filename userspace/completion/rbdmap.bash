# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of rbdmap: verbs, options, and the images of the map file.

_rbdmap_images() {
	local file=${RBDMAPFILE:-/etc/rbdmap}

	[[ -n ${RBDMAPFILE:-} || -e $file ]] || file=/etc/ceph/rbdmap
	sed -n 's/\r$//; /^[[:space:]]*\(#\|$\)/d; s/^[[:space:]]*\([^[:space:]]*\).*/\1/p' "$file" 2>/dev/null
}

_rbdmap() {
	local current=${COMP_WORDS[COMP_CWORD]} verb='' i words

	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || verb=${verb:-${COMP_WORDS[i]}}
	done
	if [[ $current == -* ]]; then
		words="--no-mount --prune --json --verbose --quiet --help --version"
	elif [[ -z $verb ]]; then
		words="start stop restart reload status check map unmap unmap-all"
	else
		words=$(_rbdmap_images)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -F _rbdmap rbdmap
