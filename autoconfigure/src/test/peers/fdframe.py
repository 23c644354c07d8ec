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
"""Messages with file descriptors over a Unix socket, in the frame format, version 1.

Needs Linux and Python 3.9. As a program it is a peer for tests: see ``fdframe.py --help``.
"""

import argparse
import array
import collections
import concurrent.futures
import contextlib
import dataclasses
import hashlib
import itertools
import os
import random
import select
import socket
import struct
import sys
import threading
import time
from typing import Dict, List, Optional, Tuple

ONE_WAY, REQUEST, REPLY, ERROR = 1, 2, 3, 4
MAX_DESCRIPTORS = 253

_MAGIC, _VERSION = b"FDBR", 1
_FRAME = struct.Struct("!4sBBHHHI")  # magic, version, flags, descriptors, messages, reserved, length
_MESSAGE = struct.Struct("!IBBHQ")  # length, kind, descriptors, headers, correlation
_CONTROL_SIZE = socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
_READ_SIZE = 1 << 18


class FrameError(Exception):
    """What came, or was to be sent, does not keep to the format."""


class RemoteError(Exception):
    """The other side answered a request with an error."""

    def __init__(self, type, text):
        """Keep the class of the error and its text as the other side named them."""
        super().__init__(f"{type}: {text}")
        self.type = type
        self.text = text


@dataclasses.dataclass(eq=False)
class Message:
    """A message; one that was received owns its descriptors, and closes them with ``close()``."""

    kind: int = ONE_WAY
    correlation: int = 0
    headers: Dict[str, str] = dataclasses.field(default_factory=dict)
    payload: bytes = b""
    descriptors: List[Tuple[Optional[str], int]] = dataclasses.field(default_factory=list)

    def close(self):
        """Close the descriptors; a second call does nothing."""
        while self.descriptors:
            os.close(self.descriptors.pop()[1])

    def __enter__(self):
        """Return the message itself."""
        return self

    def __exit__(self, *exc_info):
        """Close the descriptors."""
        self.close()


def encode(messages):
    """Return the bytes of one frame with these messages, and the descriptors to send with it."""
    fds = [fd for message in messages for _, fd in message.descriptors]
    if len(fds) > MAX_DESCRIPTORS:
        raise FrameError(f"{len(fds)} descriptors in a frame")
    if not messages:
        raise FrameError("a frame without a message")
    try:
        body = b"".join(_encode_message(message) for message in messages)
        header = _FRAME.pack(_MAGIC, _VERSION, 0, len(fds), len(messages), 0, len(body))
    except struct.error as e:
        raise FrameError(f"too large for the format: {e}") from e
    return header + body, fds


def _encode_message(message):
    """Return the bytes of one message."""
    _check_kind(message.kind)
    if message.kind == ONE_WAY and message.correlation != 0:
        raise FrameError(f"a one-way message with the correlation {message.correlation}")
    _check_names(message.headers)
    parts = [_sized("!B", name or "") for name, _ in message.descriptors]
    parts += [_sized("!H", text) for header in message.headers.items() for text in header]
    parts.append(message.payload)
    length = _MESSAGE.size - 4 + sum(map(len, parts))
    head = _MESSAGE.pack(length, message.kind, len(message.descriptors), len(message.headers), message.correlation)
    return b"".join([head, *parts])


def _sized(form, text):
    """Return a text behind its length."""
    data = text.encode()
    return struct.pack(form, len(data)) + data


def _check_kind(kind):
    """Refuse an unknown kind."""
    if kind not in (ONE_WAY, REQUEST, REPLY, ERROR):
        raise FrameError(f"unknown kind {kind}")


def _check_names(names):
    """Refuse a header without a name."""
    if not all(name.strip() for name in names):
        raise FrameError("a header without a name")


def _decode(body, count, fds):
    """Return the messages of a frame; ``fds`` is theirs only if this does not fail."""
    view, messages, used = memoryview(body), [], 0
    for _ in range(count):
        if len(view) < _MESSAGE.size:
            raise FrameError("the frame ends before its last message")
        length, kind, descriptors, headers, correlation = _MESSAGE.unpack_from(view)
        if not _MESSAGE.size <= length + 4 <= len(view):
            raise FrameError(f"a message of {length} bytes")
        _check_kind(kind)
        if used + descriptors > len(fds):
            raise FrameError("messages with more descriptors than their frame")
        rest = view[_MESSAGE.size:length + 4]
        view = view[length + 4:]
        names, rest = _texts("!B", descriptors, rest)
        texts, rest = _texts("!H", 2 * headers, rest)
        _check_names(texts[::2])
        named = [(name if name.strip() else None, fd) for name, fd in zip(names, fds[used:])]
        used += descriptors
        messages.append(Message(kind, correlation, dict(zip(texts[::2], texts[1::2])), bytes(rest), named))
    if len(view) > 0:
        raise FrameError(f"{len(view)} bytes behind the last message")
    if used != len(fds):
        raise FrameError("messages with fewer descriptors than their frame")
    return messages


def _texts(form, count, view):
    """Return so many texts, each behind its length, and what comes after them."""
    size, texts = struct.calcsize(form), []
    try:
        for _ in range(count):
            end = size + struct.unpack_from(form, view)[0]
            if end > len(view):
                raise FrameError("a text that ends behind its message")
            texts.append(str(view[size:end], "utf-8"))
            view = view[end:]
    except (struct.error, UnicodeDecodeError) as e:
        raise FrameError(f"a malformed name or value: {e}") from e
    return texts, view


class Connection:
    """One side of a connection; any thread may send, but only one at a time may receive.

    An error in what comes closes the connection and all descriptors that it still holds.
    """

    def __init__(self, sock, max_length=1 << 26, message_timeout=10.0):
        """Take over a connected socket; the limits are for the frames that come."""
        sock.setblocking(False)
        self._sock = sock
        self._max_length = max_length
        self._message_timeout = message_timeout
        self._send_lock = threading.Lock()
        self._correlations = itertools.count(1)
        self._queue = collections.deque()

    @classmethod
    def connect(cls, path, timeout=10.0, **limits):
        """Connect to a path, and try again until the timeout while the server is not there."""
        deadline = time.monotonic() + timeout
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.settimeout(max(0.01, deadline - time.monotonic()))
                sock.connect(os.fspath(path))
                return cls(sock, **limits)
            except (FileNotFoundError, ConnectionRefusedError, BlockingIOError):
                sock.close()
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.02)
            except BaseException:
                sock.close()
                raise

    def close(self):
        """Close the socket and the messages that nobody received."""
        self._sock.close()
        while self._queue:
            self._queue.popleft().close()

    def __enter__(self):
        """Return the connection itself."""
        return self

    def __exit__(self, *exc_info):
        """Close the connection."""
        self.close()

    def send(self, payload=b"", headers=None, descriptors=(), kind=ONE_WAY, correlation=0):
        """Send one message; its descriptors stay open here."""
        self.send_all([Message(kind, correlation, dict(headers or {}), payload, list(descriptors))])

    def send_all(self, messages):
        """Send several messages in one frame; their descriptors stay open here."""
        data, fds = encode(messages)
        view = memoryview(data)
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        with self._send_lock:
            try:
                while len(view) > 0:
                    try:
                        view = view[self._sock.sendmsg([view], ancillary):]
                        ancillary = []
                    except BlockingIOError:
                        self._wait(select.POLLOUT)
            except BaseException:
                if len(view) < len(data):  # half a frame: nothing can follow it
                    self.close()
                raise

    def request(self, payload=b"", headers=None, descriptors=()):
        """Send a request and return its reply; an error answer is raised as RemoteError."""
        correlation = next(self._correlations)
        self.send(payload, headers, descriptors, REQUEST, correlation)
        while True:
            messages = self._read_frame()
            if messages is None:
                raise FrameError("the connection ended before the answer")
            self._queue.extend(messages)
            for message in messages:
                if message.kind in (REPLY, ERROR) and message.correlation == correlation:
                    self._queue.remove(message)
                    return self._answer(message)

    @staticmethod
    def _answer(message):
        """Return a reply, or raise what an error says."""
        if message.kind == REPLY:
            return message
        with message:
            raise RemoteError(message.headers.get("error-type"), message.payload.decode(errors="replace"))

    def receive(self):
        """Return the next message, or None at the end; the caller closes the message."""
        if not self._queue:
            self._queue.extend(self._read_frame() or ())
        return self._queue.popleft() if self._queue else None

    def reply(self, request, payload=b"", headers=None, descriptors=()):
        """Answer a request; it stays open."""
        self.send(payload, headers, descriptors, REPLY, request.correlation)

    def error(self, request, type, text):
        """Answer a request with an error; it stays open."""
        self.send(text.encode(), {"error-type": type}, (), ERROR, request.correlation)

    def _read_frame(self):
        """Return the messages of the next frame, or None at the end."""
        fds = []
        try:
            header = self._read_some(_FRAME.size, fds, None)
            if not header:
                return None
            deadline = time.monotonic() + self._message_timeout
            header += self._read_rest(_FRAME.size - len(header), fds, deadline)
            magic, version, flags, descriptors, messages, reserved, length = _FRAME.unpack(header)
            if (magic, version, flags, reserved) != (_MAGIC, _VERSION, 0, 0):
                raise FrameError(f"not the header of a frame: {header.hex()}")
            if descriptors > MAX_DESCRIPTORS or descriptors != len(fds):
                raise FrameError(f"{descriptors} descriptors announced, {len(fds)} came")
            if messages == 0:
                raise FrameError("a frame without a message")
            if length > self._max_length:
                raise FrameError(f"a frame of {length} bytes")
            return _decode(self._read_rest(length, fds, deadline), messages, fds)
        except BaseException:
            for fd in fds:
                os.close(fd)
            self.close()
            raise

    def _read_rest(self, size, fds, deadline):
        """Return exactly so many bytes, with which no descriptor may come."""
        data, known = bytearray(), len(fds)
        while len(data) < size:
            part = self._read_some(size - len(data), fds, deadline)
            if not part:
                raise FrameError("the end of the connection inside a frame")
            if len(fds) != known:
                raise FrameError("descriptors that did not come with the beginning of a frame")
            data += part
        return data

    def _read_some(self, size, fds, deadline):
        """Return at least one byte, or none at the end, and add the descriptors that came to ``fds``."""
        while True:
            try:
                data, ancillary, flags, _ = self._sock.recvmsg(
                    min(size, _READ_SIZE), _CONTROL_SIZE, socket.MSG_CMSG_CLOEXEC)
                break
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                came = array.array("i")
                came.frombytes(content[:len(content) - len(content) % came.itemsize])
                fds.extend(came)
        if flags & socket.MSG_CTRUNC:
            raise FrameError("the kernel dropped descriptors")
        return data

    def _wait(self, event, deadline=None):
        """Wait until the socket is ready, at most until the deadline."""
        poll = select.poll()
        poll.register(self._sock, event)
        remaining = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        if not poll.poll(remaining):
            raise FrameError("the rest of a frame did not come in time")


def _text(data):
    """Return bytes as a line for the output."""
    return data.decode(errors="backslashreplace").rstrip("\n")


def _content(fd):
    """Describe a descriptor by the beginning of its content or, if it is not readable, its size."""
    try:
        with open(fd, "rb", closefd=False) as file:
            return repr(file.read(4096))
    except OSError:
        return str(os.fstat(fd).st_size)


def _header(argument):
    """Return name and value of an argument K=V."""
    name, value = argument.split("=", 1)
    return name, value


@contextlib.contextmanager
def _contents(args):
    """Give payload, headers and opened files of a message, as arguments of send and request."""
    with contextlib.ExitStack() as stack:
        descriptors = []
        for argument in args.files:
            name, path = argument.split("=", 1) if "=" in argument else (None, argument)
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            stack.callback(os.close, fd)
            descriptors.append((name, fd))
        yield args.payload.encode(), dict(args.header), descriptors


def _send(args):
    """Send files in a one-way message."""
    with _contents(args) as contents, Connection.connect(args.path) as connection:
        connection.send(*contents)
    print("sent")


def _request(args):
    """Send files in a request; print the reply, and a line for each of its descriptors."""
    with _contents(args) as contents, Connection.connect(args.path) as connection:
        with connection.request(*contents) as reply:
            print("reply", _text(reply.payload))
            for name, fd in reply.descriptors:
                print("fd", name or "-", _content(fd))


def _pipe(args):
    """Send the write end of a pipe in a request; print what came through the pipe, then the reply."""
    read_end, write_end = os.pipe()
    with open(read_end, "rb") as pipe, concurrent.futures.ThreadPoolExecutor() as executor:
        content = executor.submit(pipe.read)
        with open(write_end, "wb"), Connection.connect(args.path) as connection:
            with connection.request(args.payload.encode(), None, [("pipe", write_end)]) as reply:
                payload = reply.payload
        print(_text(content.result()))
    print("reply", _text(payload))


def _tcp(args):
    """Send the server side of a TCP connection in a one-way message; print what its client reads."""
    with Connection.connect(args.path) as connection, socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as client:
            with listener.accept()[0] as accepted:
                connection.send(descriptors=[("tcp", accepted.fileno())])
            with client.makefile("rb") as stream:
                print(_text(stream.read()))


def _serve(args):
    """Answer requests with what they brought, until the end of the standard input."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(args.path)
        listener.listen(128)
        threading.Thread(target=_accept, args=[listener], daemon=True).start()
        print("ready", flush=True)
        while sys.stdin.buffer.read1(4096):
            pass


def _accept(listener):
    """Accept connections, each for a thread of its own, until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_echo, args=[Connection(listener.accept()[0])], daemon=True).start()


def _echo(connection):
    """Answer the requests of one connection."""
    try:
        with connection:
            for message in iter(connection.receive, None):
                with message:
                    if message.kind == REQUEST and message.payload == b"fail":
                        connection.error(message, "ValueError", "refused")
                    elif message.kind == REQUEST:
                        connection.reply(message, message.payload, message.headers, message.descriptors)
    except (FrameError, OSError) as e:
        print(f"error: {e}", file=sys.stderr)


def _flood(args):
    """Send many one-way messages over several connections at once, each with a file of its own."""
    with concurrent.futures.ThreadPoolExecutor(max(1, args.senders)) as executor:
        list(executor.map(lambda sender: _flood_sender(args, sender), range(args.senders)))
    print("sent", args.senders * args.messages)


def _flood_sender(args, sender):
    """Send the messages of one sender."""
    rng = random.Random(f"{args.seed} {sender}")
    with Connection.connect(args.path) as connection:
        for index in range(args.messages):
            label = f"{sender} {index}".encode()
            payload = label + b" "
            payload += rng.randbytes(rng.randint(0, 60000 - len(payload)))
            headers = {"sender": str(sender), "index": str(index), "sha256": hashlib.sha256(payload).hexdigest()}
            with open(os.memfd_create("fdframe"), "w+b", buffering=0) as file:
                file.write(label)
                file.seek(0)
                connection.send(payload, headers, [("file", file.fileno())])


def main(argv):
    """Run the command that the arguments name, and return the exit status."""
    commands = {"send": _send, "request": _request, "pipe": _pipe, "tcp": _tcp, "serve": _serve, "flood": _flood}
    parser = argparse.ArgumentParser(description="A peer for tests of the frame format.",
                                     epilog="'COMMAND --help' shows the arguments of a command.")
    parser.add_argument("command", choices=commands)
    command = parser.parse_args(argv[:1]).command
    parser = argparse.ArgumentParser(prog=f"fdframe.py {command}", description=commands[command].__doc__)
    parser.add_argument("path", metavar="PATH")
    if command in ("send", "request", "pipe"):
        parser.add_argument("--payload", metavar="TEXT", default="")
    if command in ("send", "request"):
        parser.add_argument("--header", metavar="K=V", action="append", default=[], type=_header)
        parser.add_argument("files", metavar="FILE", nargs="*", help="a file, or NAME=FILE")
    if command == "flood":
        for option in ("--senders", "--messages", "--seed"):
            parser.add_argument(option, type=int, required=True)
    try:
        commands[command](parser.parse_intermixed_args(argv[1:]))
        return 0
    except (FrameError, RemoteError, OSError, ValueError) as e:
        print(f"error: {e}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
