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
"""passed_on.py TYPE PATH UID FIRST SECOND: connect and send FIRST, then let a child of user UID send SECOND

over the same connection; both are hexadecimal.
"""

import os
import socket
import sys

kind, path, uid, first, second = sys.argv[1:]
peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET if kind == "seqpacket" else socket.SOCK_STREAM)
peer.connect(path)
peer.send(bytes.fromhex(first))
child = os.fork()
if child == 0:
    os.setgroups([])
    os.setgid(int(uid))
    os.setuid(int(uid))
    peer.send(bytes.fromhex(second))
    os._exit(0)
os.waitpid(child, 0)
