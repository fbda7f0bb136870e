#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: makeslot.py NUMBER INCARNATION COUNTER: a heartbeat slot to standard output, made without our code."""
import struct
import sys

sys.dont_write_bytecode = True
from readslots import crc32c

number, incarnation, counter = (int(word) for word in sys.argv[1:])
slot = struct.pack("<4sHHQQ16sQIIHH", b"RBdH", 1, 0, incarnation, counter, bytes(range(16)), 7,
                   10000, 45000, number, 0).ljust(508, b"\0")
sys.stdout.buffer.write(slot + struct.pack("<I", crc32c(slot)))
