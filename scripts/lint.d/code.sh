# SPDX-License-Identifier: GPL-2.0
# Steps that look at C code.
# shellcheck shell=bash

CLANG_FORMAT_VERSION=14

step_format() {
	local version

	need clang-format clang-format
	version=$(clang-format --version | sed -n 's/.*version \([0-9]*\)\..*/\1/p')
	[[ $version == "$CLANG_FORMAT_VERSION" ]] || {
		echo "clang-format is version $version; the format is that of $CLANG_FORMAT_VERSION"
		return 2
	}
	clang-format --dry-run -Werror --ferror-limit=1 "${FORMATTED[@]}" 2>&1 |
		sed -n 's/:[0-9]*:[0-9]*: error:.*/: not formatted: run scripts\/lint --fix/p' |
		sort -u | { ! grep .; }
}

# checkpatch.pl and what it reads, out of Debian's kernel source, once per version.
checkpatch_tool() {
	local version dir tar=/usr/src/linux-source-6.1.tar.xz

	version=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null) || true
	[[ -n $version && -r $tar ]] || {
		echo "linux-source-6.1 is not installed: apt-get install linux-source-6.1" >&2
		return 2
	}
	dir=$RBDSHARE_CACHE/checkpatch-$version
	if [[ ! -e $dir/.complete ]]; then
		mkdir -p "$dir"
		tar -xJf "$tar" --strip-components=2 -C "$dir" \
			linux-source-6.1/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
		touch "$dir/.complete"
	fi
	echo "$dir/checkpatch.pl"
}

# checkpatch_files TOOL "OPTIONS" FILE...: a finding in any share of the files fails.
checkpatch_files() {
	local tool=$1 options=$2
	shift 2

	# shellcheck disable=SC2086  # a list of options
	[[ $# -eq 0 ]] || printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -n 12 perl "$tool" \
		--no-tree --strict --terse --quiet --no-summary $options -f
}

step_checkpatch() {
	local tool file ignore rc=0 kernel=() other=()

	need perl perl
	tool=$(checkpatch_tool) || return 2
	ignore=$(sed -n 's/^[A-Z_][A-Z_]*$/--ignore &/p' scripts/lint.d/checkpatch-userspace)
	for file in "${C_FILES[@]}"; do
		case $file in
		kernel/rbd/* | kernel/hb/* | kernel/compat/* | tests/kunit/*) kernel+=("$file") ;;
		*) other+=("$file") ;;
		esac
	done
	checkpatch_files "$tool" "" "${kernel[@]}" || rc=1
	checkpatch_files "$tool" "$ignore" "${other[@]}" || rc=1
	# It leaves a list of names behind.
	rm -f .checkpatch-camelcase.*
	return $rc
}

step_size() {
	local file lines rc=0

	for file in "${C_FILES[@]}" "${SHELL_FILES[@]}" "${PYTHON_FILES[@]}"; do
		lines=$(wc -l <"$file")
		((lines <= MAX_FILE)) || {
			echo "$file: $lines lines (at most $MAX_FILE)"
			rc=1
		}
	done
	awk -v max="$MAX_FUNCTION" -f scripts/lint.d/functions.awk \
		"${C_FILES[@]}" "${SHELL_FILES[@]}" || rc=1
	return $rc
}

step_versions() {
	local file outside=()

	for file in "${C_FILES[@]}"; do
		[[ $file == kernel/compat/* ]] || outside+=("$file")
	done
	! grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION[ (]' -- "${outside[@]}"
}

step_purity() {
	local file work rc=0 allowed='^(memcpy|memset|memcmp|memmove|strlen)$' own calls

	need gcc gcc
	work=$(mktemp -d)
	for file in kernel/logic/*.c; do
		gcc -std=gnu11 -O1 -ffreestanding -fno-stack-protector -Wall -Wextra -Wshadow -Werror \
			-iquote kernel/logic -c -o "$work/$(basename "$file").o" "$file" || rc=1
	done
	# What one file of the folder takes from another is no call to the outside.
	own=$(nm --defined-only -g "$work"/*.o | awk 'NF == 3 { print $3 }' | sort -u)
	for file in "$work"/*.o; do
		calls=$(nm -u "$file" | awk '{ print $2 }' | grep -vE "$allowed" |
			grep -vxF "$own" || true)
		[[ -z $calls ]] || {
			echo "kernel/logic/$(basename "$file" .o) calls: ${calls//$'\n'/ }"
			rc=1
		}
	done
	rm -rf "$work"
	return $rc
}

# Alone: it names all it needs. Twice: it has a guard.
step_headers() {
	local header rc=0 flags

	need gcc gcc
	need pkg-config pkg-config
	flags=$(pkg-config --cflags blkid mount libudev smartcols json-c) || {
		echo "libraries of userspace/ are missing: run scripts/setup build"
		return 2
	}
	for header in "${HEADERS[@]}"; do
		case $header in
		userspace/* | kernel/logic/* | kernel/uapi/*) ;;
		*) continue ;;
		esac
		# shellcheck disable=SC2086  # a list of options
		printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
			gcc -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror \
				-fsyntax-only -iquote . -iquote userspace -iquote kernel/logic -iquote kernel/uapi $flags \
				-x c - || rc=1
	done
	return $rc
}
