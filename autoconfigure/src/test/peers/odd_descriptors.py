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
"""Give one descriptor of each kind to whoever asks for it by name over a UNIX socket."""

import array
import os
import select
import socket
import sys
import tempfile


def _socket(family, kind, address=None, listen=False):
    """Return a socket, bound where an address is given."""
    sock = socket.socket(family, kind)
    if address is not None:
        sock.bind(address)
    if listen:
        sock.listen(16)
    return sock


def _connected(family, host):
    """Return both ends of a TCP connection."""
    with _socket(family, socket.SOCK_STREAM, (host, 0), True) as listener:
        client = socket.create_connection(listener.getsockname()[:2])
        return [client, listener.accept()[0]]


def _create(directory):
    """Return the objects that have a descriptor, by name, and those that only have to stay open."""
    file, fifo = os.path.join(directory, "file"), os.path.join(directory, "fifo")
    with open(file, "w", encoding="utf-8") as content:
        content.write("0123456789")
    os.mkfifo(fifo)
    read_end, write_end = os.pipe()
    stream, datagram, packet = (socket.socketpair(socket.AF_UNIX, kind) for kind in (
        socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET))
    tcp, tcp6 = _connected(socket.AF_INET, "127.0.0.1"), _connected(socket.AF_INET6, "::1")
    udp = _socket(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
    connected_udp = _socket(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
    connected_udp.connect(udp.getsockname())
    named = {
        "file-read": os.open(file, os.O_RDONLY),
        "file-write": os.open(file, os.O_WRONLY),
        "file-read-write": os.open(file, os.O_RDWR),
        "file-append": os.open(file, os.O_WRONLY | os.O_APPEND),
        "file-path": os.open(file, os.O_PATH),
        "memfd": os.memfd_create("odd"),
        "directory": os.open(directory, os.O_RDONLY | os.O_DIRECTORY),
        "pipe-read": read_end,
        "pipe-write": write_end,
        "fifo": os.open(fifo, os.O_RDWR),
        "zero": os.open("/dev/zero", os.O_RDONLY),
        "eventfd": _eventfd(),
        "epoll": select.epoll(),
        "tcp-connected": tcp[0],
        "tcp-listening": _socket(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0), True),
        "tcp-unconnected": _socket(socket.AF_INET, socket.SOCK_STREAM),
        "tcp6-connected": tcp6[0],
        "tcp6-listening": _socket(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0), True),
        "udp": udp,
        "udp-connected": connected_udp,
        "udp6": _socket(socket.AF_INET6, socket.SOCK_DGRAM, ("::1", 0)),
        "unix-connected": stream[0],
        "unix-listening": _socket(socket.AF_UNIX, socket.SOCK_STREAM, os.path.join(directory, "listening"), True),
        "unix-unconnected": _socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "unix-datagram": datagram[0],
        "unix-seqpacket": packet[0],
    }
    return named, [tcp, tcp6, stream, datagram, packet]


def _eventfd():
    """Return an eventfd, which Python has a function for since 3.10 only."""
    import ctypes
    return ctypes.CDLL(None).eventfd(0, 0)


def _serve(connection, named):
    """Answer each line that names a descriptor with the descriptor."""
    with connection, connection.makefile("r") as lines:
        for line in lines:
            item = named[line.strip()]
            number = item if isinstance(item, int) else item.fileno()
            connection.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [number]))])


def main(path):
    """Serve one connection."""
    with tempfile.TemporaryDirectory() as directory:
        named, _others = _create(directory)
        with _socket(socket.AF_UNIX, socket.SOCK_STREAM, path, True) as listener:
            _serve(listener.accept()[0], named)


if __name__ == "__main__":
    main(sys.argv[1])
