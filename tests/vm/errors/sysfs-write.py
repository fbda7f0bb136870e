#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""sysfs-write.py FILE TEXT: write the text with one system call.

Prints the name of the errno (OK for none), the seconds it took, and then the lines that
rbd.ko wrote to the kernel log meanwhile.
"""
import errno
import os
import sys
import time


def new_lines(kmsg):
    while True:
        try:
            record = os.read(kmsg, 8192).decode(errors="replace")
        except BlockingIOError:
            return
        except BrokenPipeError:
            continue
        text = record.split(";", 1)[1].split("\n", 1)[0]
        if text.startswith("rbd: "):
            yield text


def main():
    path, text = sys.argv[1:3]
    kmsg = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    os.lseek(kmsg, 0, os.SEEK_END)
    fd = os.open(path, os.O_WRONLY)
    result = "OK"
    begin = time.monotonic()
    try:
        os.write(fd, text.encode())
    except OSError as err:
        result = errno.errorcode[err.errno]
    print(result)
    print(int(time.monotonic() - begin))
    for line in new_lines(kmsg):
        print(line)


main()
