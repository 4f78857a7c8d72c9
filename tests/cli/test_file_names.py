"""Names of files: what a URL may say, and what comes of it. Nothing is ever written outside the folder."""
import os
import random
import time
import unittest
from urllib.parse import quote

from cli.support import Case, body_of

# The last part of a URL, and the name that the file gets.
NAMES = [
    ("plain.jpg", "plain.jpg"), ("two%20words.jpg", "two words.jpg"), ("query.jpg?size=2/3", "query.jpg"),
    ("fragment.jpg#part/two", "fragment.jpg"),
    ("both.jpg?a#b", "both.jpg"), ("", "index"), ("?x=y", "index-2"), ("#top", "index-3"),
    (".bashrc", "_bashrc"), ("..", "__"), ("...", "___"), (".", "_"), ("%2e%2e", "__-2"), ("%2E", "_-2"),
    ("..%2fetc%2fpasswd", "___etc_passwd"),
    ("%2e%2e%2fup", "___up"), ("%2fabsolute", "_absolute"), ("..%5c..%5cwin", "__\\..\\win"), ("a%2fb.txt", "a_b.txt"),
    ("nul%00.txt", "nul_.txt"), ("line%0afeed.txt", "line_feed.txt"), ("esc%1b%5b2J.txt", "esc_[2J.txt"),
    ("del%7f.txt", "del_.txt"),
    ("c1%c2%85.txt", "c1_.txt"), ("twice%252fencoded.txt", "twice%2fencoded.txt"), ("half%2", "half%2"),
    ("percent%", "percent%"), ("bad%zz.txt", "bad%zz.txt"),
    ("latin%e9.txt", "latin_.txt"), ("cut%c3.txt", "cut_.txt"), ("overlong%c0%af.txt", None),
    ("surrogate%ed%a0%80.txt", None),
    ("%e6%96%87%e5%ad%97.txt", "文字.txt"), ("größe.txt", "größe.txt"), ("-rf", "-rf"), ("--help", "--help"),
    ("~root", "~root"), ("$HOME", "$HOME"),
    ("a;b|c&d", "a;b|c&d"), ("'quoted'", "'quoted'"), ("*", "*"), ("con.", "con."), ("x" * 300, "x" * 200),
    ("y" * 300 + ".jpeg", "y" * 195 + ".jpeg"),
    ("%c3%a9" * 150 + ".png", "é" * 98 + ".png"), ("z." + "e" * 300, None), ("name.tar.gz", "name.tar.gz"),
    ("semi;colon.txt", "semi;colon.txt"),
]


class FileNames(Case):
    def test_the_table(self):
        """One run with all of them, each into a folder of its own on the server; content tells which is which."""
        site = self.site()
        urls = self.list_file(f"{site.url}/dir{i}/{last}" for i, (last, _) in enumerate(NAMES))
        document = self.run_json("run", "download", urls, "-o", self.output)
        taken = [job["file"] for job in document["jobs"]]
        for (last, expected), name in zip(NAMES, taken):
            with self.subTest(last=last):
                if expected is not None:
                    self.assertEqual(name, expected)
                self.assert_is_harmless(name)
        self.assertEqual(len(set(taken)), len(taken))
        self.assertEqual(sorted(os.listdir(self.output)), sorted(taken))
        self.assertEqual(sorted(os.listdir(self.work)), ["out"])

    def assert_is_harmless(self, name):
        self.assertLessEqual(len(name.encode()), 200)
        self.assertTrue(name and not name.startswith("."))
        self.assertFalse([c for c in name if c == "/" or ord(c) < 32 or 0x7f <= ord(c) < 0xa0], name)

    def test_random_names(self):
        """Whatever bytes there are, percent-encoded: a harmless name, the right content, nothing outside the folder."""
        seed = int.from_bytes(os.urandom(4), "big")
        print(f"seed {seed}")
        source = random.Random(seed)
        pieces = [b"..", b".", b"/", b"\\", b"\0", b"%2f", b"\xc3", b"\xa9", b"\x1b[", b"a", b"A", b" ", b"\xe2\x80\xae",
                  b"\n", b"-", b"~", b"\xff", b"long" * 40]
        lasts = [quote(b"".join(source.choices(pieces, k=source.randint(1, 6))), safe="") for _ in range(200)]
        site = self.site()
        urls = self.list_file(f"{site.url}/{i}/{last}" for i, last in enumerate(lasts))
        document = self.run_json("run", "download", urls, "-o", self.output, "--with", "thread-pool:8")
        files = {os.fsdecode(name): (self.output / os.fsdecode(name)).read_bytes() for name in os.listdir(self.output)}
        for i, (last, job) in enumerate(zip(lasts, document["jobs"])):
            self.assert_is_harmless(job["file"])
            asked = {".": f"/{i}/", "..": "/"}.get(last, f"/{i}/{last}")  # a URL's own dots are resolved before it is sent
            self.assertEqual(files.pop(job["file"]), body_of(asked), (seed, i))
        self.assertEqual(files, {})
        self.assertEqual(sorted(os.listdir(self.work)), ["out"])

    def test_two_of_one_name(self):
        """Names go by the order of the list, whatever ends first."""
        def late(handler, hit):
            site = handler.server.site
            deadline = time.monotonic() + 20
            while site.hits_of("/b/") + site.hits_of("/c/") < 2 and time.monotonic() < deadline:
                time.sleep(0.005)
            handler.answer(200, body_of(handler.path))
        site = self.site(a=late)
        paths = ["/a/same.jpg", "/b/same.jpg", "/c/same.jpg", "/b/same-2.jpg", "/b/none", "/c/none", "/b/Same.jpg"]
        names = ["same.jpg", "same-2.jpg", "same-3.jpg", "same-2-2.jpg", "none", "none-2", "Same-4.jpg"]
        document = self.run_json("run", "download", *(site.url + path for path in paths), "-o", self.output)
        self.assertEqual([job["file"] for job in document["jobs"]], names)
        self.assertEqual(self.files(), {name: body_of(path) for name, path in zip(names, paths)})

    def test_a_thousand_of_ten_names(self):
        site = self.site()
        urls = self.list_file(f"{site.url}/{i}/{i % 10}.bin" for i in range(1000))
        document = self.run_json("run", "download", urls, "-o", self.output, "--with", "thread-pool:8")
        for i, job in enumerate(document["jobs"]):
            stem = f"{i % 10}" if i < 10 else f"{i % 10}-{i // 10 + 1}"
            self.assertEqual(job["file"], stem + ".bin")
            self.assertEqual((self.output / job["file"]).read_bytes(), body_of(f"/{i}/{i % 10}.bin"))
        self.assertEqual(len(os.listdir(self.output)), 1000)

    def test_long_names_with_numbers(self):
        site = self.site()
        urls = [f"{site.url}/{i}/{'w' * 300}.jpeg" for i in range(3)]
        names = [job["file"] for job in self.run_json("run", "download", *urls, "-o", self.output)["jobs"]]
        self.assertEqual(names, ["w" * 195 + ".jpeg", "w" * 193 + "-2.jpeg", "w" * 193 + "-3.jpeg"])

    def test_products(self):
        document = self.run_json("run", "primes", "100", "7", "100", "1e2", "-o", self.output)
        self.assertEqual([job["file"] for job in document["jobs"]],
                         ["product-100.txt", "product-7.txt", "product-100-2.txt", "product-100-3.txt"])
        for name in ("product-100.txt", "product-100-2.txt", "product-100-3.txt"):
            self.assert_product_file((self.output / name).read_bytes(), 100)
        self.assertEqual((self.output / "product-7.txt").read_bytes(), b"210\n")


if __name__ == "__main__":
    unittest.main()
