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
"""Another user of the system that attacks sockets by their paths. First prints "ready"."""
import os
import socket
import sys


def say(text):
    print(text, flush=True)


def reply_to(server, own, victim, how):
    """Send from an address that another socket has by the time of the reply."""
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if how == "relative":
        os.chdir(os.path.dirname(own))
        own = os.path.basename(own)
    sender.bind(own)
    if how == "link":
        os.unlink(own)
        os.symlink(victim, own)
    elif how == "hardlink":
        os.unlink(own)
        os.link(victim, own)
    say("ready")
    sender.sendto(sys.stdin.readline().strip().encode(), server)
    if how == "own":
        say(sender.recv(100).decode())


def victim(path):
    """A socket of its own user only: print what it got, for each line of input."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(path)
    os.chmod(path, 0o600)
    say("ready")
    for _ in sys.stdin:
        try:
            say(receiver.recv(100, socket.MSG_DONTWAIT).decode())
        except BlockingIOError:
            say("nothing")


def swap_lock(lock, victim):
    """Put a link to the victim and a file of our own at the path of a lock file, by turns."""
    say("ready")
    while True:
        for put in (lambda: os.symlink(victim, lock), lambda: os.close(os.open(lock, os.O_CREAT | os.O_EXCL))):
            try:
                put()
            except OSError:
                pass
            try:
                os.unlink(lock)
            except OSError:
                pass


def swap_staging(directory, victim):
    """Put a directory with a link to the victim in the place of each staging directory."""
    say("ready")
    while True:
        for name in os.listdir(directory):
            if name.startswith(".f") and len(name) == 4:
                there = os.path.join(directory, name)
                try:
                    os.rename(there, there + "x")
                    os.mkdir(there)
                    os.symlink(victim, os.path.join(there, "s"))
                except OSError:
                    pass


def abstract(path):
    """Bind abstract names that look like the path in the list of bound sockets."""
    line = "0000000000000000: 00000002 00000000 00000000 0001 01 12345 " + path
    names = [b"x " + path.encode(), ("x\n" + line + "\n")[:107].encode(), b"\xff\xfe"]
    sockets = []
    for name in names:
        sockets.append(socket.socket(socket.AF_UNIX))
        sockets[-1].bind(b"\0" + name)
    say("ready")
    sys.stdin.read()


COMMANDS = {"reply-to": reply_to, "victim": victim, "swap-lock": swap_lock, "swap-staging": swap_staging,
            "abstract": abstract}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
