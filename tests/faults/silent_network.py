"""A network that says nothing, for one program: run as a script under `unshare -rnm`.

    unshare -rnm python3 silent_network.py FOLDER COMMAND...

Inside there is loopback alone. /etc/resolv.conf names a server on it at whose port 53 somebody listens and never answers; at port 8001 of it a server
takes connections and says nothing, at port 8002 the queue of connections is full. The command is executed in place of this process (its
number stays the same); who holds the sockets is a child that goes with it.
"""
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time

SILENT_PORT, FULL_PORT = 8001, 8002
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
PR_SET_PDEATHSIG = 1


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP_RUNNING))


def replace(path, text, folder):
    own = os.path.join(folder, f"{os.path.basename(path)}.{os.getpid()}")
    with open(own, "w", encoding="ascii") as file:
        file.write(text)
    subprocess.run(["mount", "--bind", own, path], check=True)


def listen(port, queue):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen(queue)
    return server


def hold_sockets(parent, ready):
    """Takes what comes to the silent port, and never says a word."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    silent, full = listen(SILENT_PORT, 512), listen(FULL_PORT, 0)
    waiting = []
    for _ in range(8):  # more than the queue holds: whoever comes now gets no answer at all
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(full.getsockname())
        waiting.append(one)
    os.write(ready, b"k")
    os.close(ready)
    for fd in range(3):
        os.dup2(os.open("/dev/null", os.O_RDWR), fd)
    while True:
        waiting.append(silent.accept())


def main():
    folder, command = sys.argv[1], sys.argv[2:]
    raise_loopback()
    replace("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n", folder)
    replace("/etc/nsswitch.conf", "hosts: files dns\n", folder)
    hear, ready = os.pipe()
    parent = os.getpid()
    if os.fork() == 0:
        os.close(hear)
        hold_sockets(parent, ready)
    os.close(ready)
    if os.read(hear, 1) != b"k":
        sys.exit(99)
    os.close(hear)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
