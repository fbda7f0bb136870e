# SPDX-License-Identifier: GPL-2.0
# Judges what "fsck.gfs2 -n" said on standard input: gfs2-verdict.py MOST IMAGE, with the filesystem in IMAGE
#
# GFS2 makes a file in three transactions: its block is marked as an inode and counted, the inode is written
# there with no links, the directory gets its name. It removes one in two: name and links go and the block is
# marked as unlinked, then the block is freed. A crash in between leaves a block that no directory names;
# data/gfs2-snapshots shows each of these, with the in-tree driver as well. Up to MOST are forgiven, one for
# each writer that was caught. A lost write does not pass for one: when a name is there and its inode is not,
# fsck says another thing, and an inode without a name that has links lost the name.
# Anything else is damage: exit code 1, and the first line of it.
import re
import struct
import sys

NOISE = [
    r"", r"Initializing fsck", r"Validating resource group index\.", r"Level 1 resource group check: .*",
    r"\(level 1 passed\)", r"Starting \w+", r"(\d+ percent complete\.\s*)*(\w+ completed in .*)?",
    r"Reconciling bitmaps\.", r"gfs2 fsck complete|fsck\.gfs2 complete", r"The statfs file is wrong:",
    r"(Current|Calculated) statfs values:", r"(blocks|free|dinodes): +\d+ .*", r"The statfs file was not fixed\.",
    r"The bitmap inconsistency was ignored\.", r"Bitmap at block \d+ .* left inconsistent",
    r"Resource group counts left inconsistent", r"Unlinked inode has zero size", r"Unlinked inode left unlinked",
]
NO_INODE = [
    r"Found invalid inode at block (\d+) .*",
    r"Block (\d+) .* was 'inode', should be free\.",
    r"Block (\d+) .* bitmap says 3 \(inode\) but FSCK saw 0 \(free\)",
]
REMOVED = r"Block (\d+) .* bitmap says 2 \(other\) but FSCK saw 0 \(free\)"
NO_NAME = r"Found unlinked inode at (\d+) .*"
COUNTS = r"RG #\d+ .* (free|Inode) count inconsistent: is (\d+) should be (\d+)"
BLOCK = 4096
# struct gfs2_dinode: magic and type at 0, di_nlink at 52, all big-endian
MAGIC, INODE = 0x01161970, 4


def damage(text):
    print(text)
    sys.exit(1)


def links(image, number):
    with open(image, "rb") as disk:
        disk.seek(number * BLOCK)
        block = disk.read(BLOCK)
    if struct.unpack(">II", block[:8]) != (MAGIC, INODE):
        return None
    return struct.unpack(">I", block[52:56])[0]


most, image = int(sys.argv[1]), sys.argv[2]
empty, nameless, removed, free, inodes = set(), set(), set(), 0, 0
values = {"free": [], "dinodes": []}
for line in sys.stdin.read().replace("\r", "\n").splitlines():
    line = line.strip()
    hit = next((m for m in (re.fullmatch(p, line) for p in NO_INODE) if m), None)
    unnamed = re.fullmatch(NO_NAME, line)
    unlinked = re.fullmatch(REMOVED, line)
    count = re.fullmatch(COUNTS, line)
    value = re.match(r"(free|dinodes): +(\d+)", line)
    if hit:
        empty.add(int(hit.group(1)))
    elif unnamed:
        nameless.add(int(unnamed.group(1)))
    elif unlinked:
        removed.add(int(unlinked.group(1)))
    elif count and count.group(1) == "free":
        free += int(count.group(3)) - int(count.group(2))
    elif count:
        inodes += int(count.group(2)) - int(count.group(3))
    elif value:
        values[value.group(1)].append(int(value.group(2)))
    elif not any(re.fullmatch(p, line) for p in NOISE):
        damage(line)
found, leaked = empty | nameless | removed, len(empty | removed)
if not found:
    damage("fsck.gfs2 failed without a finding")
if len(found) > most:
    damage("%d inodes are in no directory, and %d could be" % (len(found), most))
if free != leaked or inodes != leaked:
    damage("the counts are off by %d and %d for %d blocks" % (free, inodes, leaked))
for name, (now, right) in ((n, v) for n, v in values.items() if v):
    if abs(now - right) != leaked:
        damage("statfs: %s is %d, should be %d" % (name, now, right))
for block in empty:
    if links(image, block) is not None:
        damage("block %d holds an inode that is wrong" % block)
for block in nameless | removed:
    if links(image, block) != 0:
        damage("inode %d is in no directory and has %s links" % (block, links(image, block)))
print("files that were being made: %d without an inode, %d with one; being removed: %d" %
      (len(empty), len(nameless), len(removed)))
