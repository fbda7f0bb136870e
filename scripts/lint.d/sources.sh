# SPDX-License-Identifier: GPL-2.0
# Which files there are, by kind. Files that git ignores do not count.
# shellcheck shell=bash disable=SC2034  # the lists are read by the steps

# Not written here, or not text.
is_foreign() {
	case $1 in
	COPYING | LICENSE* | tests/fuzz/corpus/* | tests/fuzz/*/corpus/*) return 0 ;;
	*.png | *.gz | *.xz | *.bin) return 0 ;;
	esac
	return 1
}

is_shell() {
	local first

	case $1 in
	*.sh | *.bash | *.bats) return 0 ;;
	*.[ch] | *.py | *.awk | *.md | *.json | *.svg | *.[1-9]) return 1 ;;
	esac
	IFS= read -r first <"$1" || true
	case $first in
	'#!'*/bash* | '#!'*/sh | '#!'*/sh\ * | '#!'*bats*) return 0 ;;
	esac
	grep -q '^# shellcheck shell=' "$1"
}

# clang-format holds where no macro of kernel headers is used.
is_formatted() {
	case $1 in
	userspace/* | kernel/logic/* | kernel/uapi/* | tests/*) return 0 ;;
	esac
	return 1
}

collect_sources() {
	local file

	FILES=() C_FILES=() SHELL_FILES=() MAN_FILES=() FORMATTED=() HEADERS=() PYTHON_FILES=()
	while IFS= read -r -d '' file; do
		[[ -f $file && ! -L $file ]] || continue
		! is_foreign "$file" || continue
		FILES+=("$file")
		case $file in
		*.[ch])
			C_FILES+=("$file")
			! is_formatted "$file" || FORMATTED+=("$file")
			[[ $file != *.h ]] || HEADERS+=("$file")
			;;
		*.[1-9]) MAN_FILES+=("$file") ;;
		*.py) PYTHON_FILES+=("$file") ;;
		*) ! is_shell "$file" || SHELL_FILES+=("$file") ;;
		esac
	done < <(git ls-files -z --cached --others --exclude-standard)
	[[ ${#FILES[@]} -gt 0 ]] || {
		echo "lint: git lists no files here: is this a clone?" >&2
		exit 2
	}
}

fix_sources() {
	local file before

	need clang-format clang-format
	for file in "${FILES[@]}"; do
		! grep -Iq '[[:blank:]]$' "$file" || {
			sed -i 's/[[:blank:]]*$//' "$file"
			echo "  fixed $file (blanks)"
		}
	done
	for file in "${FORMATTED[@]}"; do
		before=$(sha256sum <"$file")
		clang-format -i "$file"
		[[ $before == "$(sha256sum <"$file")" ]] || echo "  fixed $file (format)"
	done
}
