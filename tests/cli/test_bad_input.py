"""Bad input and bad usage: a sentence that names what and where, exit code 2, and nothing was started or made."""
import os
import unittest

from cli.support import Case, unfit_to_show


class BadInput(Case):
    def refuse(self, *words, says=(), text=None, code=2):
        """The program refuses, in one line on stderr with these words in it, and leaves everything as it was."""
        before = sorted(os.listdir(self.work)), sorted(os.listdir(self.folder))
        with self.subTest(words=words):
            result = self.run_juggler(*words, text=text)
            self.assertEqual(result.code, code, result)
            self.assertEqual(result.out, "")
            self.assertRegex(result.err, r"\Ajuggler: [^\n]+\n\Z")
            self.assertLess(len(result.err), 1500)
            for word in says:
                self.assertIn(str(word), result.err)
            self.assertEqual((sorted(os.listdir(self.work)), sorted(os.listdir(self.folder))), before, "nothing was made")
            self.assert_nothing_left()

    def refuse_list(self, work, content, *says):
        """The same list as a file and on standard input; its name and what is wrong are in the sentence."""
        path = self.folder / "bad.list"
        path.write_bytes(content)
        self.refuse("run", work, path, "-o", self.output, says=(path, *says))
        self.refuse("run", work, "-", "-o", self.output, says=("standard input", *says), text=content)

    def test_lists_with_nothing_in_them(self):
        for work in ("download", "primes"):
            for content in (b"", b"\n\n", b"# only a comment\n", b"\xef\xbb\xbf\r\n"):
                self.refuse_list(work, content)

    def test_files_that_are_none(self):
        for work in ("download", "primes"):
            self.refuse("run", work, "missing.list", says=("missing.list", "No such file"))
            self.refuse("run", work, self.temporary, says=(self.temporary, "folder"))
            self.refuse("run", work, "", says=())

    def test_a_line_of_a_megabyte(self):
        line = b"x" * (1 << 20)
        self.refuse_list("download", b"http://127.0.0.1/a\nhttp://127.0.0.1/" + line + b"\n", ":2:", "longer")
        self.refuse_list("download", line, ":1:")
        self.refuse_list("primes", b"7\n" + b"1" * (1 << 20) + b"\n", ":2:")

    def test_nul_bytes(self):
        self.refuse_list("download", b"http://127.0.0.1/a\nhttp://127.0.0.1/\0b\n", ":2:", "NUL")
        self.refuse_list("primes", b"7\n\n1\x000\n", ":3:", "NUL")
        self.refuse_list("primes", b"\0" * 100000, ":1:")

    def test_lines_that_are_no_urls(self):
        for line, word in ((b"ftp://example.org/x", "http"), (b"file:///etc/passwd", "http"), (b"gopher://x/", "http"),
                           (b"javascript:alert(1)", "URL"), (b"example.org/x.jpg", "URL"), (b"http://", "host"),
                           (b"http:///x", "host"), (b"http://a b/", "blank"), (b"http://127.0.0.1/a\tb", "control"),
                           (b"http://127.0.0.1/\x1b[31m", "control"), (b"http://127.0.0.1:99999/", ""),
                           (b"http://127.0.0.1:x/", "")):
            self.refuse_list("download", b"# a list\r\nhttp://127.0.0.1/good\r\n\r\n" + line + b"\r\nhttp://127.0.0.1/b",
                             ":4:", word)

    def test_urls_on_the_command_line(self):
        for url in ("ftp://example.org/x", "file:///etc/passwd", "http://", "http://a b/"):
            self.refuse("run", "download", "http://127.0.0.1/fine", url, says=(url,))

    def test_numbers_that_are_no_limits(self):
        self.refuse("run", "primes", "-5", says=("-5", "negative"))
        self.refuse("run", "primes", "99999999999999999999", says=("99999999999999999999", "too large"))
        for word in ("12x", "1e", "1.5", "0x10", "1__0", "1_", "_1", "1e-3", "+5", "1e6e6", "½"):
            self.refuse("run", "primes", "100", word, says=(word,))
        self.refuse("run", "primes", "1e18", says=("1000000000000000000", "too large", "iB"))
        self.refuse("run", "primes", "1e999999999999999999999", says=("too large",))

    def test_lists_with_bad_limits(self):
        for line in (b"-5", b"12x", b"99999999999999999999", b"3 5", b"7,11", b"\xff\xfe", b"\xc2\xbd"):
            self.refuse_list("primes", b"# limits\n7\n" + line + b"\n11\n", ":3:")

    def test_limits_that_are_fine(self):
        for word, limit in (("1e3", "1000"), ("1_000", "1000"), ("0", "0"), ("007", "7"), ("1.5e3", "1500"), ("2E2", "200")):
            job = self.run_json("run", "primes", word)["jobs"][0]
            self.assertEqual(job["input"], limit)
            self.assert_product(job, int(limit))
        document = self.run_json("run", "primes", "-", text="\ufeff# limits\r\n\r\n1e2\r\n 7 \r\n1_000")
        self.assertEqual([job["primes"] for job in document["jobs"]], [25, 4, 168])

    def test_a_file_named_like_a_number(self):
        (self.work / "2024.limits").write_text("7\n")
        (self.work / "list").write_text("100\n")
        document = self.run_json("run", "primes", "2024.limits", "list", "10")
        self.assertEqual([job["primes"] for job in document["jobs"]], [4, 25, 4])

    def test_executors_that_do_not_exist(self):
        for spec, says in (("quantum:3", ("quantum", "thread-pool")), ("thread-pool:0", ("at least 1",)),
                           ("thread-pool:100000", ("8192",)),
                           ("thread-pool:", ()), ("thread-pool:x", ()), ("thread-pool:-1", ()), ("thread-pool:1:2", ()),
                           ("sequential:3", ("no width",)), ("thread-pool:99999999999999999999", ()), ("", ()),
                           ("thread-pool ", ()),
                           ("Thread-Pool:3", ()), ("x" * 3000, ())):
            for work in (["primes", "100"], ["download", "http://127.0.0.1:1/x"]):
                self.refuse("run", *work, "--with", spec, "-o", self.output, says=says)

    def test_executors_that_make_no_sense_are_refused_with_a_reason(self):
        self.refuse("run", "primes", "100", "--with", "event-loop:10", says=("event",))
        self.refuse("run", "primes", "100", "--with", "process-pool:4+gil", says=("process",))
        self.refuse("run", "download", "http://127.0.0.1:1/x", "--with", "event-loop:10+gil", says=("event",))
        self.refuse("run", "counter", "--with", "event-loop:10", says=("event",))
        self.refuse("run", "primes", "100", "--with", "thread-pool:4+gill", says=("gill",))

    def test_folders_that_cannot_be_written(self):
        file = self.folder / "file"
        file.write_text("precious")
        for folder in (file, "/proc/juggler", "/dev/null", file / "below", "nowhere/below", "/sys/kernel", "x" * 5000, ""):
            for work in (["primes", "100"], ["download", "http://127.0.0.1:1/x"]):
                self.refuse("run", *work, "-o", folder, says=("folder",))
        self.assertEqual(file.read_text(), "precious")

    def test_a_folder_without_permission(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere; the faults tests try a read-only file system")
        locked = self.folder / "locked"
        locked.mkdir(mode=0o555)
        self.refuse("run", "primes", "100", "-o", locked, says=(locked,))

    def test_usage(self):
        for words, says in ((["run"], ("run what",)), (["run", "potatoes"], ("potatoes",)), (["runn", "primes"], ("run",)),
                            (["serve", "x"], ("x",)), (["doctor", "x"], ("x",)),
                            (["run", "primes", "7", "--bogus"], ("--bogus",)),
                            (["run", "primes", "7", "--kernal", "sieve"], ("--kernel",)),
                            (["run", "primes", "7", "-x"], ("-x",)),
                            (["run", "primes", "7", "--kernel"], ("--kernel", "value")),
                            (["run", "primes", "7", "--json=x"], ("--json",)),
                            (["run", "primes", "7", "--port", "1"], ("--port",)), (["serve", "--json"], ("--json",)),
                            (["run", "primes", "7", "--retry", "1"], ("--retry", "downloads")),
                            (["run", "download", "--kernel", "sieve"], ("--kernel", "primes")),
                            (["run", "download", "--fps", "3"], ("--fps",)),
                            (["compare"], ("compare", "counter")), (["run", "counter", "5"], ("counter", "--adds")),
                            (["compare", "primes", "--trace", "x"], ("--trace",)), (["history", "--seed", "1"], ("--seed",)),
                            (["history", "0"], ("'0'",)), (["counter", "primes"], ("lane",))):
            self.refuse(*words, says=says)

    def test_values_of_options(self):
        for option, values in {"--retry": ("-1", "x", "101", "", "1.5"), "--timeout": ("0", "-1", "x", "1e9"),
                               "--max-size": ("0", "x", "-1", "5X", "99999999999G"),
                               "--latency": ("-1", "x", "60001"), "--rate": ("x", "-1", "1Q"), "--origin": ("mars", ""),
                               "--progress": ("loud",)}.items():
            for value in values:
                self.refuse("run", "download", "http://127.0.0.1:1/x", option, value, "-o", self.output, says=(option,))
        for option, values in {"--kernel": ("abacus", ""), "--product": ("stack",)}.items():
            for value in values:
                self.refuse("run", "primes", "7", option, value, "-o", self.output, says=(option,))
        for option, values in {"--port": ("65536", "-1", "x"), "--files": ("-1", "x", "1000001")}.items():
            for value in values:
                self.refuse("serve", option, value, says=(option,))

    def test_more_jobs_than_an_executor_can_start(self):
        limits = self.list_file(["2"] * 9000)
        result = self.run_juggler("run", "primes", limits, "--with", "process-each")
        self.assertIn(result.code, (2, 3), result)
        self.assertEqual(result.out, "")
        self.assertIn("9000", result.err)
        document = self.run_json("run", "primes", limits, "--with", "thread-pool:4")
        self.assertEqual(document["totals"]["done"], 9000)

    def test_hostile_words_are_made_fit_to_show(self):
        for words in (["run", "primes", "\x1b[31m5"], ["run", "download", "\x1b]0;x\x07.list"],
                      ["run", "primes", "7", "--with", "\x9b31m\u202e"],
                      ["\x1b[2J"], ["run", "primes", "7", "--\x1b[2J"], ["run", "primes", "7", "-o", "/proc/\x1b[2J"]):
            result = self.run_juggler(*words)
            self.assertEqual(result.code, 2, result)
            self.assertEqual(unfit_to_show(result.err), [], result)


if __name__ == "__main__":
    unittest.main()
