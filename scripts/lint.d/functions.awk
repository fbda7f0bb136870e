# SPDX-License-Identifier: GPL-2.0
# Functions longer than max lines, signature included. C: a body begins with "{" and ends with
# "}" in the first column. Shell: from "name() {" to "}" in the first column.
FNR == 1 { start = 0; body = 0 }
body && /^[})]/ {
	if (FNR - start + 1 > max) {
		printf "%s:%d: function of %d lines (at most %d)\n", \
			FILENAME, start, FNR - start + 1, max
		found = 1
	}
	start = 0
	body = 0
	next
}
body { next }
FILENAME !~ /\.[ch]$/ {
	if (/^[A-Za-z_][A-Za-z_0-9-]*\(\) *[{(]$/) {
		start = FNR
		body = 1
	}
	next
}
/^{$/ { body = 1; if (!start) start = FNR; next }
/^[A-Za-z_]/ && !/[;:]$/ { if (!start) start = FNR; next }
/^[ \t]/ { next }
{ start = 0 }
END { exit found }
