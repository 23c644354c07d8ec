"""Borrows the vault's file, and finds that there is no other way to it.

usage: vault.py PATH PASSWORD
"""

import os
import socket
import sys

path, password = sys.argv[1:]
vault = socket.socket(socket.AF_UNIX)
vault.connect(path)
vault.send(password.encode())
_, descriptors, _, _ = socket.recv_fds(vault, 1, 1)
if not descriptors:
    sys.exit("the vault stays closed")
print("read:", os.read(descriptors[0], 1000).decode())
try:
    os.write(descriptors[0], b"x")
except OSError as error:
    print("write:", error.strerror)
try:
    open(os.readlink("/proc/self/fd/%d" % descriptors[0]))
except OSError as error:
    print("open:", error.strerror)
