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
"""A peer that sends one plain byte, then one byte with a descriptor, and the peer that takes both.

sendfd.py client PATH FILE [--slowly | --twice]
sendfd.py server PATH

The client tries again while the server is not there, and waits for the server to close. It has read the
first five bytes of the file before it sends it, and prints what is left of it afterwards: sender and
receiver share the offset. With --slowly it sends the second byte once the first was read, with --twice it
sends all of it a second time at once.

The server takes the plain byte and the descriptor, prints what is left to read, and closes the connection.
"""

import array
import fcntl
import os
import socket
import sys
import termios
import time


def connect(path):
    """Connect, as soon as somebody listens."""
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
            return connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)


def wait_until_read(connection):
    """Wait until the other side has read all that was sent."""
    unread = array.array("i", [1])
    while unread[0] > 0:
        fcntl.ioctl(connection, termios.TIOCOUTQ, unread)
        time.sleep(0.001)


def client(path, file, mode=None):
    print("ready", flush=True)
    descriptor = os.open(file, os.O_RDONLY)
    os.read(descriptor, 5)
    with connect(path) as connection:
        for _ in range(2 if mode == "--twice" else 1):
            connection.send(b"X")
            if mode == "--slowly":
                wait_until_read(connection)
            socket.send_fds(connection, [b"Y"], [descriptor])
        print("sent", flush=True)
        while connection.recv(100):
            pass
    print("closed; left:", os.read(descriptor, 100).decode(), flush=True)


def server(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        connection, _ = listener.accept()
        with connection:
            print("first:", connection.recv(1).decode(), flush=True)
            data, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
            print("second:", data.decode(), flush=True)
            with open(descriptors[0], "rb", buffering=0) as file:
                print("content:", file.read(100).decode(), flush=True)


if __name__ == "__main__":
    {"client": client, "server": server}[sys.argv[1]](*sys.argv[2:])
