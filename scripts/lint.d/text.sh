# SPDX-License-Identifier: GPL-2.0
# Steps that look at files as text.
# shellcheck shell=bash

step_whitespace() {
	local file rc=0

	! grep -InE '[[:blank:]]+$' -- "${FILES[@]}" || rc=1
	! grep -IlP '\r' -- "${FILES[@]}" | grep -v '^tests/.*/data/' || rc=1
	for file in "${FILES[@]}"; do
		[[ ! -s $file || -z $(tail -c 1 "$file" | tr -d '\n') ]] || {
			echo "$file: no newline at the end"
			rc=1
		}
	done
	return $rc
}

# The line that a file of its kind has to have, and in which line at the latest.
step_licence() {
	local file rc=0 want id='SPDX-License-Identifier: GPL-2.0'

	for file in "${FILES[@]}"; do
		case $file in
		*.md | *.json | *.svg | *.txt | VERSION | .gitignore | */data/* | *.out) continue ;;
		*.c) want="// $id" ;;
		*.h | *.pml) want="/* $id */" ;;
		*.[1-9]) want=".\\\" $id" ;;
		*) want="# $id" ;;
		esac
		head -n 2 "$file" | grep -qxF -- "$want" || {
			echo "$file: '$want' is not in its first two lines"
			rc=1
		}
	done
	return $rc
}

step_words() {
	local marks='TO''DO|FIX''ME|XX''X\b|HA''CK\b'

	! grep -InE "\\b($marks)" -- "${FILES[@]}"
}

step_spelling() {
	need codespell codespell
	codespell --quiet-level=2 --ignore-regex '[\\][nrt]' --ignore-words=scripts/lint.d/words -- "${FILES[@]}"
}

step_shell() {
	need shellcheck shellcheck
	[[ ${#SHELL_FILES[@]} -eq 0 ]] || printf '%s\0' "${SHELL_FILES[@]}" |
		xargs -0 -P "$(nproc)" -n 8 shellcheck -x
}

step_manual() {
	need mandoc mandoc
	[[ ${#MAN_FILES[@]} -eq 0 ]] || mandoc -Tlint -W warning "${MAN_FILES[@]}"
}
