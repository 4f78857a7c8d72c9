"""hostile.py - animals of the zoo (zoo.py) that break the rules of HTTP, or use them against the client.

Those that are nothing but bytes are in the table RAW; the others are functions of a connection, the path, the request's fields and how
often the path has been asked for. What an animal sends without end, it sends until the client goes away.
"""
import functools
import gzip
import struct
import time
import zlib

from connection import body, chunk

LAST_CHUNK = b"0\r\n\r\n"
BOMB_BYTES = 200 << 20


def raw(*fields, data=b"", status="200 OK", then="close"):
    """An answer of these bytes, and what comes after it."""
    lines = [field.encode("latin-1") if isinstance(field, str) else field for field in fields]
    return b"\r\n".join([b"HTTP/1.1 " + status.encode("latin-1"), *lines, b"", b""]) + data, then


CHUNKED = "Transfer-Encoding: chunked"

# What is sent, and then: "close", "stay" (silent, the connection stays open) or "next" (the next request is listened to).
RAW = {
    # lengths
    "length-negative": raw("Content-Length: -5", data=body(100)),
    "length-plus": raw("Content-Length: +5", data=body(5)),
    "length-huge": raw("Content-Length: 99999999999999999999999999", data=body(100), then="stay"),
    "length-largest": raw("Content-Length: 9223372036854775807", data=body(100), then="stay"),
    "length-words": raw("Content-Length: plenty", data=body(100)),
    "length-hex": raw("Content-Length: 0x64", data=body(100)),
    "length-empty": raw("Content-Length: ", data=body(100)),
    "length-folded": raw("Content-Length: 1\r\n 00", data=body(100)),
    "encoding-folded": raw("Transfer-Encoding:\r\n chunked", data=chunk(body(100)) + b"0\r\n\r\n"),
    "length-twice": raw("Content-Length: 100", "Content-Length: 100", data=body(100), then="next"),
    "length-two": raw("Content-Length: 50", "Content-Length: 100", data=body(100)),
    "length-two-down": raw("Content-Length: 100", "Content-Length: 50", data=body(100)),
    "length-list": raw("Content-Length: 50, 100", data=body(100)),
    "length-and-chunks": raw("Content-Length: 7", CHUNKED, data=chunk(body(3000)) + LAST_CHUNK, then="next"),
    "chunks-and-length": raw(CHUNKED, "Content-Length: 7", data=chunk(body(3000)) + LAST_CHUNK, then="next"),
    "length-less": raw("Content-Length: 100", data=body(5000)),
    "length-one-more": raw("Content-Length: 5001", data=body(5000)),
    "length-blank-name": raw("Content-Length : 100", data=body(100)),
    # chunks
    "chunk-bad-size": raw(CHUNKED, data=chunk(body(100)) + b"xyz\r\n" + body(100)),
    "chunk-no-size": raw(CHUNKED, data=b"\r\n" + body(100)),
    "chunk-negative": raw(CHUNKED, data=b"-5\r\n" + body(100)),
    "chunk-huge": raw(CHUNKED, data=b"fffffffffffffffffffffffff\r\n" + body(100), then="stay"),
    "chunk-largest": raw(CHUNKED, data=b"7fffffffffffffff\r\n" + body(100), then="stay"),
    "chunk-no-end-of-line": raw(CHUNKED, data=b"64\r\n" + body(100) + b"no" + LAST_CHUNK),
    "chunk-cut-size": raw(CHUNKED, data=chunk(body(100)) + b"6"),
    "chunk-no-last": raw(CHUNKED, data=chunk(body(100))),
    "chunk-trailer": raw(CHUNKED, data=chunk(body(100)) + b"0\r\nX-After: all\r\n\r\n", then="next"),
    "chunk-trailer-open": raw(CHUNKED, data=chunk(body(100)) + b"0\r\nX-After: all\r\n", then="stay"),
    "chunk-trailer-cut": raw(CHUNKED, data=chunk(body(100)) + b"0\r\nX-After: all\r\n"),
    "chunk-trailer-large": raw(CHUNKED, data=chunk(body(100)) + b"0\r\nX-After: " + b"y" * 300000 + b"\r\n\r\n"),
    "chunk-tiny": raw(CHUNKED, data=b"".join(chunk(body(3000)[i:i + 1]) for i in range(3000)) + LAST_CHUNK, then="next"),
    "chunk-extension": raw(CHUNKED, data=b"64;a=b;c=\x1b[2J\r\n" + body(100) + b"\r\n" + LAST_CHUNK, then="next"),
    "encoding-unknown": raw("Transfer-Encoding: banana", data=body(100)),
    "encoding-many": raw("Transfer-Encoding: " + "gzip, " * 500 + "chunked", data=LAST_CHUNK),
    "encoding-not-gzip": raw("Transfer-Encoding: gzip, chunked", data=chunk(body(100)) + LAST_CHUNK),
    # heads
    "head-cut": (b"HTTP/1.1 200 OK\r\nContent-Le", "close"),
    "head-open": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "stay"),
    "head-no-colon": raw("this is no field", "Content-Length: 100", data=body(100), then="next"),
    "head-nul": raw(b"X-Nul: a\0b", "Content-Length: 100", data=body(100), then="next"),
    "head-binary": raw(b"X-Bytes: " + bytes(i for i in range(1, 256) if i not in (10, 13)), "Content-Length: 100", data=body(100),
                       then="next"),
    "head-folded": raw("X-Folded: one", "  two", "\tContent-Length: 7", "Content-Length: 100", data=body(100), then="next"),
    "head-bare-lf": (b"HTTP/1.1 200 OK\nContent-Length: 100\n\n" + body(100), "next"),
    "head-one-large": raw("X-Large: " + "y" * 1000000, "Content-Length: 100", data=body(100)),
    "head-name-large": raw("X" * 90000 + ": y", "Content-Length: 100", data=body(100), then="next"),
    "head-many": raw(*("X-%d: y" % i for i in range(3000)), "Content-Length: 100", data=body(100), then="next"),
    "head-too-many": raw(*("X-%d: %s" % (i, "y" * 80) for i in range(4000)), "Content-Length: 100", data=body(100)),
    "head-cookies": raw(*("Set-Cookie: c%d=%s; Domain=.com; Path=/" % (i, "y" * 500) for i in range(300)), "Content-Length: 100",
                        data=body(100), then="next"),
    "head-escape": raw("X-Title: \x1b]0;owned\x07", "Content-Length: 100", status="200 \x1b[2J\x1b]0;owned\x07", data=body(100),
                       then="next"),
    # first lines
    "first-nothing": (b"", "close"),
    "first-old": (body(4000), "close"),
    "first-other": (b"SSH-2.0-OpenSSH_9.9\r\n", "stay"),
    "first-version": (b"HTTP/9.9 200 OK\r\nContent-Length: 100\r\n\r\n" + body(100), "close"),
    "first-1.0": (b"HTTP/1.0 200 OK\r\n\r\n" + body(4000), "close"),
    "first-no-status": (b"HTTP/1.1 OK\r\nContent-Length: 100\r\n\r\n" + body(100), "close"),
    "first-short-status": (b"HTTP/1.1 20\r\nContent-Length: 100\r\n\r\n" + body(100), "close"),
    "first-long-status": (b"HTTP/1.1 20000 OK\r\nContent-Length: 100\r\n\r\n" + body(100), "close"),
    "first-large": (b"HTTP/1.1 200 " + b"O" * 1000000 + b"K\r\nContent-Length: 100\r\n\r\n" + body(100), "close"),
    # before the answer
    "hints": (raw("Link: </x>; rel=preload", 'Content-Disposition: attachment; filename=".bashrc"', "Location: file:///etc/hostname",
                  status="103 Early Hints")[0] + raw("Content-Length: 100", data=body(100))[0], "next"),
    "hints-length": (raw("Content-Length: 5", CHUNKED, status="103 Early Hints")[0] + raw("Content-Length: 100", data=body(100))[0], "next"),
    "hints-only": raw(status="103 Early Hints", then="stay"),
    "continue-many": (raw(status="100 Continue")[0] * 1000 + raw("Content-Length: 100", data=body(100))[0], "next"),
    "switching": raw("Upgrade: h2c", "Connection: Upgrade", status="101 Switching Protocols", then="stay"),
    # names that a header would like to give
    "name-hidden": raw('Content-Disposition: attachment; filename=".bashrc"', "Content-Length: 100", data=body(100), then="next"),
    "name-up": raw('Content-Disposition: attachment; filename="../../../up"', "Content-Length: 100", data=body(100), then="next"),
    "name-coded": raw("Content-Disposition: attachment; filename*=UTF-8''%2e%2e%2fup", "Content-Length: 100", data=body(100), then="next"),
    "name-escape": raw('Content-Disposition: attachment; filename="\x1b[2J\x1b]0;owned\x07"', "Content-Length: 100", data=body(100),
                       then="next"),
    "name-large": raw('Content-Disposition: attachment; filename="%s"' % ("y" * 60000), "Content-Length: 100", data=body(100), then="next"),
    # redirects; PORT is this server's
    "to-nowhere": raw("Content-Length: 0", status="302 Found", then="next"),
    "to-nothing": raw("Location: ", "Content-Length: 0", status="302 Found", then="next"),
    "to-ftp": raw("Location: ftp://127.0.0.1:PORT/ok/100", "Content-Length: 0", status="302 Found", then="next"),
    "to-gopher": raw("Location: gopher://127.0.0.1:PORT/_x", "Content-Length: 0", status="302 Found", then="next"),
    "to-dict": raw("Location: dict://127.0.0.1:PORT/x", "Content-Length: 0", status="302 Found", then="next"),
    "to-file-host": raw("Location: file://localhost/etc/hostname", "Content-Length: 0", status="302 Found", then="next"),
    "to-file-upper": raw("Location: FiLe:///etc/hostname", "Content-Length: 0", status="302 Found", then="next"),
    "to-script": raw("Location: javascript:alert(1)", "Content-Length: 0", status="302 Found", then="next"),
    "to-data": raw("Location: data:text/plain,owned", "Content-Length: 0", status="302 Found", then="next"),
    "to-bad-host": raw("Location: http://[::1/x", "Content-Length: 0", status="302 Found", then="next"),
    "to-bad-port": raw("Location: http://127.0.0.1:99999/x", "Content-Length: 0", status="302 Found", then="next"),
    "to-closed-port": raw("Location: http://127.0.0.1:1/x", "Content-Length: 0", status="302 Found", then="next"),
    "to-injection": raw("Location: /ok/100?%0d%0aX-Injected:%20yes", "Content-Length: 0", status="302 Found", then="next"),
    "to-control": raw(b"Location: /ok/100?\x01\x1b[2J\x7f", "Content-Length: 0", status="302 Found", then="next"),
    "to-blank": raw("Location: /ok/100?a b c", "Content-Length: 0", status="302 Found", then="next"),
    "to-large": raw("Location: /ok/100?" + "y" * 50000, "Content-Length: 0", status="302 Found", then="next"),
    "to-up": raw("Location: ../../../../../ok/100", "Content-Length: 0", status="302 Found", then="next"),
    "to-two": raw("Location: /ok/100", "Location: file:///etc/hostname", "Content-Length: 0", status="302 Found", then="next"),
    "to-refresh": raw("Refresh: 0; url=file:///etc/hostname", "Content-Length: 100", data=body(100), then="next"),
    "to-one-way": raw("Location: /to-other-way", "Content-Length: 0", status="307 Temporary Redirect", then="next"),
    "to-other-way": raw("Location: /to-one-way", "Content-Length: 0", status="308 Permanent Redirect", then="next"),
    "to-and-endless": raw("Location: /ok/100", CHUNKED, status="301 Moved", data=chunk(b"x" * 3000000) + LAST_CHUNK),
}


def raw_animal(c, path, fields, n):
    data, then = RAW[path.split("?")[0].split("/")[1]]
    c.send(data.replace(b"PORT", b"%d" % c.sock.getsockname()[1]))
    if then == "stay":
        time.sleep(30)
    elif then == "close":
        c.close()


def cut_answer(path):
    """/rst-after/N, /close-after/N: a right answer of 20,000 bytes, but only its first N."""
    return raw("Content-Length: 20000", data=body(20000))[0][:int(path.split("/")[2])]


def rst_after(c, path, fields, n):
    c.send(cut_answer(path))
    time.sleep(0.02)
    c.reset()


def close_after(c, path, fields, n):
    c.send(cut_answer(path))
    c.close()


def status(c, path, fields, n):
    """/status/NNN: that status, with a body where it may have one, and a place to go to that is not of this world."""
    number = int(path.split("/")[2])
    if number in (204, 304):
        c.head("%d X" % number)
    else:
        c.answer("%d X" % number, body(100), "Location: file:///etc/hostname")


def hints_endless(c, path, fields, n):
    while True:
        c.head("103 Early Hints", "Link: </%s>; rel=preload" % ("x" * 500))


def head_lines_drip(c, path, fields, n):
    """A whole line of its header every now and then: it would be hours to the limit of bytes."""
    c.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        c.send(b"X-More: %s\r\n" % (b"x" * 40))
        time.sleep(0.1)


def hints_drip(c, path, fields, n):
    while True:
        c.head("103 Early Hints", "Link: </x>; rel=preload")
        time.sleep(0.02)


def head_drip(c, path, fields, n):
    """A byte of its header ten times a second."""
    c.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        c.send(b"y")
        time.sleep(0.1)


def head_line_endless(c, path, fields, n):
    c.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        c.send(b"y" * 65536)


def first_endless(c, path, fields, n):
    while True:
        c.send(b"y" * 65536)


def trailer_endless(c, path, fields, n):
    c.head("200 OK", CHUNKED)
    c.send(chunk(body(100)) + b"0\r\n")
    while True:
        c.send(b"X-More: " + b"y" * 1000 + b"\r\n")


def extension_endless(c, path, fields, n):
    """The size of a chunk, and then an extension of it without end."""
    c.head("200 OK", CHUNKED)
    c.send(b"64;")
    while True:
        c.send(b"y" * 65536)


def size_endless(c, path, fields, n):
    """The size of a chunk: zeros without end."""
    c.head("200 OK", CHUNKED)
    while True:
        c.send(b"0" * 65536)


def chunks_drip(c, path, fields, n):
    c.head("200 OK", CHUNKED)
    while True:
        c.send(chunk(b"x"))
        time.sleep(0.1)


def redirect_endless(c, path, fields, n):
    """A redirect whose own body has no end."""
    c.head("302 Found", "Location: /ok/100", CHUNKED)
    while True:
        c.send(chunk(b"x" * 65536))


@functools.lru_cache(None)
def bomb():
    """BOMB_BYTES zeros, packed: one block of a megabyte, again and again."""
    zeros, check = bytes(1 << 20), 0
    for _ in range(BOMB_BYTES >> 20):
        check = zlib.crc32(zeros, check)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return head + block * (BOMB_BYTES >> 20) + b"\x03\0" + struct.pack("<II", check, BOMB_BYTES)


def gzip_bomb(c, path, fields, n):
    """Packed 200,000 bytes, unpacked 200 MiB; nobody asked for it to be packed."""
    c.answer("200 OK", bomb(), "Content-Encoding: gzip")


def transfer_bomb(c, path, fields, n):
    c.head("200 OK", "Transfer-Encoding: gzip, chunked")
    c.send(chunk(bomb()) + LAST_CHUNK)


def transfer_gzip(c, path, fields, n):
    c.head("200 OK", "Transfer-Encoding: gzip, chunked")
    c.send(chunk(gzip.compress(body(3000))) + LAST_CHUNK)


ANIMALS = {name: raw_animal for name in RAW} | {
    "rst-after": rst_after, "close-after": close_after, "status": status, "hints-endless": hints_endless, "head-drip": head_drip,
    "head-lines-drip": head_lines_drip, "hints-drip": hints_drip,
    "head-line-endless": head_line_endless, "first-endless": first_endless, "trailer-endless": trailer_endless,
    "extension-endless": extension_endless, "size-endless": size_endless, "chunks-drip": chunks_drip,
    "redirect-endless": redirect_endless, "gzip-bomb": gzip_bomb, "transfer-bomb": transfer_bomb, "transfer-gzip": transfer_gzip,
}
