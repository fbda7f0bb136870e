#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: readslots.py NODES FILE...: heartbeat objects, read without our code.

Each file has the slots of NODES nodes and nothing more. A line for each slot:
number, incarnation, counter, hash of cluster.conf.
"""
import struct
import sys


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def read(name, nodes):
    with open(name, "rb") as file:
        data = file.read()
    assert len(data) == 512 * nodes, (name, len(data))
    for n in range(nodes):
        slot = data[512 * n:512 * n + 512]
        magic, version, _, incarnation, counter = struct.unpack_from("<4sHHQQ", slot)
        config_hash, = struct.unpack_from("<Q", slot, 40)
        number, = struct.unpack_from("<H", slot, 56)
        assert (magic, version, number) == (b"RBdH", 1, n), (name, slot[:64])
        assert struct.unpack_from("<I", slot, 508)[0] == crc32c(slot[:508]), name
        print(n, incarnation, counter, config_hash)


if __name__ == "__main__":
    for path in sys.argv[2:]:
        read(path, int(sys.argv[1]))
