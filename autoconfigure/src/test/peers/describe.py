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
"""describe.py PATH: for each message on the stream socket at PATH, reply what each of its descriptors is."""

import fcntl
import os
import socket
import stat
import sys

F_GET_SEALS = 1034


def _describe(fd):
    """Return the kind of a descriptor, and something that takes the kernel to know."""
    mode = os.fstat(fd).st_mode
    flags = fcntl.fcntl(fd, fcntl.F_GETFL)
    if stat.S_ISDIR(mode):
        kind = "path" if flags & os.O_PATH else "directory"
        with open(os.open("inside", os.O_RDONLY, dir_fd=fd), encoding="utf-8") as file:
            return f"{kind} with {file.read()}"
    if stat.S_ISFIFO(mode):
        os.write(fd, b"from python")
        return "pipe"
    if stat.S_ISSOCK(mode):
        return f"socket of {socket.socket(fileno=os.dup(fd)).type.name}"
    if "memfd" in os.readlink(f"/proc/self/fd/{fd}"):
        return f"memory with {os.pread(fd, 100, 0).decode()}, seals {fcntl.fcntl(fd, F_GET_SEALS)}"
    if flags & os.O_ACCMODE == os.O_WRONLY:
        os.write(fd, b"written by python")
        return "writable"
    return f"file with {os.read(fd, 100).decode()}"


listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("ready", flush=True)
connection = listener.accept()[0]
while True:
    data, fds, _, _ = socket.recv_fds(connection, 1000, 100)
    if not data:
        break
    connection.send(", ".join(_describe(fd) for fd in fds).encode())
    for each in fds:
        os.close(each)
