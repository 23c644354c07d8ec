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
"""A service manager, as far as sd_notify(3) and sd_listen_fds(3) describe one.

manager.py [OPTION...] ADDRESS [COMMAND...]

ADDRESS            where it is notified: a path, or an abstract name that begins with @
--listen=NAME=PATH listen there, and pass the socket to the service
--setenv=NAME=TEXT set a variable for the service
--main=PID         whom it heeds, where it starts nothing itself
--deaf             never come to deal with a barrier

It reads commands line by line: start, stop, store (list what is kept). It prints "told" with each notification that
it heeds, "stranger" with each that comes from another process, "dropped" with the name of what it keeps no longer
because the other end is closed, and "exited" with the service's exit code.
"""

import argparse
import os
import re
import select
import signal
import socket
import struct
import sys

CREDENTIALS = struct.Struct("iII")


class Manager:
    def __init__(self, options):
        self.options = options
        self.epoll = select.epoll()
        self.kept = []
        self.pidfd = None
        self.main = options.main
        self.listening = []
        for listen in options.listen:
            name, path = listen.split("=", 1)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            listener.bind(path)
            listener.listen()
            self.listening.append((name, listener.fileno(), listener))
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.notify.bind(options.address.replace("@", "\0", 1) if options.address[0] == "@" else options.address)
        self.epoll.register(self.notify, select.EPOLLIN)
        self.epoll.register(0, select.EPOLLIN)

    def run(self):
        print("ready", flush=True)
        while True:
            for descriptor, events in self.epoll.poll():
                if descriptor == self.notify.fileno():
                    self.notified()
                elif descriptor == self.pidfd:
                    self.exited()
                elif descriptor == 0:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    getattr(self, line.strip())()
                else:
                    self.hung_up(descriptor)

    def start(self):
        passed = [(name, number) for name, number, _ in self.listening] + self.kept
        self.main = os.fork()
        if self.main == 0:
            self.become_service(passed)
        self.pidfd = os.pidfd_open(self.main)
        self.epoll.register(self.pidfd, select.EPOLLIN)

    def become_service(self, passed):
        environment = dict(os.environ, NOTIFY_SOCKET=self.options.address, FDSTORE="16")
        environment.update(variable.split("=", 1) for variable in self.options.setenv)
        if passed:
            environment.update(LISTEN_FDS=str(len(passed)), LISTEN_PID=str(os.getpid()),
                               LISTEN_FDNAMES=":".join(name for name, _ in passed))
            # First out of the way of the numbers that they get.
            copies = [os.dup2(number, 100 + i) for i, (_, number) in enumerate(passed)]
            for i, number in enumerate(copies):
                os.dup2(number, 3 + i)
            os.closerange(3 + len(passed), 1024)
        os.execvpe(self.options.command[0], self.options.command, environment)

    def stop(self):
        signal.pidfd_send_signal(self.pidfd, signal.SIGTERM)

    def store(self):
        print("store", ",".join(name for name, _ in self.kept), flush=True)

    def exited(self):
        _, status = os.waitpid(self.main, 0)
        self.epoll.unregister(self.pidfd)
        os.close(self.pidfd)
        print("exited", os.waitstatus_to_exitcode(status), flush=True)

    def notified(self):
        data, control, _, _ = self.notify.recvmsg(4096, socket.CMSG_SPACE(CREDENTIALS.size) + socket.CMSG_SPACE(253 * 4))
        sender, descriptors = None, []
        for level, kind, content in control:
            if kind == socket.SCM_CREDENTIALS:
                sender = CREDENTIALS.unpack(content)[0]
            elif kind == socket.SCM_RIGHTS:
                descriptors = list(struct.unpack(f"{len(content) // 4}i", content))
        text = data.decode().replace("\n", " ")
        if sender != self.main:
            print("stranger", sender, text, flush=True)
            self.close(descriptors)
            return
        print("told", text, f"with {len(descriptors)}" if descriptors else "", flush=True)
        self.obey(data.decode().split("\n"), descriptors)

    def obey(self, assignments, descriptors):
        values = dict(assignment.split("=", 1) for assignment in assignments)
        name = values.get("FDNAME", "stored")
        if not re.fullmatch(r"[\x20-\x39\x3b-\x7e]{1,255}", name):
            name = "stored"
        if values.get("FDSTORE") == "1":
            for descriptor in descriptors:
                self.kept.append((name, descriptor))
                if values.get("FDPOLL") != "0":
                    self.watch(descriptor)
        elif values.get("FDSTOREREMOVE") == "1":
            self.close(descriptors)
            for descriptor in [descriptor for kept, descriptor in self.kept if kept == name]:
                self.drop(descriptor)
        elif values == {"BARRIER": "1"} and len(descriptors) == 1:
            if not self.options.deaf:
                self.close(descriptors)
        else:
            self.close(descriptors)

    def watch(self, descriptor):
        try:
            self.epoll.register(descriptor, select.EPOLLHUP | select.EPOLLERR)
        except PermissionError:
            pass  # It is not pollable.

    def hung_up(self, descriptor):
        print("dropped", next(name for name, kept in self.kept if kept == descriptor), flush=True)
        self.drop(descriptor)

    def drop(self, descriptor):
        self.kept = [(name, kept) for name, kept in self.kept if kept != descriptor]
        self.close([descriptor])

    @staticmethod
    def close(descriptors):
        for descriptor in descriptors:
            os.close(descriptor)


parser = argparse.ArgumentParser()
parser.add_argument("--listen", action="append", default=[])
parser.add_argument("--setenv", action="append", default=[])
parser.add_argument("--main", type=int)
parser.add_argument("--deaf", action="store_true")
parser.add_argument("address")
parser.add_argument("command", nargs=argparse.REMAINDER)
Manager(parser.parse_args()).run()
