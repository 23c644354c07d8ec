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
"""packets.py PATH FILE: connect a seqpacket socket, and send for each line that is read

empty         nothing
descriptor    nothing, with the file's descriptor
text          the line itself

When a send fails, the name of the error is printed.
"""

import errno
import os
import socket
import sys

path, file = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
peer.connect(path)
descriptor = os.open(file, os.O_RDONLY)
print("ready", flush=True)
for line in sys.stdin:
    try:
        if line == "descriptor\n":
            socket.send_fds(peer, [b""], [descriptor])
        else:
            peer.send(b"" if line == "empty\n" else line.strip().encode())
    except OSError as ex:
        print(errno.errorcode[ex.errno], flush=True)
