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
"""A peer that reads frames when it is told to: frames.py PATH

It listens, prints "ready", accepts a connection after another, and reads each of them after a line on
its standard input: for each frame it prints "frame", the number of its descriptors, and for each of
its messages the payload, which has to be the content of the one descriptor; "end" at the end.
"""

import os
import socket
import sys

import fdframe


def describe(message):
    """Return the payload, or what is wrong with the message."""
    with message:
        contents = [os.pread(fd, 100, 0) for _, fd in message.descriptors]
        expected = message.payload[:100]
        return expected.decode() if contents in ([], [expected]) else f"{expected}!={contents}"


def read(connection):
    """Print the frames of a connection."""
    frame = connection._read_frame()
    while frame is not None:
        descriptors = sum(len(message.descriptors) for message in frame)
        print("frame", descriptors, *[describe(message) for message in frame], flush=True)
        frame = connection._read_frame()
    print("end", flush=True)


def main(path):
    """Serve."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            accepted, _ = listener.accept()
            with fdframe.Connection(accepted) as connection:
                if not sys.stdin.readline():
                    return
                try:
                    read(connection)
                except (OSError, fdframe.FrameError) as e:
                    print("broken", e, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
