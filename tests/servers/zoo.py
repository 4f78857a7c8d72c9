#!/usr/bin/env python3
"""A zoo of HTTP servers in one: every path misbehaves in its own way. Those that break the rules of HTTP itself are in hostile.py.

    zoo.py [CERTIFICATE.pem ...]

Listens on 127.0.0.1, prints its port alone on the first line, and ends when its standard input is closed, so it never outlives a
test. For each certificate (with its key in the same file) there is a port with TLS too; they follow on the same line.
Bodies are deterministic: byte i of a body is (i * 31 + i // 251) % 256.
"""
import os
import socket
import ssl
import sys
import threading
import time

sys.dont_write_bytecode = True  # nothing is left in the source tree
from connection import Connection, body, chunk  # noqa: E402 pylint: disable=wrong-import-position
from hostile import ANIMALS  # noqa: E402 pylint: disable=wrong-import-position

counts = {}
connections = [0]
lock = threading.Lock()


def count(path):
    with lock:
        counts[path] = counts.get(path, 0) + 1
        return counts[path]


def ok(c, path, fields, n):
    c.answer("200 OK", body(int(path.split("?")[0].split("/")[2])))


def missing(c, path, fields, n):
    c.answer("404 Not Found", b"no such thing here")


def missing_endless(c, path, fields, n):
    c.head("404 Not Found", "Connection: close")
    while True:
        c.send(b"x" * 65536)


def flaky(c, path, fields, n):
    c.answer("500 Oops", b"sorry") if n <= 2 else c.answer("200 OK", body(5000))


def always(c, path, fields, n):
    c.answer(path.split("/")[2] + " Whatever", b"sorry")


def busy(c, path, fields, n):
    wait = path.split("/")[2]
    c.answer("429 Slow Down", b"", "Retry-After: " + wait) if n <= 1 else c.answer("200 OK", body(5000))


def short(c, path, fields, n):
    c.head("200 OK", "Content-Length: 100000")
    c.send(body(50000))
    c.close()


def short_once(c, path, fields, n):
    short(c, path, fields, n) if n <= 1 else c.answer("200 OK", body(100000))


def by_close(c, path, fields, n):
    c.head("200 OK", "Connection: close")
    c.send(body(30000))
    c.close()


def chunked(c, path, fields, n):
    c.head("200 OK", "Transfer-Encoding: chunked")
    data = body(30000)
    for i in range(0, len(data), 7000):
        c.send(chunk(data[i:i + 7000]))
    c.send(b"0\r\n\r\n")


def chunked_cut(c, path, fields, n):
    c.head("200 OK", "Transfer-Encoding: chunked")
    c.send(chunk(body(7000)))
    c.close()


def endless(c, path, fields, n):
    c.head("200 OK", "Transfer-Encoding: chunked")
    while True:
        c.send(chunk(b"x" * 65536))


def endless_close(c, path, fields, n):
    c.head("200 OK", "Connection: close")
    while True:
        c.send(b"x" * 65536)


def promised_large(c, path, fields, n):
    c.head("200 OK", "Content-Length: 99999999999")
    c.send(b"x" * 1000)
    time.sleep(30)


def headers(c, path, fields, n):
    c.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        c.send(b"X-More: " + b"y" * 1000 + b"\r\n")


def one_byte(c, path, fields, n):
    c.head("200 OK", "Content-Length: 1000")
    c.send(b"x")
    time.sleep(30)


def silent(c, path, fields, n):
    time.sleep(30)


def drip(c, path, fields, n):
    c.head("200 OK", "Content-Length: 1000")
    while True:
        c.send(b"x")
        time.sleep(0.1)


def loop(c, path, fields, n):
    c.answer("302 Found", b"over there", "Location: " + path)


def to_file(c, path, fields, n):
    c.answer("302 Found", b"over there", "Location: file:///etc/hostname")


def hop(c, path, fields, n):
    left = int(path.split("/")[2])
    c.answer("302 Found", b"x" * 500, "Location: /hop/%d/other-name.bin" % (left - 1) if left else "Location: /ok/4000/other-name.bin")


def disposition(c, path, fields, n):
    c.answer("200 OK", body(4000), 'Content-Disposition: attachment; filename=".bashrc"')


def empty(c, path, fields, n):
    c.answer("200 OK", b"")


def no_content(c, path, fields, n):
    c.head("204 No Content")


def partial(c, path, fields, n):
    c.answer("206 Partial Content", body(100), "Content-Range: bytes 0-99/1000")


def reset(c, path, fields, n):
    c.head("200 OK", "Content-Length: 100000")
    c.send(body(20000))
    time.sleep(0.4)  # a reset throws away what the client has not read yet
    c.reset()


def reset_once(c, path, fields, n):
    reset(c, path, fields, n) if n <= 1 else c.answer("200 OK", body(1000))


def reset_later_once(c, path, fields, n):
    """The first time it breaks in the middle, after a second."""
    if n > 1:
        c.answer("200 OK", body(1000))
        return
    c.head("200 OK", "Content-Length: 100000")
    c.send(body(20000))
    time.sleep(1)
    c.reset()


def gone(c, path, fields, n):
    c.close()


def garbage(c, path, fields, n):
    c.send(b"\x1b]0;owned\x07 this is not HTTP\r\n\r\n")
    c.close()


def encoded(c, path, fields, n):
    c.answer("200 OK", b"\x1f\x8b not really gzip", "Content-Encoding: gzip")


def auth(c, path, fields, n):
    c.answer("200 OK" if "authorization" in fields else "401 Unauthorized", body(100))


def agent(c, path, fields, n):
    c.answer("200 OK", (fields.get("user-agent", "") + "|" + fields.get("accept-encoding", "none")).encode())


def slow(c, path, fields, n):
    """100,000 bytes in about two seconds."""
    c.head("200 OK", "Content-Length: 100000")
    data = body(100000)
    for i in range(0, len(data), 1000):
        c.send(data[i:i + 1000])
        time.sleep(0.02)


def ask_count(c, path, fields, n):
    with lock:
        c.answer("200 OK", str(counts.get(path[len("/count"):], 0)).encode())


def ask_connections(c, path, fields, n):
    with lock:
        c.answer("200 OK", str(connections[0]).encode())


ZOO = {
    "ok": ok, "missing": missing, "missing-endless": missing_endless, "flaky": flaky, "always": always, "busy": busy,
    "short": short, "short-once": short_once, "by-close": by_close, "chunked": chunked, "chunked-cut": chunked_cut,
    "endless": endless, "endless-close": endless_close, "promised-large": promised_large, "headers": headers,
    "one-byte": one_byte, "silent": silent, "drip": drip, "loop": loop, "to-file": to_file, "hop": hop,
    "disposition": disposition, "empty": empty, "no-content": no_content, "partial": partial, "reset": reset, "reset-once": reset_once,
    "reset-later-once": reset_later_once, "gone": gone,
    "garbage": garbage, "encoded": encoded, "auth": auth, "agent": agent, "slow": slow, "count": ask_count,
    "connections": ask_connections,
}


ZOO |= ANIMALS


def serve(sock, tls):
    try:
        connection = Connection(tls.wrap_socket(sock, server_side=True) if tls else sock)
        with lock:
            connections[0] += 1
        while connection.open:
            asked = connection.request()
            if asked is None:
                break
            path, fields = asked
            ZOO.get(path.split("?")[0].split("/")[1], missing)(connection, path, fields, count(path))
        connection.sock.close()
    except OSError:
        pass
    sock.close()


def listen(tls=None):
    """Serves on a port of its own, which is returned."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)

    def accept():
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(sock, tls), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def listen_with(certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return listen(tls)


def main():
    print(listen(), *map(listen_with, sys.argv[1:]), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
