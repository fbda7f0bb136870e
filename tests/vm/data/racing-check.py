#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Judge what a round of racing-writer left on an image.

racing-check.py BEFORE AFTER ROUND START LOG...

BEFORE and AFTER are the whole image, LOG is what racing-writer printed in node 1, 2, ...
The writes of a node to one place have an order, so a sector can only hold the last write of
some node. All of a write lies in one object and is applied at once: there must be one order of
all writes of a place that explains all of its sectors. Outside of the places nothing may change.
"""
import re
import sys

SECTOR = 512
PLACE = 65536
PLACES = 4
MEETING = 512 << 10
STAMP = re.compile(rb"node (\d+) round (\d+) write (\d+) sector (\d+) \.*\n")


class Wrong(Exception):
    pass


def read_log(path):
    """Sector: (sequence, zeroed?)."""
    last = {}
    with open(path, encoding="ascii") as log:
        for line in log:
            fields = line.split()
            if len(fields) == 4:
                for sector in range(int(fields[0]), int(fields[0]) + int(fields[1])):
                    last[sector] = (int(fields[2]), fields[3] == "z")
    return last


def winner(sector, content, round_number, lasts):
    """(node, sequence) of the write that the sector shows; None: more than one may have."""
    if not any(content):
        zeroers = [node for node, (_, zeroed) in lasts.items() if zeroed]
        if not zeroers:
            raise Wrong(f"sector {sector} is zero; last writes, by node: {lasts}")
        return (zeroers[0], lasts[zeroers[0]][0]) if len(zeroers) == 1 else None
    found = STAMP.fullmatch(content[:64])
    if not found or content != content[:64] * 8:
        raise Wrong(f"sector {sector} is a mixture: {content[:64]}")
    node, at_round, sequence, at_sector = map(int, found.groups())
    if at_sector != sector or at_round != round_number or lasts.get(node) != (sequence, False):
        raise Wrong(f"sector {sector} has {content[:64]}; last writes of round "
                    f"{round_number}, by node: {lasts}")
    return node, sequence


def explain_by_order(place, before):
    """before: {write: writes that must come earlier}. A write is (node, sequence)."""
    writes = sorted(set(before) | {write for earlier in before.values() for write in earlier})
    for earlier, later in zip(writes, writes[1:]):
        if earlier[0] == later[0]:
            before.setdefault(later, set()).add(earlier)
    done = set()
    while len(done) < len(writes):
        ready = [w for w in writes if w not in done and before.get(w, set()) <= done]
        if not ready:
            raise Wrong(f"place {place}: a write was torn; no order explains "
                        f"{[w for w in writes if w not in done]} (node, write)")
        done.update(ready)


def check_place(place, first, old, new, round_number, logs):
    before = {}
    won = {node: 0 for node in logs}
    for index in range(PLACE // SECTOR):
        sector = first + index
        content = new[index * SECTOR:(index + 1) * SECTOR]
        lasts = {node: log[sector] for node, log in logs.items() if sector in log}
        if not lasts:
            if content != old[index * SECTOR:(index + 1) * SECTOR]:
                raise Wrong(f"sector {sector} changed, but nobody wrote to it")
            continue
        write = winner(sector, content, round_number, lasts)
        if write is None:
            continue
        won[write[0]] += 1
        earlier = before.setdefault(write, set())
        earlier.update((node, sequence) for node, (sequence, _) in lasts.items()
                       if node != write[0])
    explain_by_order(place, before)
    return won


def check_rest(old, new, start):
    """What is not in a place and no meeting point is as before."""
    if len(old) != len(new):
        raise Wrong(f"the image had {len(old)} bytes and has {len(new)}")
    spots = [(start, start + PLACES * PLACE), (MEETING, MEETING + 16 * SECTOR)]
    at = 0
    for begin, end in (*sorted(spots), (len(new), len(new))):
        if old[at:begin] != new[at:begin]:
            raise Wrong(f"something changed between bytes {at} and {begin}, where nobody wrote")
        at = end


def main():
    before, after, round_number, start = sys.argv[1:5]
    with open(before, "rb") as image:
        old = image.read()
    with open(after, "rb") as image:
        new = image.read()
    start = int(start)
    logs = {node: read_log(path) for node, path in enumerate(sys.argv[5:], 1)}
    check_rest(old, new, start)
    total = {node: 0 for node in logs}
    for place in range(PLACES):
        at = start + place * PLACE
        won = check_place(place, at // SECTOR, old[at:at + PLACE], new[at:at + PLACE],
                          int(round_number), logs)
        for node, count in won.items():
            total[node] += count
    print(" ".join(f"node {node} {count}" for node, count in total.items()))


try:
    main()
except Wrong as wrong:
    print(f"racing-check.py: {wrong}", file=sys.stderr)
    sys.exit(1)
