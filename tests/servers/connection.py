"""connection.py - one connection of the zoo (zoo.py), and what its answers are made of."""
import socket
import struct


def body(size):
    """Byte i is (i * 31 + i // 251) % 256."""
    return bytes((i * 31 + i // 251) % 256 for i in range(size))


def chunk(data):
    return b"%x\r\n" % len(data) + data + b"\r\n"


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.open = True
        self.buffer = b""

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status, *fields):
        self.send(("HTTP/1.1 %s\r\n%s\r\n" % (status, "".join(f + "\r\n" for f in fields))).encode("latin-1"))

    def answer(self, status, data, *fields):
        self.head(status, "Content-Length: %d" % len(data), *fields)
        self.send(data)

    def close(self):
        self.open = False

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def request(self):
        """(path, header fields by lower-case name), or None when the client has gone."""
        while b"\r\n\r\n" not in self.buffer:
            got = self.sock.recv(65536)
            if not got:
                return None
            self.buffer += got
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        fields = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        return lines[0].split(" ")[1], fields
