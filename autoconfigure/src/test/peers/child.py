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
"""A child whose standard input is a socket to its parent; speaks the frame format.

child.py serve        answer requests until the end, each as its payload says
child.py ask FILE...  ask the parent with these files; print the answer and its descriptors' contents
child.py burst COUNT  send so many messages, numbered, and exit
child.py deaf         say so on the standard output, read nothing, and wait to be killed
child.py wrong        send what is no frame, with a descriptor, and wait for the end
child.py open         open the files that the parent names, as an open server does
child.py recv FILE    have the parent open a file, and print its content or the error
child.py list         print the descriptors that it has from its parent, and exit
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from fdframe import ONE_WAY, REPLY, Connection, RemoteError


def parent():
    """Return the connection to the parent."""
    return Connection(socket.socket(fileno=0))


def contents(message):
    """Return names and contents of the descriptors of a message."""
    return " ".join(f"{name or '-'}={os.read(fd, 4096).decode()}" for name, fd in message.descriptors)


def serve():
    """Answer until the end."""
    held = []
    with parent() as connection:
        while True:
            message = connection.receive()
            if message is None:
                return
            with message:
                text = message.payload.decode()
                if message.kind == ONE_WAY:
                    connection.send(b"echo of " + message.payload, message.headers, message.descriptors)
                elif text == "fail":
                    connection.error(message, "ChildError", "as told")
                elif text == "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                elif text == "exit":
                    connection.reply(message, b"last words")
                    sys.exit(3)
                elif text == "ask first":
                    with connection.request(b"what now?") as answer:
                        connection.reply(message, b"parent says " + answer.payload, None, answer.descriptors)
                elif text == "ask nobody":
                    try:
                        connection.request(b"anyone?")
                    except RemoteError as e:
                        connection.reply(message, str(e).encode())
                elif text == "leave a process behind":
                    null = subprocess.DEVNULL
                    left = subprocess.Popen(["sleep", "600"], stdin=0, stdout=null, stderr=null)
                    connection.reply(message, str(left.pid).encode())
                    os._exit(0)
                elif text == "hold":
                    held.append(message.correlation)
                elif text == "release":
                    connection.reply(message, b"released")
                    while held:
                        connection.send(b"held", kind=REPLY, correlation=held.pop())
                else:
                    connection.reply(message, f"{text}: {contents(message)}".encode(), message.headers,
                                     message.descriptors)


def ask(paths):
    """Ask the parent."""
    with parent() as connection:
        descriptors = [(os.path.basename(path), os.open(path, os.O_RDONLY)) for path in paths]
        try:
            with connection.request(b"from child", {"pid": str(os.getpid())}, descriptors) as reply:
                print(reply.payload.decode(), contents(reply))
        except RemoteError as e:
            print(e)


def burst(count):
    """Send messages and exit."""
    null = os.open("/dev/null", os.O_RDONLY)
    with parent() as connection, contextlib.suppress(BrokenPipeError):
        for number in range(count):
            connection.send(str(number).encode(), None, [("null", null)] if number == 0 else [])


def deaf():
    """Read nothing."""
    print("deaf", flush=True)
    time.sleep(600)


def wrong():
    """Send what is no frame."""
    with socket.socket(fileno=0) as connection:
        socket.send_fds(connection, [b"this is no frame"], [1])
        while connection.recv(4096):
            pass


def open_server():
    """Answer each path with the open file, or with an error."""
    with socket.socket(fileno=0) as connection:
        while request := connection.recv(4096):
            try:
                with open(request.rstrip(b"\0")) as file:
                    socket.send_fds(connection, [b"\0\0"], [file.fileno()])
            except OSError as e:
                connection.sendall(e.strerror.encode() + b"\0\2")


def recv_fd(path):
    """Ask for a file by its path."""
    with socket.socket(fileno=0) as connection:
        connection.sendall(path.encode() + b"\0")
        data, descriptors = b"", []
        while b"\0" not in data[:-1]:
            part, came, _, _ = socket.recv_fds(connection, 4096, 1)
            data += part
            descriptors += came
        print(os.read(descriptors[0], 4096).decode() if data[-1] == 0 else data[:-2].decode())


def listing():
    """Print all descriptors but that of the listing itself."""
    print(sorted(int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")))


if __name__ == "__main__":
    {
        "serve": lambda: serve(),
        "ask": lambda: ask(sys.argv[2:]),
        "burst": lambda: burst(int(sys.argv[2])),
        "deaf": lambda: deaf(),
        "wrong": lambda: wrong(),
        "open": lambda: open_server(),
        "recv": lambda: recv_fd(sys.argv[2]),
        "list": lambda: listing(),
    }[sys.argv[1]]()
