"""
Passes a listening socket to a command as a service manager does, and restarts it while
clients send requests.

usage: activation.py NAME RESTARTS COMMAND...

Every other client keeps its connection for further requests.

Prints "requests N failed N processes N", and each failure on a line of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

CLIENTS = 8


def start(listener, name, command):
    environment = dict(os.environ, LISTEN_FDS="1", LISTEN_FDNAMES=name)
    shell = ["sh", "-c", 'exec 3<&%d; LISTEN_PID=$$ exec "$@"' % listener.fileno(), "sh"]
    return subprocess.Popen(shell + command, env=environment, pass_fds=[listener.fileno()],
                            stdout=sys.stderr)


class Response:

    def __init__(self, file):
        status = file.readline()
        if not status:
            raise EOFError("closed before the response")
        if b" 200 " not in status:
            raise ValueError(repr(status))
        self.close = False
        length = 0
        for line in iter(file.readline, b"\r\n"):
            name, value = line.lower().split(b":", 1)
            if name == b"connection":
                self.close = value.strip() == b"close"
            if name == b"content-length":
                length = int(value)
        self.body = file.read(length)


class Client(threading.Thread):

    def __init__(self, address, keep_alive):
        super().__init__(daemon=True)
        self.address = address
        self.keep_alive = keep_alive
        self.failures = []
        self.processes = {}
        self.requests = 0
        self.stopping = False
        self.connection = None

    def run(self):
        while not self.stopping:
            self.requests += 1
            try:
                self.ask()
            except (OSError, EOFError, ValueError) as failure:
                self.failures.append(repr(failure))
                self.drop()

    def ask(self):
        if self.connection is not None and self.ended():
            self.drop()
        if self.connection is None:
            self.connection = socket.create_connection(self.address, 60)
            self.file = self.connection.makefile("rb")
        ask = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        self.connection.sendall(ask + (b"\r\n" if self.keep_alive else b"Connection: close\r\n\r\n"))
        response = Response(self.file)
        self.processes[response.body] = True
        if response.close or not self.keep_alive:
            self.drop()

    def ended(self):
        """RFC 9112 has a client notice that a connection was closed while it was idle."""
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(60)

    def drop(self):
        if self.connection is not None:
            self.file.close()
            self.connection.close()
            self.connection = None


def main(name, restarts, *command):
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    process = start(listener, name, list(command))
    clients = [Client(listener.getsockname(), number % 2 == 0) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        for generation in range(1, int(restarts) + 1):
            await_processes(clients, generation, process)
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process = start(listener, name, list(command))
        await_processes(clients, int(restarts) + 1, process)
    finally:
        for client in clients:
            client.stopping = True
        for client in clients:
            client.join(60)
        process.kill()
        process.wait()
    print("requests %d failed %d processes %d" % (sum(client.requests for client in clients),
                                                  sum(len(client.failures) for client in clients),
                                                  len(processes(clients))))
    for client in clients:
        for failure in client.failures:
            print(failure)


def processes(clients):
    return set().union(*(client.processes for client in clients))


def await_processes(clients, count, process):
    end = time.monotonic() + 120
    while len(processes(clients)) < count:
        if process.poll() is not None or time.monotonic() > end:
            raise TimeoutError("no request was served by process %d" % count)
        time.sleep(0.05)


main(*sys.argv[1:])
