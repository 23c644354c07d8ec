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
"""linger.py TYPE PATH COUNT [PLAIN]: pass descriptors that take 100 seconds to close

Each is a TCP connection over loopback with SO_LINGER and data that its other end, which
is in this process, does not take.

datagram   one message for each
stream     one connection for each, whose message is "x"
PLAIN      how many connections without anything come after that
"""

import os
import signal
import socket
import struct
import sys
import time

kind, path, count, *plain = sys.argv[1:]
listening = socket.create_server(("127.0.0.1", 0))
kept = []


def lingering():
    near = socket.create_connection(listening.getsockname())
    kept.append(listening.accept()[0])
    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 100))
    near.setblocking(False)
    try:
        while True:
            near.send(bytes(65536))
    except BlockingIOError:
        return near


def connect():
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.connect(path)
    kept.append(peer)
    return peer


def send(near):
    """Whether the receiver got the descriptor, and is the last to close it."""
    peer, to = (datagrams, [path]) if kind == "datagram" else (connect(), [])
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", near))]
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        peer.sendmsg([b"x"], rights, 0, *to)
    except OSError:
        return False
    start = time.monotonic()
    os.close(near)
    return time.monotonic() - start < 0.1


# A signal ends the waiting of close(2).
signal.signal(signal.SIGALRM, lambda number, frame: None)
datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
passed = 0
while passed < int(count):
    passed += send(lingering().detach())
signal.setitimer(signal.ITIMER_REAL, 0)
for _ in range(int(plain[0]) if plain else 0):
    connect()
    kept.pop().close()
print("ready", flush=True)
sys.stdin.read()
