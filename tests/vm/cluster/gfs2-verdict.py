# SPDX-License-Identifier: GPL-2.0
# Judges what "fsck.gfs2 -n" said on standard input: gfs2-verdict.py MOST
#
# GFS2 makes a file in three transactions: its block is marked as an inode and counted, the inode is written
# there, the directory gets its name. A node that is lost behind the first one leaves a block that is marked
# and counted, and holds no inode; nothing else of it is wrong, and the kernel never looks at it. Up to MOST
# of these are forgiven. Anything else that fsck finds is damage: exit code 1, and the first line of it.
import re
import sys

NOISE = [
    r"", r"Initializing fsck", r"Validating resource group index\.", r"Level 1 resource group check: .*",
    r"\(level 1 passed\)", r"Starting \w+", r"(\d+ percent complete\.\s*)*(\w+ completed in .*)?",
    r"Reconciling bitmaps\.", r"gfs2 fsck complete|fsck\.gfs2 complete", r"The statfs file is wrong:",
    r"(Current|Calculated) statfs values:", r"(blocks|free|dinodes): +\d+ .*", r"The statfs file was not fixed\.",
    r"The bitmap inconsistency was ignored\.", r"Bitmap at block \d+ .* left inconsistent",
    r"Resource group counts left inconsistent",
]
FORGIVEN = [
    r"Found invalid inode at block (\d+) .*",
    r"Block (\d+) .* was 'inode', should be free\.",
    r"Block (\d+) .* bitmap says 3 \(inode\) but FSCK saw 0 \(free\)",
]
COUNTS = r"RG #\d+ .* (free|Inode) count inconsistent: is (\d+) should be (\d+)"


def damage(text):
    print(text)
    sys.exit(1)


most, blocks, free, inodes, values = int(sys.argv[1]), set(), 0, 0, {"free": [], "dinodes": []}
for line in sys.stdin.read().replace("\r", "\n").splitlines():
    line = line.strip()
    hit = next((m for m in (re.fullmatch(p, line) for p in FORGIVEN) if m), None)
    count = re.fullmatch(COUNTS, line)
    value = re.match(r"(free|dinodes): +(\d+)", line)
    if hit:
        blocks.add(hit.group(1))
    elif count and count.group(1) == "free":
        free += int(count.group(3)) - int(count.group(2))
    elif count:
        inodes += int(count.group(2)) - int(count.group(3))
    elif value:
        values[value.group(1)].append(int(value.group(2)))
    elif not any(re.fullmatch(p, line) for p in NOISE):
        damage(line)
if not blocks:
    damage("fsck.gfs2 failed without a finding")
if len(blocks) > most:
    damage("%d blocks are marked as inodes and hold none" % len(blocks))
if free != len(blocks) or inodes != len(blocks):
    damage("the counts are off by %d and %d for %d such blocks" % (free, inodes, len(blocks)))
for name, (now, right) in ((n, v) for n, v in values.items() if v):
    if abs(now - right) != len(blocks):
        damage("statfs: %s is %d, should be %d" % (name, now, right))
print("%d blocks are marked as inodes of files that were being made" % len(blocks))
