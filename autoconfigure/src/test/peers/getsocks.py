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
"""Gives its sockets away as HAProxy's _getsocks does: their number as four bytes, then
the descriptors in groups, each with bytes of its own, and then it waits for one byte that
acknowledges them. It pauses as long as a line from standard input takes."""

import array
import os
import socket
import struct
import sys

PER_MESSAGE = 3


def pause(paused):
    if paused:
        print("paused", flush=True)
        sys.stdin.readline()


def serve(connection, files, paused):
    assert connection.recv(100) == b"_getsocks\n"
    descriptors = [os.open(file, os.O_RDONLY) for file in files]
    connection.send(struct.pack("i", len(descriptors)))
    for first in range(0, len(descriptors), PER_MESSAGE):
        pause(paused)
        some = descriptors[first:first + PER_MESSAGE]
        data = b"".join(struct.pack("=BBi", 0, 0, 7) for _ in some)
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", some))
        assert connection.sendmsg([data], [rights]) == len(data)
    print("acknowledged by %d bytes" % len(connection.recv(100)), flush=True)


def main(path, how, *files):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(5)
    print("ready", flush=True)
    serve(server.accept()[0], files, how == "paused")
    sys.stdin.read()


main(*sys.argv[1:])
