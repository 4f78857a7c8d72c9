"""sockets.py - whose socket a request came from: for servers that do something to the very process that asks them."""
import os
import socket
import struct

from cli.support import process_stat, wait_for


def socket_inode(local, remote):
    """The inode of the socket of this machine that is connected so; None while the kernel's table does not show it."""
    def as_listed(address):
        return "%08X:%04X" % (struct.unpack("=I", socket.inet_aton(address[0]))[0], address[1])
    with open("/proc/net/tcp", encoding="ascii") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            if fields[1:3] == [as_listed(local), as_listed(remote)] and fields[9] != "0":
                return fields[9]
    return None


def holder_of(inode):
    """The pid of the worker or runner that has this socket open, or None."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or not (process_stat(entry) or ("",))[0].startswith("juggler"):
            continue
        try:
            if any(os.readlink(f"/proc/{entry}/fd/{fd}") == f"socket:[{inode}]" for fd in os.listdir(f"/proc/{entry}/fd")):
                return int(entry)
        except OSError:
            continue
    return None


def process_behind(handler):
    """The pid of the process on the other side of this connection; both are on this machine."""
    def look():
        inode = socket_inode(handler.client_address, handler.server.server_address)
        return inode and holder_of(inode)
    return wait_for(look, "somebody is behind the connection")
