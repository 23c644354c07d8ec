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
"""A peer that knows nothing of messages, only of bytes and descriptors.

rawpeer.py serve PATH          answer each read of one connection after the other with what it brought
rawpeer.py stall PATH          read once, answer nothing, and wait to be killed
rawpeer.py hang PATH COUNT     send the first half of a frame with so many descriptors, and wait to be killed
"""

import os
import socket
import struct
import sys
import time


def serve(path):
    """Answer with the number of bytes and the contents of the descriptors that came."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        os.chmod(path, 0o666)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                total = 0
                while True:
                    try:
                        data, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 253)
                        if not data:
                            break
                        total += len(data)
                        contents = []
                        for descriptor in descriptors:
                            with open(descriptor, "rb") as file:
                                contents.append(file.read().decode())
                        connection.sendall(f"{data.decode()} with {contents}".encode())
                    except OSError:
                        break
                print(f"got {total} bytes", flush=True)


def stall(path):
    """Take a message and answer nothing."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        connection, _ = listener.accept()
        connection.recv(1)
        print("got it", flush=True)
        time.sleep(600)


def hang(path, count):
    """Send a header that announces descriptors and more bytes than come."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(path)
        header = struct.pack("!4sBBHHHI", b"FDBR", 1, 0, count, 1, 0, 1000)
        socket.send_fds(connection, [header], [os.open("/dev/null", os.O_RDONLY) for _ in range(count)])
        print("ready", flush=True)
        time.sleep(600)


if __name__ == "__main__":
    {"serve": serve, "stall": stall, "hang": lambda path, count: hang(path, int(count))}[sys.argv[1]](*sys.argv[2:])
