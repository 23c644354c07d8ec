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
"""Peers that keep to no rules, and clients that want to be served meanwhile: hostile.py COMMAND PATH ARGUMENT...

A command that attacks prints "ready" when it is done, keeps what it has until the end of its standard
input, and then prints "end". The others print what they saw, and end.
"""

import array
import contextlib
import errno
import fcntl
import os
import random
import resource
import select
import signal
import socket
import struct
import sys
import termios
import time

import fdframe

HEADER = struct.Struct("!4sBBHHHI")
MESSAGE = struct.Struct("!IBBHQ")
PATIENCE = 60
LIFE = int(os.environ.get("HOSTILE_LIFE", "180"))


def connect(path, kind=socket.SOCK_STREAM):
    """Return a connected socket, once the server has room in its queue."""
    peer = socket.socket(socket.AF_UNIX, kind)
    peer.settimeout(PATIENCE)
    while True:
        try:
            peer.connect(path)
            return peer
        except BlockingIOError:
            time.sleep(0.01)


def send(peer, data, fds=()):
    """Send bytes with descriptors."""
    control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    return peer.sendmsg([data], control)


def frame(payload=b"hi", announced=0, counted=None, correlation=1):
    """Return a frame with one request, which announces descriptors; the message may count others."""
    counted = announced if counted is None else counted
    body = MESSAGE.pack(12 + counted + len(payload), fdframe.REQUEST, counted, 0, correlation)
    body += bytes(counted) + payload
    return HEADER.pack(b"FDBR", 1, 0, announced, 1, 0, len(body)) + body


def outcome(peer):
    """Return "reply", "error" or "closed", as the server sees fit."""
    data = b""
    try:
        while len(data) < HEADER.size + 5:
            more = peer.recv(1 << 16)
            if not more:
                return "closed"
            data += more
    except (ConnectionResetError, BrokenPipeError):
        return "closed"
    return {fdframe.REPLY: "reply", fdframe.ERROR: "error"}[data[HEADER.size + 4]]


def memfd(content):
    """Return a descriptor of a file in memory."""
    fd = os.memfd_create("hostile")
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def lingering():
    """Return a TCP descriptor whose close(2) hangs while this process lives, and what must stay open for that."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 3600))
    client.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            client.send(bytes(1 << 16))
    return client, accepted


def hold(*kept):
    """Say that the attack is made, and wait for the end of the input."""
    print("ready", flush=True)
    sys.stdin.buffer.read()
    print("end", len(kept), flush=True)


def await_read(peer):
    """Wait until the other side has read all, as what is read at once counts as sent at once."""
    left = bytes(4)
    while True:
        left = fcntl.ioctl(peer, termios.TIOCOUTQ, left)
        if left == bytes(4):
            return
        time.sleep(0.001)


def ask(path, count):
    """Ask one request after another, each on a connection of its own, with a file that has to come back."""
    times = []
    for index in range(int(count)):
        start = time.monotonic()
        nonce = os.urandom(8).hex().encode()
        fd = memfd(nonce)
        with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
            with connection.request(b"ask", None, [("file", fd)]) as reply:
                if reply.payload != b"ask [" + nonce + b"]":
                    raise AssertionError(f"{reply.payload} for {nonce}")
        os.close(fd)
        times.append(time.monotonic() - start)
    times.sort()
    print("served", count, "p50", millis(times[len(times) // 2]), "p99", millis(times[len(times) * 99 // 100]),
          "max", millis(times[-1]))


def steady(path, count):
    """Ask one request after another on one connection."""
    times = []
    fd = memfd(b"steady")
    with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
        for index in range(int(count)):
            start = time.monotonic()
            with connection.request(b"ask", None, [("file", fd)]) as reply:
                if reply.payload != b"ask [steady]":
                    raise AssertionError(reply.payload)
            times.append(time.monotonic() - start)
    times.sort()
    print("served", count, "p50", millis(times[len(times) // 2]), "p99", millis(times[len(times) * 99 // 100]),
          "max", millis(times[-1]))


def millis(seconds):
    """Return milliseconds with a digit behind the point."""
    return f"{seconds * 1000:.1f}"


def say(path, payload):
    """Send one request, and print the reply."""
    with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
        with connection.request(payload.encode()) as reply:
            print(reply.payload.decode())


def linger(path, count, *payload):
    """Leave TCP descriptors whose close hangs, each in a connection that ends or, with a payload, in a bad frame."""
    kept = []
    for _ in range(int(count)):
        client, accepted = lingering()
        peer = connect(path)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(peer, payload[0].encode() if payload else frame(announced=1), [client.fileno()])
        client.close()
        kept += [peer, accepted]
    hold(*kept)


def flood(path, count):
    """Leave descriptors in connections, or data where the kernel takes no descriptors; print how often that was so."""
    kept, refused = [], 0
    for _ in range(int(count)):
        client, accepted = lingering()
        peer = connect(path)
        try:
            send(peer, frame(announced=1), [client.fileno()])
            kept.append(accepted)
        except PermissionError:
            refused += 1
            accepted.close()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                send(peer, frame())
        except (BrokenPipeError, ConnectionResetError):
            accepted.close()
        client.close()
        kept.append(peer)
    print("refused", refused > 0, flush=True)
    hold(*kept)


def greet(path, count):
    """Ask without a descriptor, and then with one, each pair on a connection of its own."""
    fd = memfd(b"greet")
    for _ in range(int(count)):
        with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
            connection.request(b"hello").close()
            with connection.request(b"ask", None, [("file", fd)]) as reply:
                if reply.payload != b"ask [greet]":
                    raise AssertionError(reply.payload)
    print("greeted", count)


def linger_datagrams(path, count):
    """Send datagrams with TCP descriptors whose close hangs."""
    kept = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        peer.settimeout(PATIENCE)
        peer.connect(path)
        for _ in range(int(count)):
            client, accepted = lingering()
            send(peer, frame(announced=1), [client.fileno()])
            client.close()
            kept.append(accepted)
    hold(*kept)


def knock(path, count):
    """Connect and close, often."""
    for _ in range(int(count)):
        connect(path).close()
    print("knocked", count)


def half(path, count, announced, attached):
    """Open connections with the first part of a frame and its descriptors each."""
    kept = []
    fd = os.open("/dev/null", os.O_RDONLY)
    for _ in range(int(count)):
        peer = connect(path)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send(peer, frame(bytes(500), int(announced))[:HEADER.size + 1], [fd] * int(attached))
        kept.append(peer)
    hold(*kept)


def urgent(path, count):
    """Send half a frame, and a byte out of band behind it."""
    kept = []
    fd = os.open("/dev/null", os.O_RDONLY)
    for _ in range(int(count)):
        peer = connect(path)
        send(peer, frame(bytes(500), 8)[:40], [fd] * 8)
        peer.send(b"z", socket.MSG_OOB)
        kept.append(peer)
    print("ready", flush=True)
    print("closed", sum(outcome(peer) in ("closed", "error") for peer in kept), flush=True)


def mute(path, count, address):
    """Send requests from an address without ever reading a reply."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        peer.settimeout(PATIENCE)
        peer.bind(address)
        peer.connect(path)
        for _ in range(int(count)):
            peer.send(frame())
        hold(peer)


def ask_datagrams(path, count, address):
    """Ask requests by datagrams, one after another."""
    times = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as peer:
        peer.settimeout(PATIENCE)
        peer.bind(address)
        os.chmod(address, 0o666)
        peer.connect(path)
        for _ in range(int(count)):
            start = time.monotonic()
            peer.send(frame())
            if not peer.recv(1 << 16).endswith(b"hi []"):
                raise AssertionError("another reply")
            times.append(time.monotonic() - start)
    os.unlink(address)
    times.sort()
    print("served", count, "p50", millis(times[len(times) // 2]), "max", millis(times[-1]))


def counts(path):
    """Try every announced number of descriptors with every attached one, 0 to 17; print what is wrong."""
    fd = os.open("/dev/null", os.O_RDONLY)
    wrong, tried = [], 0
    for announced in range(18):
        for attached in range(18):
            expected = ("reply",) if announced == attached and announced <= 16 else ("closed", "error")
            with connect(path) as peer:
                send(peer, frame(b"count", announced), [fd] * attached)
                peer.shutdown(socket.SHUT_WR)
                seen = outcome(peer)
            if seen not in expected:
                wrong.append(f"{announced} announced, {attached} attached: {seen}")
            tried += 1
    print("tried", tried, *wrong)


def malformed():
    """Return streams that keep to no format, with the part that they get wrong."""
    whole = frame(b"hi", 1)
    for end in range(1, len(whole)):
        yield f"first {end} bytes", whole[:end]
    for index in (0, 1, 2, 3, 4, 5, 10, 11):
        yield f"byte {index}", whole[:index] + bytes([whole[index] ^ 0x81]) + whole[index + 1:]
    for length in (0, 1, 15, 65537, 0x7fffffff, 0x80000000, 0xffffffff):
        yield f"length {length}", HEADER.pack(b"FDBR", 1, 0, 1, 1, 0, length) + whole[HEADER.size:]
    for length in (0, 1, 11, 14, 16, 65537, 0x7fffffff, 0x80000000, 0xffffffff):
        yield f"message length {length}", whole[:16] + struct.pack("!I", length) + whole[20:]
    for kind in (0, 3, 4, 5, 255):
        yield f"kind {kind}", whole[:20] + bytes([kind]) + whole[21:]
    for number in (0, 2, 17, 65535):
        yield f"messages {number}", HEADER.pack(b"FDBR", 1, 0, 1, number, 0, len(whole) - 16) + whole[16:]
    for number in (1, 2, 10000, 65535):
        yield f"headers {number}", whole[:22] + struct.pack("!H", number) + whole[24:]
    text = frame(b"\0\2\xff\xff\0\1a")
    yield "text that is no UTF-8", text[:22] + struct.pack("!H", 1) + text[24:]


def bad(path):
    """Send what keeps to no format, each on a connection of its own, and print what was not refused."""
    fd = os.open("/dev/null", os.O_RDONLY)
    tried, wrong = 0, []
    for name, data in malformed():
        with connect(path) as peer:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                send(peer, data, [fd])
                peer.shutdown(socket.SHUT_WR)
            if outcome(peer) == "reply":
                wrong.append(name)
        tried += 1
    for name, steps in misplaced():
        with connect(path) as peer:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for data, number in steps:
                    send(peer, data, [fd] * number)
                    await_read(peer)
                peer.shutdown(socket.SHUT_WR)
            if outcome(peer) == "reply":
                wrong.append(name)
        tried += 1
    print("tried", tried, *wrong)


def misplaced():
    """Return descriptors where none belong, as steps of bytes and a number of descriptors."""
    whole = frame(b"hi", 2)
    yield "descriptors with the second byte", [(whole[:1], 0), (whole[1:], 2)]
    yield "descriptors with the body", [(whole[:20], 0), (whole[20:], 2)]
    yield "descriptors twice", [(whole[:20], 2), (whole[20:], 2)]
    yield "descriptors in two parts", [(whole[:20], 1), (whole[20:], 1)]
    yield "more than announced", [(whole, 17)]
    yield "far more than announced", [(whole, 253)]
    yield "none announced", [(frame(), 3)]
    yield "a message that counts fewer", [(frame(b"hi", 2, 1), 2)]
    yield "a message that counts more", [(frame(b"hi", 2, 3), 2)]


def kernel_limits(path):
    """Send what the kernel refuses or drops."""
    fd = os.open("/dev/null", os.O_RDONLY)
    with connect(path) as peer:
        try:
            send(peer, frame(b"hi", 254), [fd] * 254)
            print("sent")
        except OSError as e:
            print(errno.errorcode[e.errno])
    with connect(path) as peer:
        send(peer, b"", [fd])
        send(peer, frame())
        print(outcome(peer))


def die(path, rounds):
    """Kill a process that has sent a part of a frame, at every byte of it, and print how many died."""
    fd = os.open("/dev/null", os.O_RDONLY)
    whole, dead = frame(b"payload", 3), 0
    for _ in range(int(rounds)):
        for end in range(len(whole) + 1):
            child = os.fork()
            if child == 0:
                peer = connect(path)
                if end > 0:
                    send(peer, whole[:end], [fd] * 3)
                os.kill(os.getpid(), signal.SIGKILL)
            dead += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    print("killed", dead)


def types(path):
    """Send descriptors of all kinds, and print those that cost more than their own request."""
    wrong, tried = [], 0
    for name, fds in kinds():
        with connect(path) as peer:
            try:
                send(peer, frame(b"kind", 1), [fds[0]])
            except OSError as e:
                if e.errno != errno.EINVAL:
                    raise
            else:
                seen = outcome(peer)
                if seen == "closed":
                    wrong.append(name)
                send(peer, frame(b"after"))
                if outcome(peer) != "reply":
                    wrong.append(name + " afterwards")
                tried += 1
        for fd in fds:
            os.close(fd)
    print("tried", tried, *wrong)


def kinds():
    """Return descriptors of all kinds, the first of each to be sent."""
    yield "file", [os.open("/etc/hostname", os.O_RDONLY)]
    yield "directory", [os.open("/", os.O_RDONLY | os.O_DIRECTORY)]
    yield "path", [os.open("/etc/hostname", os.O_PATH)]
    yield "pipe to read", list(os.pipe())
    yield "pipe to write", list(reversed(os.pipe()))
    yield "endless device", [os.open("/dev/zero", os.O_RDONLY)]
    yield "TCP", [socket.socket(socket.AF_INET, socket.SOCK_STREAM).detach()]
    yield "UDP", [socket.socket(socket.AF_INET, socket.SOCK_DGRAM).detach()]
    listener = socket.create_server(("127.0.0.1", 0))
    yield "listening", [listener.detach()]
    yield "Unix stream", [end.detach() for end in socket.socketpair()]
    yield "Unix datagram", [end.detach() for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)]
    yield "memory", [os.memfd_create("a")]
    yield "sealable memory", [os.memfd_create("a", os.MFD_ALLOW_SEALING)]
    with select.epoll() as epoll:
        yield "epoll", [os.dup(epoll.fileno())]
    yield "pidfd", [os.pidfd_open(os.getpid())]
    yield "namespace", [os.open("/proc/self/ns/net", os.O_RDONLY)]


def truncated(path, count):
    """Send files in memory that shrink to nothing while they are read."""
    for _ in range(int(count)):
        fd = memfd(bytes(1 << 20))
        child = os.fork()
        if child == 0:
            for _ in range(2000):
                os.ftruncate(fd, 0)
                os.ftruncate(fd, 1 << 20)
            os._exit(0)
        with connect(path) as peer:
            send(peer, frame(b"size", 1), [fd])
            print(outcome(peer))
        os.waitpid(child, 0)
        os.close(fd)


def slow(path, count):
    """Send one byte after another on many connections until all are closed; print how many were."""
    peers = {peer.fileno(): peer for peer in (connect(path) for _ in range(int(count)))}
    sent = dict.fromkeys(peers, 0)
    data = frame(bytes(60000), 0)
    print("ready", flush=True)
    end = time.monotonic() + PATIENCE
    while peers and time.monotonic() < end:
        for fd in list(peers):
            try:
                peers[fd].setblocking(False)
                peers[fd].send(data[sent[fd]:sent[fd] + 1])
                sent[fd] += 1
            except BlockingIOError:
                pass
            except OSError:
                peers.pop(fd).close()
        time.sleep(0.1)
    print("cut", int(count) - len(peers), flush=True)


def garbage(path, seconds, kind="stream"):
    """Send garbage on one connection after another for some seconds; print how many there were."""
    count, end = 0, time.monotonic() + float(seconds)
    while time.monotonic() < end:
        with connect(path, {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET}[kind]) as peer:
            with contextlib.suppress(OSError):
                peer.send(b"\n2026-01-01 ERROR forged line\x1b[31m and more garbage")
                outcome(peer)
        count += 1
    print("tried", count)


def unfit(path, seconds):
    """Send messages that the method fails at, for some seconds; print how many there were."""
    count, end = 0, time.monotonic() + float(seconds)
    one_way = bytearray(frame(b"fail"))
    one_way[20] = fdframe.ONE_WAY
    one_way[24:32] = bytes(8)
    with connect(path) as peer:
        while time.monotonic() < end:
            peer.sendall(bytes(one_way) * 100)
            count += 100
    print("tried", count)


def cycles(path, count):
    """Send connections over themselves and over each other, and close them."""
    for i in range(int(count)):
        with connect(path) as peer, contextlib.suppress(OSError):
            send(peer, frame(b"cycle", 1), [peer.fileno()])
            outcome(peer)
        one, two = socket.socketpair()
        with one, two, connect(path) as peer:
            send(one, b"x", [two.fileno()])
            send(two, b"x", [one.fileno()])
            send(peer, frame(b"cycle", 2), [one.fileno(), two.fileno()])
            outcome(peer)
        if i % 50 == 0:
            unfinished_cycle(path)
    print("sent", count)


def unfinished_cycle(path):
    """Send two connections over each other with half a frame each, and wait until the server gives them up.

    It holds both ends of each, so that the time for a message is all that ends them."""
    with connect(path) as peer, connect(path) as other:
        send(peer, frame(b"cycle", 2)[:20], [other.fileno(), peer.fileno()])
        send(other, frame(b"cycle", 2)[:20], [peer.fileno(), other.fileno()])
        outcome(peer)
        outcome(other)


def refused(path, count):
    """Connect and send descriptors to a socket that refuses this user."""
    fd = os.open("/dev/null", os.O_RDONLY)
    seen = 0
    for _ in range(int(count)):
        with connect(path) as peer:
            with contextlib.suppress(OSError):
                send(peer, frame(b"hi", 16), [fd] * 253)
            seen += outcome(peer) == "closed"
    print("refused", seen)


def full(path, rounds):
    """Have the server fill its table, send descriptors, and have it free them again; print how often that worked."""
    fd = os.open("/dev/null", os.O_RDONLY)
    worked = 0
    with fdframe.Connection.connect(path, timeout=PATIENCE) as control:
        for index in range(int(rounds)):
            with connect(path) as peer:
                send(peer, frame(b"hi"))
                outcome(peer)
                leave = (0, 1, 5, 15)[index % 4]
                with control.request(f"fill {leave}".encode()) as reply:
                    if reply.payload != b"full":
                        raise AssertionError(reply.payload)
                with contextlib.suppress(OSError):
                    send(peer, frame(b"hi", 16), [fd] * 16)
                seen = outcome(peer)
                with control.request(b"free"):
                    worked += seen in ("closed", "error")
    print("recovered", worked)


def idle(path, count):
    """Connect many clients that are served once and then stay silent."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    kept = []
    for _ in range(int(count)):
        peer = connect(path)
        send(peer, frame())
        if outcome(peer) != "reply":
            raise AssertionError("not served")
        kept.append(peer)
    hold(*kept)


def deaf(path, count):
    """Send requests and read no reply, until nothing more can be sent."""
    kept = []
    for _ in range(int(count)):
        peer = connect(path)
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            while True:
                send(peer, frame(bytes(30000)))
        kept.append(peer)
    hold(*kept)


def fuzz(path, seconds, seed):
    """Send frames that were changed at random, with random descriptors, in random parts."""
    rng = random.Random(seed)
    fds = [fds[0] for name, fds in kinds() if name != "endless device"]
    count, end = 0, time.monotonic() + float(seconds)
    while time.monotonic() < end:
        number = rng.randrange(4)
        data = bytearray(frame(rng.randbytes(rng.randrange(200)), number))
        for _ in range(rng.randrange(4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with connect(path) as peer, contextlib.suppress(OSError):
            cut = rng.randrange(1, len(data))
            send(peer, bytes(data[:cut]), rng.choices(fds, k=number if rng.random() < 0.7 else rng.randrange(20)))
            send(peer, bytes(data[cut:]), rng.choices(fds, k=rng.choice((0, 0, 0, 1))))
            if rng.random() < 0.5:
                peer.shutdown(socket.SHUT_WR)
                outcome(peer)
        count += 1
    print("tried", count)


def large(path, count, size, number):
    """Ask with large messages and descriptors on one connection; print how many were replied as they should."""
    fd = memfd(b"large")
    payload = b"ask ".ljust(int(size) - 4096, b"x")
    with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
        for _ in range(int(count)):
            with connection.request(payload, None, [(f"file{i}", fd) for i in range(int(number))]) as reply:
                if not reply.payload.endswith(b" [large]"):
                    raise AssertionError(reply.payload[-100:])
    print("sent", count)


def begin(path, count, size):
    """Begin large messages on many connections, and send all of them but a byte, as far as they are taken."""
    kept = []
    data = frame(bytes(int(size) - 4096))
    for _ in range(int(count)):
        peer = connect(path)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            peer.sendall(data[:-1])
        kept.append(peer)
    hold(*kept)


def load(path, count):
    """Send numbered requests as fast as they are replied until the server is gone; print the number of replies."""
    replies = 0
    fd = memfd(b"load")
    with contextlib.suppress(OSError, fdframe.FrameError, EOFError):
        with fdframe.Connection.connect(path, timeout=PATIENCE) as connection:
            while replies < int(count):
                with connection.request(b"ask", None, [("file", fd)]):
                    replies += 1
                    if replies == 1:
                        print("ready", flush=True)
    print("replies", replies, flush=True)


def main(command, path, *arguments):
    """Run a command; a peer that hangs ends after a while."""
    signal.alarm(LIFE)
    globals()[command.replace("-", "_")](path, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
