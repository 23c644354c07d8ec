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
"""What only another process can be: a server that is in the way, a peer that dies, a
peer of another user, an owner of sockets of every kind."""

import array
import errno
import os
import signal
import socket
import sys
import tempfile
import time


def wait():
    print("ready", flush=True)
    sys.stdin.read()


def send(connection, data, descriptors):
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
    connection.sendmsg([data], [rights])


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


def listen(path, backlog="5"):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(int(backlog))
    wait()


def bind(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    wait()


def listen_later(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    print("ready", flush=True)
    while not any(name.startswith(".f") for name in os.listdir(os.path.dirname(path))):
        time.sleep(0.001)  # Another server is not being opened yet.
    time.sleep(0.05)
    server.listen(5)
    sys.stdin.read()


def die(path):
    """Send a header with three files and a part of the rest, and be killed."""
    connection = connect(path)
    files = []
    for text in (b"first", b"second", b"third"):
        files.append(tempfile.TemporaryFile())
        files[-1].write(text)
        files[-1].flush()
    send(connection, b"header..", [file.fileno() for file in files])
    connection.send(b"x" * 100)
    os.kill(os.getpid(), signal.SIGKILL)


def push(path):
    """Send a file at once, and tell whether the server read it before it hung up."""
    connection = connect(path)
    with open("/dev/zero") as file:
        try:
            send(connection, b"x", [file.fileno()])
        except BrokenPipeError:
            # It hung up before there was anything to read.
            print("unread", flush=True)
            return
    print("sent", flush=True)
    print("unread" if is_reset(connection) else "read", flush=True)


def early(path):
    """Send a file at once and on each line that is read, and tell how the kernel took it."""
    connection = connect(path)
    for _ in range(2):
        try:
            with open("/dev/zero") as file:
                send(connection, b"x", [file.fileno()])
            print("sent", flush=True)
        except OSError as error:
            print(errno.errorcode[error.errno], flush=True)
        sys.stdin.readline()


def is_reset(connection):
    """Whether the other end is closed (not just shut down) with data left in it."""
    try:
        connection.recv(1)
        for _ in range(200):
            if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET:
                return True
            time.sleep(0.01)
        return False
    except ConnectionResetError:
        return True


def inet(family, type):
    address = "127.0.0.1" if family == socket.AF_INET else "::1"
    one = socket.socket(family, type)
    one.bind((address, 0))
    return one


def tcp(family):
    listening = inet(family, socket.SOCK_STREAM)
    listening.listen(5)
    pending = inet(family, socket.SOCK_STREAM)
    pending.listen(5)
    client = socket.create_connection(pending.getsockname()[:2])
    return {"listening": listening, "pending": pending, "connected": client,
            "unconnected": socket.socket(family), "bound": inet(family, socket.SOCK_STREAM)}


def udp(family):
    connected = inet(family, socket.SOCK_DGRAM)
    connected.connect(connected.getsockname())
    return {"udp bound": inet(family, socket.SOCK_DGRAM), "udp connected": connected}


def unix(type, prefix, directory):
    def bound(name):
        one = socket.socket(socket.AF_UNIX, type)
        one.bind(os.path.join(directory, prefix + name))
        return one
    kinds = {"unconnected": socket.socket(socket.AF_UNIX, type), "bound": bound("b")}
    kinds["pair"], other = socket.socketpair(socket.AF_UNIX, type)
    kinds["widow"], gone = socket.socketpair(socket.AF_UNIX, type)
    gone.close()
    # The other end would hang up if nobody held it.
    kinds["pair's other"] = other
    if type != socket.SOCK_DGRAM:
        kinds["listening"] = bound("l")
        kinds["listening"].listen(5)
        kinds["pending"] = bound("p")
        kinds["pending"].listen(5)
        kinds["client"] = socket.socket(socket.AF_UNIX, type)
        kinds["client"].connect(kinds["pending"].getsockname())
        second = socket.socket(socket.AF_UNIX, type)
        second.connect(kinds["pending"].getsockname())
        kinds["accepted"], _ = kinds["pending"].accept()
        kinds["pending client"] = second
    return kinds


def kinds(path, directory):
    """Send sockets of every kind, one in each message, each with what it is called."""
    connection = connect(path)
    groups = {"tcp4": tcp(socket.AF_INET), "tcp6": tcp(socket.AF_INET6),
              "udp4": udp(socket.AF_INET), "udp6": udp(socket.AF_INET6),
              "stream": unix(socket.SOCK_STREAM, "s", directory),
              "dgram": unix(socket.SOCK_DGRAM, "d", directory),
              "seqpacket": unix(socket.SOCK_SEQPACKET, "q", directory),
              "other": {"netlink": socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)}}
    for group, sockets in groups.items():
        for name, one in sockets.items():
            send(connection, f"{group} {name}".encode(), [one.fileno()])
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)


def crowd(path, count):
    """Be many clients, whose messages come in turns, and tell how many got answers to their own."""
    clients = [connect(path) for _ in range(int(count))]
    print("ready", flush=True)
    sys.stdin.readline()
    expected = [""] * len(clients)
    for question in range(3):
        for number, client in enumerate(clients):
            with tempfile.TemporaryFile() as file:
                file.write(f"file {number}\n".encode())
                file.seek(0)
                send(client, f"{question} {number}".encode(), [file.fileno()])
            expected[number] += f"{question} {number} file {number}\n"
    answered = 0
    for number, client in enumerate(clients):
        with client, client.makefile() as lines:
            answered += expected[number] == "".join(lines.readline() for _ in range(3))
    print(answered, "answered", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
