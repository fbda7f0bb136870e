# SPDX-License-Identifier: GPL-2.0
# Writes and syncs for ever: writer.py FILE BEATS. Each round that got through adds a byte to BEATS;
# BEATS.gap has the longest time between two of them and when it ended, in tenths of a second; SIGUSR1 forgets it.
import os
import signal
import sys
import time

path, beats = sys.argv[1], sys.argv[2]
os.makedirs(path + ".d", exist_ok=True)
file = os.open(path, os.O_RDWR | os.O_CREAT)
out = os.open(beats, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
longest = 0


def forget(*_):
    global longest
    longest = 0


signal.signal(signal.SIGUSR1, forget)
last = time.monotonic()
i = 0
while True:
    i += 1
    os.pwrite(file, b"%020d" % i, i % 64 * 4096)
    os.fsync(file)
    # A directory needs more locks than a file that is open.
    name = "%s.d/%d" % (path, i % 20)
    os.close(os.open(name, os.O_RDWR | os.O_CREAT))
    if i % 2:
        os.unlink(name)
    now = time.monotonic()
    os.write(out, b".")
    if now - last > longest:
        longest = now - last
        with open(beats + ".gap", "w") as gap:
            gap.write("%d %d\n" % (longest * 10, now * 10))
    last = now
    time.sleep(0.02)
