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
"""Messages of requests and statuses, on sockets that keep messages.

statuses.py connect TYPE PATH OWN FILE    send each line that is read as one message, and
                                          print each that comes; OWN is the address to
                                          bind a datagram socket to
statuses.py serve TYPE PATH FILE          answer the request "open" with the file, "deny"
                                          with a status, and others with the request itself

In a line, ~ stands for NUL, and a + at its beginning for the descriptor of the file.
"""

import array
import os
import socket
import sys
import threading


def show(data, fds):
    contents = [os.pread(fd, 100, 0).decode() for fd in fds]
    for fd in fds:
        os.close(fd)
    return data.replace(b"\0", b"~").decode("latin-1").replace("\n", "|").replace("\1", "1") + "".join(contents)


def print_all():
    while True:
        data, fds, flags, address = socket.recv_fds(peer, 4096, 4)
        if not data:
            return
        print(show(data, fds), flush=True)


def connect(path, own, file):
    if kind == socket.SOCK_DGRAM:
        peer.bind(own)
    peer.connect(path)
    descriptor = os.open(file, os.O_RDONLY)
    threading.Thread(target=print_all, daemon=True).start()
    print("ready", flush=True)
    for line in sys.stdin:
        text = line.rstrip("\n")
        socket.send_fds(peer, [text.lstrip("+").replace("~", "\0").encode()],
                        [descriptor] if text.startswith("+") else [])


def serve(path, file):
    peer.bind(path)
    if kind == socket.SOCK_SEQPACKET:
        peer.listen()
    print("ready", flush=True)
    while True:
        server = peer if kind == socket.SOCK_DGRAM else peer.accept()[0]
        data, address = server.recvfrom(4096)
        while data:
            to = [address] if kind == socket.SOCK_DGRAM else []
            if data == b"open\0":
                with open(file) as opened:
                    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [opened.fileno()]))]
                    server.sendmsg([b"\0\0"], rights, 0, *to)
            else:
                server.sendmsg([b"denied\n\0\7" if data == b"deny\0" else data], [], 0, *to)
            data, address = server.recvfrom(4096)


kind = socket.SOCK_DGRAM if sys.argv[2] == "datagram" else socket.SOCK_SEQPACKET
peer = socket.socket(socket.AF_UNIX, kind)
{"connect": connect, "serve": serve}[sys.argv[1]](*sys.argv[3:])
