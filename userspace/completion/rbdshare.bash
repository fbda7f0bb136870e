# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of rbdshare: verbs, options, and the names of pools and images from the cluster.

# _rbdshare_names CMD...: names from the cluster, kept for 5 seconds.
_rbdshare_names() {
	local dir=${XDG_RUNTIME_DIR:-/tmp/.rbdshare-completion-$UID} file now

	file=$dir/rbdshare-$(printf '%s' "$*" | cksum | cut -d' ' -f1)
	now=$(date +%s)
	if [[ -O $file ]] && (($(stat -c %Y "$file") > now - 5)); then
		cat "$file"
		return
	fi
	[[ -d $dir ]] || mkdir -m 700 "$dir" 2>/dev/null
	if [[ -O $dir ]]; then
		rbdshare --timeout 2 -q "$@" 2>/dev/null | tee "$file" 2>/dev/null
	else
		rbdshare --timeout 2 -q "$@" 2>/dev/null
	fi
}

_rbdshare_pools() {
	_rbdshare_names "$@" pool ls | awk 'NR > 1 && $4 == "rbd" { print $1 }'
}

# Words of the line that say which cluster and user: they hold for the names as well.
_rbdshare_access() {
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --conf | --cluster | --id | -n | --name | -k | --keyring | -m | --mon-host)
			printf '%s\n%s\n' "${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}"
			;;
		esac
	done
}

_rbdshare_images() {
	local current=$1 pool
	shift

	if [[ $current == */* ]]; then
		pool=${current%%/*}
		_rbdshare_names "$@" ls "$pool" | sed "s|^|$pool/|"
	else
		_rbdshare_pools "$@" | sed 's|$|/|'
	fi
}

# Nodes of cluster.conf, behind a sub-verb that takes one.
_rbdshare_nodes() {
	case $1 in
	fence | confirm | unfence | history | postmortem | remove-node)
		rbdshare cluster show 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $2 }'
		;;
	timeouts)
		echo "show set"
		;;
	esac
}

# Prints the verb of the line, skipping options and their values.
_rbdshare_verb() {
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-c | --conf | --cluster | --id | -n | --name | -k | --keyring | -m | --mon-host | -p | --pool | --namespace | --timeout)
			((++i))
			;;
		-*) ;;
		*)
			echo "$i ${COMP_WORDS[i]}"
			return
			;;
		esac
	done
}

# The same words as "rbdshare help"; the lint step compares them.
_rbdshare_words() {
	case $1 in
	verbs)
		echo "pool create ls info resize rm snap map unmap devices cluster help"
		;;
	global)
		echo "--conf --cluster --id --name --keyring --mon-host --pool --namespace --json
			--dry-run --timeout --no-progress --progress-json --quiet --help --version"
		;;
	"pool sub")
		echo "create ls rm"
		;;
	pool)
		echo "--pg-num --client --keyring-out --yes"
		;;
	create)
		echo "--size --object-size --exclusive --image-feature"
		;;
	ls)
		echo "--long"
		;;
	resize)
		echo "--size --shrink --force"
		;;
	rm)
		echo "--yes"
		;;
	"snap sub")
		echo "create ls rm rollback protect unprotect"
		;;
	snap)
		echo "--yes"
		;;
	map)
		echo "--options --read-only --exclusive --snap --once"
		;;
	unmap)
		echo "--force --full-force"
		;;
	"cluster sub")
		echo "init set reload keys online offline status watch wait events history postmortem join leave fence
			confirm unfence metrics check show format add-node remove-node timeouts"
		;;
	cluster)
		echo "--file --defaults --cluster-name --hostname --network --no-network --ip --port
			--number --dead-after --network-idle --keepalive --reconnect --enable --slow-after
			--fast --size --short --follow --state --yes --image-pool --keyring-out --textfile --life"
		;;
	esac
}

_rbdshare() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local at verb words access
	read -r at verb < <(_rbdshare_verb)
	mapfile -t access < <(_rbdshare_access)

	case $before in
	-c | --conf | -k | --keyring | --keyring-out | --file | --defaults | --textfile)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	-p | --pool | --image-pool)
		mapfile -t COMPREPLY < <(compgen -W "$(_rbdshare_pools "${access[@]}")" -- "$current")
		return
		;;
	--state)
		mapfile -t COMPREPLY < <(compgen -W "active left fenced stopped joining suspect cut leaving starting" -- "$current")
		return
		;;
	esac
	if [[ -z $verb ]]; then
		words=$(_rbdshare_words verbs)
	elif [[ $current == -* ]]; then
		words="$(_rbdshare_words "$verb") $(_rbdshare_words global)"
	elif ((COMP_CWORD == at + 1)) && [[ $verb =~ ^(pool|snap|cluster)$ ]]; then
		words=$(_rbdshare_words "$verb sub")
	else
		case $verb in
		ls | pool) words=$(_rbdshare_pools "${access[@]}") ;;
		info | resize | rm | map | snap | create) words=$(_rbdshare_images "$current" "${access[@]}") ;;
		unmap) words=$(compgen -G '/dev/rbd[0-9]*') ;;
		cluster) words=$(_rbdshare_nodes "$before") ;;
		help) words=$(_rbdshare_words verbs) ;;
		*) words= ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	# A pool waits for its image.
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace 2>/dev/null || true
}

complete -F _rbdshare rbdshare
