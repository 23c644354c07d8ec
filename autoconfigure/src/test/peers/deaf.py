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
"""deaf.py OWN PATH COUNT [connect]: send COUNT datagrams from OWN to PATH, and take no reply.

The kernel limits how many replies wait for a socket that is not connected (unix(7), max_dgram_qlen). What
waits for one that is connected to PATH is limited by the send buffer of the server only.
"""

import socket
import sys

own, path, count, *connect = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
peer.bind(own)
if connect:
    peer.connect(path)
for i in range(int(count)):
    if connect:
        peer.send(b"question %d" % i)
    else:
        peer.sendto(b"question %d" % i, path)
print("ready", flush=True)
sys.stdin.read()
