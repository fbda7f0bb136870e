#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Random writes, discards and zeroouts to a block device, checked against a model in memory.

model-writer.py DEVICE STATE --seed N --steps N [--alloc-size BYTES] [--size BYTES] [--depth N]

STATE is a file with what the device must hold; it is made at the first run (the device must
then read as zeroes) and carried on by later ones. Its length follows the device's size: what
a resize cut off is gone, what it added must read as zeroes. --size says how large the device
must be. At the end the whole device is read and compared, and the md5 sum of the model is
printed. The same seed and steps do the same again.

A discard may leave data where it was; then either old data or zeroes are right, until a read
has shown which, or a write has decided. What a discard must remove (whole units of
--alloc-size) is not left open.
"""
import argparse
import concurrent.futures
import fcntl
import hashlib
import mmap
import os
import random
import struct
import sys

BLKDISCARD = 0x1277
BLKZEROOUT = 0x127F
SECTOR = 512
CHUNK = 1 << 20


class Mismatch(Exception):
    """at: the first byte that differs, where that is what is wrong."""

    def __init__(self, text, at=None):
        super().__init__(text)
        self.at = at


class Device:
    """All I/O past the page cache; one buffer per call, so that threads do not meet."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_DIRECT)
        self.size = os.lseek(self.fd, 0, os.SEEK_END)

    def read(self, offset, length):
        with mmap.mmap(-1, length) as buf:
            got = os.preadv(self.fd, [buf], offset)
            if got != length:
                raise Mismatch(f"read of {length} bytes at {offset} gave {got}")
            return buf[:]

    def write(self, offset, data):
        with mmap.mmap(-1, len(data)) as buf:
            buf[:] = data
            put = os.pwritev(self.fd, [buf], offset)
            if put != len(data):
                raise Mismatch(f"write of {len(data)} bytes at {offset} took {put}")

    def trim(self, how, offset, length):
        fcntl.ioctl(self.fd, how, struct.pack("QQ", offset, length))


class Model:
    """data: content; open: sectors that may hold zeroes instead."""

    def __init__(self, path, size):
        self.path = path
        old = b""
        if os.path.exists(path):
            with open(path, "rb") as state:
                old = state.read()
        self.data = bytearray(old[:size].ljust(size, b"\0"))
        self.open = set()

    def save(self):
        with open(self.path, "wb") as state:
            state.write(self.data)

    def decide(self, offset, length):
        if self.open:
            self.open.difference_update(range(offset // SECTOR, (offset + length) // SECTOR))

    def write(self, offset, data):
        self.data[offset:offset + len(data)] = data
        self.decide(offset, len(data))

    def zero(self, offset, length):
        self.write(offset, bytes(length))

    def discard(self, offset, length, unit):
        # Objects are multiples of the unit, so whole units are the same for all of them.
        first = -(-offset // unit) * unit
        last = (offset + length) // unit * unit
        if first < last:
            self.zero(first, last - first)
        else:
            first = last = offset + length
        for sector in (*range(offset // SECTOR, first // SECTOR),
                       *range(last // SECTOR, (offset + length) // SECTOR)):
            self.open.add(sector)

    def check(self, offset, got):
        length = len(got)
        if not self.open and got == self.data[offset:offset + length]:
            return
        for at in range(0, length, SECTOR):
            sector = (offset + at) // SECTOR
            have = got[at:at + SECTOR]
            want = self.data[offset + at:offset + at + SECTOR]
            if have != want:
                if sector not in self.open or any(have):
                    kind = "zeroes" if not any(have) else "data"
                    other = "zeroes" if not any(want) else "data"
                    raise Mismatch(f"at byte {offset + at}: {kind} {bytes(have[:8]).hex()}, "
                                   f"expected {other} {bytes(want[:8]).hex()}", offset + at)
                self.data[offset + at:offset + at + SECTOR] = have
            self.open.discard(sector)


def pick_range(rng, size):
    """Sector-aligned; small, page-sized, large, at the end, across objects."""
    length = SECTOR * rng.choice((1, 1, 2, 7, 8, 8, 16, 64, 128, 129, 512, rng.randint(1, 1024)))
    length = min(length, size)
    kind = rng.random()
    if kind < 0.1:
        offset = size - length
    elif kind < 0.3:
        border = rng.randrange(0, size, 65536)
        offset = border - SECTOR * rng.randint(0, 16)
    else:
        offset = rng.randrange(0, size, SECTOR)
        if kind < 0.6:
            offset -= offset % 4096
    offset = min(max(offset, 0), size - length)
    return offset, length


def pick_batch(rng, size, depth):
    """Some operations that do not touch each other, to be done at the same time."""
    batch = []
    for _ in range(rng.randint(1, depth)):
        offset, length = pick_range(rng, size)
        if all(offset + length <= o or o + n <= offset for _, o, n, _ in batch):
            kind = rng.choices(("write", "read", "discard", "zero"), (10, 5, 3, 2))[0]
            data = rng.randbytes(length) if kind == "write" else None
            batch.append((kind, offset, length, data))
    return batch


def perform(device, operation):
    kind, offset, length, data = operation
    if kind == "write":
        device.write(offset, data)
    elif kind == "read":
        return device.read(offset, length)
    else:
        device.trim(BLKDISCARD if kind == "discard" else BLKZEROOUT, offset, length)
    return None


def note(model, operation, got, unit):
    kind, offset, length, data = operation
    if kind == "write":
        model.write(offset, data)
    elif kind == "read":
        model.check(offset, got)
    elif kind == "discard":
        model.discard(offset, length, unit)
    else:
        model.zero(offset, length)


def check_all(device, model):
    for offset in range(0, device.size, CHUNK):
        model.check(offset, device.read(offset, min(CHUNK, device.size - offset)))


def play(device, model, history, args):
    rng = random.Random(args.seed)
    with concurrent.futures.ThreadPoolExecutor(args.depth) as pool:
        for step in range(args.steps):
            batch = pick_batch(rng, device.size, args.depth)
            history.extend((step, *operation[:3]) for operation in batch)
            results = list(pool.map(lambda operation: perform(device, operation), batch))
            for operation, got in zip(batch, results):
                note(model, operation, got, args.alloc_size)
    check_all(device, model)


def explain(err, history):
    """What was done where the difference is, the last things last."""
    if err.at is None:
        return
    near = [(step, kind, offset, length) for step, kind, offset, length in history
            if offset <= err.at < offset + length]
    for step, kind, offset, length in near[-6:]:
        print(f"  step {step}: {kind} of {length} bytes at {offset}", file=sys.stderr)
    print(f"  that was found by step {history[-1][0]} or the reading of all", file=sys.stderr)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("device")
    args.add_argument("state")
    args.add_argument("--seed", type=int, required=True)
    args.add_argument("--steps", type=int, required=True)
    args.add_argument("--alloc-size", type=int, default=65536)
    args.add_argument("--size", type=int)
    args.add_argument("--depth", type=int, default=8)
    args = args.parse_args()

    device = Device(args.device)
    if args.size is not None and device.size != args.size:
        raise Mismatch(f"the device has {device.size} bytes, expected {args.size}")
    model = Model(args.state, device.size)
    history = []
    try:
        play(device, model, history, args)
    except Mismatch as err:
        explain(err, history)
        raise
    model.save()
    print(f"seed {args.seed}: {len(history)} operations, {device.size} bytes as expected", file=sys.stderr)
    print(hashlib.md5(model.data).hexdigest())


try:
    main()
except Mismatch as mismatch:
    print(f"model-writer.py: {mismatch} ({' '.join(sys.argv[1:])})", file=sys.stderr)
    sys.exit(1)
