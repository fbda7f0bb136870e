#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""remote.py ADDRESS SECONDS stdin|nostdin COMMAND: run it in a node through its agent.

Exit code: that of the command, 124 when the time is over, 255 when the node does not
answer or goes away.
"""
import json
import os
import select
import socket
import struct
import sys
import time

PORT = 7000


def connect(address, end):
    try:
        conn = socket.create_connection((address, PORT), timeout=min(10, max(0.1, end - time.monotonic())))
    except OSError as err:
        print(f"lab: the node at {address} does not answer: {err}", file=sys.stderr)
        sys.exit(255)
    conn.settimeout(None)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10)
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 6)
    return conn


def take_frames(data):
    """Print complete frames; the exit code when it came, else None."""
    while len(data) >= 5:
        size = struct.unpack(">I", data[1:5])[0]
        if len(data) < 5 + size:
            break
        kind, body = data[:1], bytes(data[5:5 + size])
        del data[:5 + size]
        if kind == b"x":
            return struct.unpack(">i", body)[0]
        out = sys.stdout.buffer if kind == b"o" else sys.stderr.buffer
        out.write(body)
        out.flush()
    return None


def main():
    address, seconds, with_stdin, command = sys.argv[1:5]
    end = time.monotonic() + float(seconds)
    conn = connect(address, end)
    conn.sendall(json.dumps({"cmd": command}).encode() + b"\n")
    sources = [conn]
    if with_stdin == "stdin":
        sources.append(sys.stdin.buffer)
    else:
        conn.sendall(struct.pack(">I", 0))
    data = bytearray()
    while True:
        left = end - time.monotonic()
        ready = select.select(sources, [], [], max(0, left))[0]
        if not ready and left <= 0:
            print(f"lab: no end after {seconds} seconds: {command.strip()[:100]}", file=sys.stderr)
            sys.exit(124)
        if sys.stdin.buffer in ready:
            chunk = os.read(0, 65536)
            conn.sendall(struct.pack(">I", len(chunk)) + chunk)
            if not chunk:
                sources.remove(sys.stdin.buffer)
        if conn in ready:
            try:
                chunk = conn.recv(262144)
            except OSError:
                chunk = b""
            if not chunk:
                print(f"lab: the node at {address} went away during: {command.strip()[:100]}",
                      file=sys.stderr)
                sys.exit(255)
            data += chunk
            code = take_frames(data)
            if code is not None:
                sys.exit(code)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os._exit(141)
