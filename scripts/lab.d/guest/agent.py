#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs commands in a node for "lab run", over the management network.

A connection carries one command: a line of JSON {"cmd": ...}, then frames.
To the node: 4 bytes length + standard input, length 0 = end of it.
Back: 1 byte kind (o output, e error output, x exit) + 4 bytes length + data.
When the connection breaks before the end, the command is killed.
"""
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys

PORT = 7000


def send(conn, kind, data):
    conn.sendall(kind + struct.pack(">I", len(data)) + data)


def feed(pending, proc):
    """Pass on the complete frames of standard input."""
    while len(pending) >= 4:
        size = struct.unpack(">I", pending[:4])[0]
        if len(pending) < 4 + size:
            break
        chunk = bytes(pending[4:4 + size])
        del pending[:4 + size]
        if proc.stdin is None:
            continue
        try:
            if chunk:
                proc.stdin.write(chunk)
                proc.stdin.flush()
            else:
                proc.stdin.close()
                proc.stdin = None
        except BrokenPipeError:
            proc.stdin = None


def kill_group(proc):
    try:
        os.killpg(proc.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def pump(conn, proc, pending):
    """Until the command ends; what it left in the background may keep the pipes."""
    kinds = {proc.stdout.fileno(): b"o", proc.stderr.fileno(): b"e"}
    feed(pending, proc)
    while True:
        ended = proc.poll() is not None
        ready = select.select([conn] + list(kinds), [], [], 0 if ended else 0.05)[0]
        for item in ready:
            if item is conn:
                data = conn.recv(65536)
                if not data:
                    return False
                pending += data
                feed(pending, proc)
                continue
            data = os.read(item, 65536)
            if data:
                send(conn, kinds[item], data)
            else:
                del kinds[item]
        if ended and not [item for item in ready if item is not conn]:
            return True


def serve(conn):
    pending = bytearray()
    while b"\n" not in pending:
        data = conn.recv(65536)
        if not data:
            return
        pending += data
    line, _, rest = bytes(pending).partition(b"\n")
    request = json.loads(line)
    proc = subprocess.Popen(["/bin/bash", "-c", request["cmd"]], cwd="/root",
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True, bufsize=0)
    try:
        if not pump(conn, proc, bytearray(rest)):
            kill_group(proc)
            return
        code = proc.returncode
        send(conn, b"x", struct.pack(">i", code if code >= 0 else 128 - code))
    except (BrokenPipeError, ConnectionError):
        kill_group(proc)


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("-900")
    listener = socket.create_server((sys.argv[1], PORT), backlog=64)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
                file.write("0")
            serve(conn)
            os._exit(0)
        conn.close()


if __name__ == "__main__":
    main()
