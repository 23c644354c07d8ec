#!/usr/bin/env python3
#
# Copyright 2026-present the original author or authors.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#      https://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""Sends a file of a file system that does not say what the file is once it is open, as a dead network
file system does, and waits for the end of the standard input. Needs root and /dev/fuse.

dead_file_system.py SOCKET DIRECTORY
"""

import ctypes
import errno
import os
import signal
import struct
import sys

from fdframe import Connection

LOOKUP, GETATTR, OPEN, RELEASE, FORGET, INIT, BATCH_FORGET = 1, 3, 14, 18, 2, 26, 42
NEW_MOUNTS, PRIVATE, END_WITH_PARENT = 0x20000, 0x44000, 1
ROOT, FILE = 1, 2

libc = ctypes.CDLL(None, use_errno=True)


def check(result):
    """Raise the error of a system call."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(directory):
    """Mount the file system for this process only, and return the descriptor of its requests."""
    requests = os.open("/dev/fuse", os.O_RDWR)
    check(libc.unshare(NEW_MOUNTS))
    check(libc.mount(None, b"/", None, PRIVATE, None))
    options = f"fd={requests},rootmode=40000,user_id=0,group_id=0"
    check(libc.mount(b"dead", directory.encode(), b"fuse", 0, options.encode()))
    return requests


def attributes(node):
    """Return the struct fuse_attr of a node."""
    mode = 0o40755 if node == ROOT else 0o100644
    return struct.pack("<6Q10I", node, 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(opcode, node):
    """Return the answer to a request, None for none, or an error."""
    if opcode == INIT:
        return struct.pack("<4I2H2I2HI7I", 7, 31, 4096, 0, 8, 8, 4096, 1, 0, 0, 0, *[0] * 7)
    if opcode == LOOKUP:
        return struct.pack("<4Q2I", FILE, 0, 0, 0, 0, 0) + attributes(FILE)
    if opcode == GETATTR and node == ROOT:
        return struct.pack("<Q2I", 0, 0, 0) + attributes(ROOT)
    if opcode == OPEN:
        return struct.pack("<Q2I", 0, 0, 0)
    if opcode == RELEASE:
        return b""
    return None if opcode in (GETATTR, FORGET, BATCH_FORGET) else errno.ENOSYS


def serve(requests):
    """Answer requests, but not what the file is, in a process that ends with its parent.

    A process that served itself could not end: closing the file is a request.
    """
    if os.fork() > 0:
        os.close(requests)
        return
    libc.prctl(END_WITH_PARENT, signal.SIGKILL)
    while True:
        request = os.read(requests, 1 << 17)
        _, opcode, unique, node = struct.unpack_from("<2I2Q", request)
        reply = answer(opcode, node)
        if isinstance(reply, int):
            os.write(requests, struct.pack("<IiQ", 16, -reply, unique))
        elif reply is not None:
            os.write(requests, struct.pack("<IiQ", 16 + len(reply), 0, unique) + reply)


def main(path, directory):
    """Send the file."""
    try:
        requests = mount(directory)
    except OSError as e:
        sys.exit(print(f"no file system can be mounted here: {e}"))
    serve(requests)
    file = os.open(directory + "/file", os.O_RDONLY)
    with Connection.connect(path) as connection:
        connection.send(b"dead", None, [("file", file)])
        print("sent", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
