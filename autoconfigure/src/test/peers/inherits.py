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
"""Starts a program with one end of a socketpair as its standard output, and talks to it.

inherits.py COMMAND...  reply to each request with its payload in capital letters and its
                        descriptors, but not to "late"; print every message, and at the end the
                        program's status
"""

import os
import socket
import subprocess
import sys

from fdframe import REQUEST, Connection


def main(command):
    """Start the program and serve it until it ends."""
    ours, theirs = socket.socketpair()
    with Connection(ours) as connection:
        program = subprocess.Popen(command, stdout=theirs)
        theirs.close()
        while (message := connection.receive()) is not None:
            with message:
                contents = [os.read(fd, 4096).decode() for _, fd in message.descriptors]
                print(message.payload.decode(), *contents, flush=True)
                if message.kind == REQUEST and message.payload != b"late":
                    connection.reply(message, message.payload.upper(), None, message.descriptors)
        print("status", program.wait(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
