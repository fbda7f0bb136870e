# SPDX-License-Identifier: GPL-2.0
# Locks for a test. locker.py DO FILE ...
#   count FILE fcntl|flock TIMES LOG [PAUSE]
#                                     adds 1 to the number in FILE under a lock, TIMES times, or with 0
#                                     until SIGTERM, with so many seconds between; what it wrote goes to LOG.
#                                     With TIMES it begins when FILE.go is there, so that all nodes do it
#                                     at the same time; with 0 it counts once and goes on when LOG.go is there
#   hold FILE START LENGTH LOG        waits for the lock, logs "held" and the time, keeps it until it is ended
#   try FILE START LENGTH             "taken", or the name of the error
#   who FILE START LENGTH             "free", or mode, first byte, length, pid and "here" or "elsewhere"
#   interrupted FILE START LENGTH     waits; a signal comes after a second; "taken", or the name of the error
import errno
import fcntl
import os
import signal
import struct
import sys
import time

FLOCK = "hhqqi4x"
going = True


def stop(*_):
    global going
    going = False


def count(file, kind, times, log, pause):
    global going
    take = fcntl.lockf if kind == "fcntl" else fcntl.flock
    signal.signal(signal.SIGTERM, stop)
    while times and not os.path.exists(path + ".go"):
        time.sleep(0.05)
    done = 0
    while going and (not times or done < times):
        take(file, fcntl.LOCK_EX)
        value = int(os.pread(file, 20, 0) or b"0") + 1
        # Time enough for another node to come in between, if the lock lets it.
        time.sleep(0.005)
        os.pwrite(file, b"%019d\n" % value, 0)
        os.write(log, b"%d\n" % value)
        take(file, fcntl.LOCK_UN)
        done += 1
        while going and not times and not os.path.exists(sys.argv[5] + ".go"):
            time.sleep(0.05)
        time.sleep(pause)


def lock(command, file, start, length):
    how = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
    try:
        fcntl.fcntl(file, command, how)
    except OSError as e:
        return errno.errorcode[e.errno]
    return "taken"


def who(file, start, length):
    how = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
    kind, _, start, length, pid = struct.unpack(FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, how))
    if kind == fcntl.F_UNLCK:
        return "free"
    # The kernel shows processes of other nodes with a negative pid.
    where = "elsewhere" if pid < 0 else "here"
    return "%s %d %d %d %s" % ("write" if kind == fcntl.F_WRLCK else "read", start, length, abs(pid), where)


what, path = sys.argv[1:3]
file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
if what in ("count", "hold"):
    log = os.open(sys.argv[5], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
if what == "count":
    count(file, sys.argv[3], int(sys.argv[4]), log, float((sys.argv + ["0"])[6]))
    sys.exit()
start, length = int(sys.argv[3]), int(sys.argv[4])
if what == "hold":
    got = lock(fcntl.F_SETLKW, file, start, length)
    os.write(log, b"%s %.1f\n" % (b"held" if got == "taken" else got.encode(), time.monotonic()))
    signal.pause()
elif what == "try":
    print(lock(fcntl.F_SETLK, file, start, length))
elif what == "who":
    print(who(file, start, length))
elif what == "interrupted":
    # Python calls again after a signal, unless its handler raises.
    def end(*_):
        raise OSError(errno.EINTR, "interrupted")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(1)
    print(lock(fcntl.F_SETLKW, file, start, length))
