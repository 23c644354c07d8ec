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
"""Share one descriptor over a UNIX socket, and go on using it as the lines of standard input say."""

import array
import fcntl
import os
import socket
import sys


class Stream:
    """One end of a connection."""

    def __init__(self, held, far):
        self.held, self.far = held, far

    def fill(self):
        """Write until there is no room."""
        try:
            while True:
                self.held.send(b"x" * 65536)
        except BlockingIOError:
            pass

    def feed(self):
        """Give the other holders something to read."""
        self.far.send(b"x")

    def drain(self):
        """Make room for the other holders' writes."""
        self.far.setblocking(False)
        try:
            while self.far.recv(65536):
                pass
        except BlockingIOError:
            pass

    def use(self):
        """Read."""
        self.held.recv(1)

    def write(self):
        """Write."""
        self.held.send(b"x")


class Listening(Stream):
    """A listening socket."""

    def __init__(self, held):
        super().__init__(held, [])

    def feed(self):
        self.far.append(socket.create_connection(self.held.getsockname()[:2]))

    def use(self):
        self.held.accept()[0].close()


class End:
    """One end of a pipe, with the methods of a socket."""

    def __init__(self, number):
        self.number = number

    def fileno(self):
        """Return the number."""
        return self.number

    def setblocking(self, blocking):
        """Set or clear O_NONBLOCK."""
        os.set_blocking(self.number, blocking)

    def recv(self, count):
        """Read."""
        return os.read(self.number, count)

    def send(self, data):
        """Write."""
        return os.write(self.number, data)


def _open(kind):
    """Return the object that is shared, with its other end."""
    if kind == "tcp-listening":
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        return Listening(listening)
    if kind == "tcp":
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(1)
            far = socket.create_connection(listening.getsockname())
            return Stream(listening.accept()[0], far)
    if kind == "unix":
        return Stream(*socket.socketpair())
    if kind == "udp":
        held, far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        held.bind(("127.0.0.1", 0))
        far.bind(("127.0.0.1", 0))
        held.connect(far.getsockname())
        far.connect(held.getsockname())
        return Stream(held, far)
    read_end, write_end = (End(number) for number in os.pipe())
    return Stream(read_end, write_end) if kind == "pipe-read" else Stream(write_end, read_end)


def _serve(shared):
    """Do what each line says, and answer it with one line."""
    for line in sys.stdin:
        command = line.strip()
        try:
            result = hex(fcntl.fcntl(shared.held.fileno(), fcntl.F_GETFL)) if command == "flags" \
                else getattr(shared, command)()
            print(result or "done", flush=True)
        except BlockingIOError:
            print("would block", flush=True)


def main(path, kind, blocking, full):
    """Share a descriptor with whoever connects."""
    shared = _open(kind)
    shared.held.setblocking(False)
    if full == "true":
        shared.fill()
    shared.held.setblocking(blocking == "true")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1)
        print("ready", flush=True)
        with listener.accept()[0] as connection:
            connection.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                         array.array("i", [shared.held.fileno()]))])
    _serve(shared)


if __name__ == "__main__":
    main(*sys.argv[1:])
