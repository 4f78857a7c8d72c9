"""Hostile names in a list, in redirects and in headers: nothing is written outside the folder, nothing hides, nothing is lost.

One server answers them all; which job it is stands behind the "?" of its URL, so that a name can be anything. test: limit 120
"""
import hashlib
import os
import stat
import unittest
from urllib.parse import quote

from cli.support import Case, body_of, unfit_to_show

# Names as the bytes that they are once decoded.
NAMES = [
    # up, out, hidden
    b"..", b".", b"...", b"....", b".bashrc", b".ssh", b"..bashrc", b". ", b".. ", b" ..", b"../up", b"../../up", b"../" * 40 + b"etc/passwd",
    b"/etc/passwd", b"//etc/passwd", b"/", b"//", b"/..", b"../", b"./", b"./x", b"x/..", b"x/../..", b"x/../../up", b".git/config",
    b".config/autostart/x.desktop", b"..\\up", b"..\\..\\up", b"\\", b"\\\\host\\share", b"C:\\x", b"C:x", b"x\\..\\..\\up", b"....//up",
    b"..;/up", b"..%2fup", b"%2e%2e%2fup", b"%252e%252e%252fup", b"%2e", b"%", b"%%", b"%0", b"%zz", b"%00", b"..%00/up", b"..%c0%afup",
    b"..\xc0\xafup", b"\xc0\xae\xc0\xae/up", b"..\xe0\x80\xafup", b"..\xf0\x80\x80\xafup", b"\xef\xbc\x8e\xef\xbc\x8e\xef\xbc\x8fup",
    b"..\xe2\x88\x95up", b"..\xe2\x81\x84up", b"/proc/self/environ", b"/dev/full", b"/dev/stdout", b"file:///etc/passwd", b"~", b"~/x", b"~root/x",
    # for a shell, a command line or another system
    b"-", b"--", b"-rf", b"--help", b"-o", b"$HOME", b"$(id)", b"`id`", b"a;id", b"a|id", b"a&id", b"a>b", b"a<b", b"*", b"?", b"[a]", b"{a,b}",
    b"'", b'"', b'"; filename="x', b"a b", b" ", b"  ", b"a ", b" a", b"\t", b"a\tb", b"CON", b"con", b"NUL", b"COM1", b"LPT1.txt", b"aux.c", b"a.",
    b"a..", b"a:b", b"a:$DATA", b"desktop.ini", b"autorun.inf", b"#", b"a#b", b"?a=b", b"a?b", b"!", b"^", b"@", b"=cmd", b"+1", b"\xef\xbb\xbfbom",
    # ends, and what is no text
    b"nul\0byte", b"\0", b"a\0.jpg", b"\xff", b"\xfe\xff", b"latin\xe9", b"cut\xc3", b"cut\xe2\x82", b"\x80", b"sur\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"crlf\r\nX-Injected: yes", b"\r", b"\n", b"\r\n\r\n", b"row\rspoofed", b"\x1b[2J", b"\x1b]0;owned\x07", b"\x1b]52;c;b3duZWQ=\x07", b"\x1bc",
    b"\x9b2J", b"\xc2\x9b2J",
    # long
    b"x" * 199, b"x" * 200, b"x" * 201, b"x" * 255, b"x" * 256, b"x" * 3000, b"x" * 300 + b".jpg", b"." * 300, b"\xc3\xa9" * 150, b"\xc3\xa9" * 150 + b".png",
    b"a." + b"e" * 300, b"%" * 300, b" " * 300, b"/" * 300, b"\xf0\x9f\xa4\xb9" * 80,
    # the same, or nearly
    b"same", b"same", b"same", b"same-2", b"same-2", b"Same", b"SAME", b"same.", b"same\0", b"same_", b"index", b"Index", b"caf\xc3\xa9", b"cafe\xcc\x81",
    # names that this program uses itself
    b".juggler", b".juggler-0.part", b"0.part", b"list.txt", b"out",
]
NAMES += [b"c%dx" % i + bytes([i]) + b".txt" for i in (*range(1, 32), 127)]  # each control character
NAMES += [b"u" + chr(i).encode() + b"txt.exe" for i in (*range(0x80, 0xa0, 4), 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, *range(0x202a, 0x202f),
                                                        *range(0x2060, 0x206a), 0xfeff, 0xfff9, 0xe0001, 0xe0041)]
PLANTED = ("planted-link", "planted-pipe", "planted-folder", "planted-broken-link")


def serve(handler, hit):
    """/...?KIND-NUMBER: l and t have a body; r is a redirect to that name; h has headers that give it; b breaks off."""
    kind, number = handler.path.rpartition("?")[2].split("-")
    name, data = NAMES[int(number) % len(NAMES)], body_of("/" + number)
    fields = b""
    if kind == "r":
        fields, data = b"Location: /there/%s?t-%s\r\n" % (quote(name, safe="").encode(), number.encode()), b"there"
    if kind == "h":
        plain = name.translate(bytes(range(256)), b"\0\r\n")
        fields = (b'Content-Disposition: attachment; filename="%s"; filename*=UTF-8\'\'%s\r\nContent-Location: %s\r\n'
                  % (plain, quote(name, safe="").encode(), plain))
    length = len(data) + (100 if kind == "b" else 0)
    status = b"302 Found" if kind == "r" else b"200 OK"
    handler.wfile.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n" % (status, fields, length) + data)
    handler.close_connection = kind == "b"


def picture(folder):
    """{path: what is there} of all that is in the folder, links not followed."""
    found = {}
    for parent, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            path = os.path.join(parent, name)
            mode = os.lstat(path).st_mode
            content = b""
            if stat.S_ISREG(mode):
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).digest()
            elif stat.S_ISLNK(mode):
                content = os.readlink(path)
            found[path] = (stat.S_IFMT(mode), content)
    return found


class HostileNames(Case):
    def setUp(self):
        super().setUp()
        self.server = self.site(**{"": serve})
        self.output.mkdir()
        self.victim = self.folder / "victim"
        self.victim.write_bytes(b"precious")
        os.symlink(self.victim, self.output / PLANTED[0])
        os.mkfifo(self.output / PLANTED[1])
        (self.output / PLANTED[2]).mkdir()
        os.symlink(self.folder / "not-there", self.output / PLANTED[3])

    def download(self, lines, executor, code=0):
        urls = self.list_file(lines)
        self.before = picture(self.folder)
        document = self.run_json("run", "download", urls, "--with", executor, "--retry", 0, "-o", self.output, "--no-history", code=code)
        return document["jobs"]

    def assert_only_these_are_new(self, jobs):
        """Whole files of their own in the folder, and all else as it was."""
        after = picture(self.folder)
        names = [job["file"] for job in jobs]
        paths = {os.fsencode(self.output / name): i for i, name in enumerate(names)}
        self.assertEqual(len(paths), len(jobs), "nothing is lost to a collision")
        for name in names:
            self.assertEqual(os.path.dirname(self.output / name), str(self.output))
            self.assertFalse(name.startswith(".") or len(name.encode()) > 200 or "/" in name, name)
            self.assertFalse([c for c in name if ord(c) < 32 or 0x7f <= ord(c) < 0xa0], name)
        for path, number in paths.items():
            wanted = (stat.S_IFREG, hashlib.sha256(body_of(f"/{number}")).digest())
            self.assertEqual(after.pop(path, None), wanted, (number, path))
        self.assertEqual(after, {path: what for path, what in self.before.items() if path not in paths})

    def test_in_a_list(self):
        self.assertGreaterEqual(len(NAMES), 150)
        for executor in ("thread-pool:8", "event-loop:8", "process-pool:4"):
            with self.subTest(executor=executor):
                jobs = self.download((f"{self.server.url}/d/{quote(name, safe='')}?l-{i}" for i, name in enumerate(NAMES)), executor)
                self.assert_only_these_are_new(jobs)

    def test_in_a_list_as_they_are(self):
        """Those that a line of a list can hold: nothing of them percent-encoded but what would end the name."""
        raw = [name.replace(b"?", b"%3f").replace(b"#", b"%23") for name in NAMES if not [c for c in name if c <= 32 or c == 127]]
        self.assertGreater(len(raw), 150)
        url = self.server.url.encode()
        lines = [url + b"/d/" + name + b"?l-%d" % i for i, name in enumerate(raw)]
        self.assert_only_these_are_new(self.download(lines, "thread-pool:8"))

    def test_in_redirects(self):
        for executor in ("thread-pool:8", "event-loop:8"):
            jobs = self.download((f"{self.server.url}/d/r{i}.bin?r-{i}" for i in range(len(NAMES))), executor)
            self.assertEqual([job["file"] for job in jobs], [f"r{i}.bin" for i in range(len(NAMES))])
            self.assert_only_these_are_new(jobs)

    def test_in_headers(self):
        for executor in ("thread-pool:8", "event-loop:8"):
            jobs = self.download((f"{self.server.url}/d/h{i}.bin?h-{i}" for i in range(len(NAMES))), executor)
            self.assertEqual([job["file"] for job in jobs], [f"h{i}.bin" for i in range(len(NAMES))])
            self.assert_only_these_are_new(jobs)

    def test_what_is_planted_there(self):
        """Links are not followed, pipes not waited for, folders not entered; numbered names don't lead there either."""
        jobs = self.download([f"{self.server.url}/d/{name}?l-{i}" for i, name in enumerate(PLANTED)], "thread-pool:4", code=1)
        self.assertEqual([job["state"] for job in jobs], ["failed"] * 4)
        for job in jobs:
            self.assertRegex(job["error"], "is a symbolic link|is not a regular file|is a folder")
        self.assertEqual(picture(self.folder), self.before)

    def test_a_good_file_stays(self):
        """The same names, but this time nothing comes whole."""
        lines = [f"{self.server.url}/d/{quote(name, safe='')}" for name in NAMES]
        self.download((f"{line}?l-{i}" for i, line in enumerate(lines)), "thread-pool:8")
        for executor in ("thread-pool:8", "event-loop:8"):
            jobs = self.download((f"{line}?b-{i}" for i, line in enumerate(lines)), executor, code=1)
            self.assertEqual({job["state"] for job in jobs}, {"failed"})
            self.assertEqual(picture(self.folder), self.before)

    def test_nothing_of_them_reaches_a_terminal(self):
        urls = self.list_file(f"{self.server.url}/d/{quote(name, safe='')}?l-{i}" for i, name in enumerate(NAMES))
        for form in ([], ["--json"], ["--csv"]):
            result = self.run_juggler("run", "download", urls, "-o", self.output, "--no-history", *form)
            bad = unfit_to_show(result.out + result.err) + [c for c in result.out if c in "\u200b\u200e\u2028\u202a\u2066\ufeff"]
            self.assertEqual(bad, [], form)


if __name__ == "__main__":
    unittest.main()
