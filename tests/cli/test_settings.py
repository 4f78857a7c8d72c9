"""config.ini: where it is looked for, who wins, what is said of it; and that nobody ever writes it."""
import os
import unittest

from cli.support import Case, unfit_to_show


class TestSettings(Case):
    def setUp(self):
        super().setUp()
        self.config = self.folder / "config"
        self.file = self.config / "juggler/config.ini"
        self.home = self.folder / "home"

    def write(self, text, file=None):
        file = file or self.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def run_primes(self, *words, code=0, **more):
        more.setdefault("env", {"XDG_CONFIG_HOME": self.config, "HOME": self.home})
        result = self.run_juggler("run", "primes", "100", "--progress", "none", *words, **more)
        self.assertEqual(result.code, code, result)
        self.assertEqual(unfit_to_show(result.out + result.err), [], result)
        return result

    def executor(self, *words, **more):
        more.setdefault("env", {"XDG_CONFIG_HOME": self.config, "HOME": self.home})
        return self.run_json("run", "primes", "100", *words, **more)["run"]["executor"]

    def test_none_is_fine_and_none_is_made(self):
        result = self.run_primes()
        self.assertEqual(result.err, "")
        self.assertFalse(self.config.exists())
        self.assertFalse((self.home / ".config").exists())

    def test_where_it_is_looked_for(self):
        self.write("[primes]\nwith = thread-pool:3\n")
        self.write("[primes]\nwith = thread-pool:4\n", self.home / ".config/juggler/config.ini")
        self.assertEqual(self.executor(), "thread-pool:3")
        for value in ("", "relative"):
            self.assertEqual(self.executor(env={"XDG_CONFIG_HOME": value, "HOME": self.home}), "thread-pool:4")
        self.assertEqual(self.executor(env={"XDG_CONFIG_HOME": "", "HOME": ""}), "process-pool:4")

    def test_the_command_line_wins_and_can_do_without(self):
        self.write("[primes]\nwith = thread-pool:3\n[screen]\nascii = yes\n")
        before = self.file.stat()
        self.assertEqual(self.executor("--with", "sequential"), "sequential")
        self.assertEqual(self.executor("--no-config"), "process-pool:4")
        self.assertTrue(self.run_primes().out.isascii())
        self.assertFalse(self.run_primes("--no-ascii").out.isascii())
        after = self.file.stat()
        self.assertEqual((before.st_mtime_ns, before.st_size, before.st_ino), (after.st_mtime_ns, after.st_size, after.st_ino))

    def test_history_can_be_left_out(self):
        self.write("[run]\nhistory = no\n")
        self.run_primes()
        self.assertFalse((self.state / "juggler/history.jsonl").exists())
        self.run_primes("--history")
        self.assertTrue((self.state / "juggler/history.jsonl").exists())

    def test_what_is_not_known_is_a_warning(self):
        self.write("[screen]\nthem = dark\n[zebra]\n")
        self.assertEqual(self.run_primes().err.splitlines(), [
            f"juggler: warning: {self.file}, line 2: there is no them in [screen]; did you mean theme?",
            f"juggler: warning: {self.file}, line 3: there is no section [zebra]; there are screen, download, primes, counter, "
            "server, run, compare"])

    def test_a_bad_value_is_refused_where_it_counts(self):
        self.write("[primes]\nkernel = magic\n[screen]\nfps = 0\n")
        result = self.run_primes(code=2)
        self.assertEqual(result.out, "")
        self.assertEqual(result.err, f"juggler: {self.file}, line 2: kernel: 'magic' is not one of its values: trial or sieve\n")
        document = self.run_json("run", "primes", "1", code=2, env={"XDG_CONFIG_HOME": self.config})
        self.assertIn("line 2: kernel", document["error"])
        self.run_primes("--no-config")
        self.run_primes("--kernel", "trial")  # the line that is bad does not count, and fps is not for run
        for words in (["--help"], ["run", "primes", "--help"], ["--version"], ["doctor"]):
            result = self.run_juggler(*words, env={"XDG_CONFIG_HOME": self.config})
            self.assertEqual(result.code, 0, result)
            self.assertEqual(result.err, "")

    def test_a_file_that_cannot_be_read_is_a_warning(self):
        cases = {b"\0" * 100: "it is no text: there are bytes of 0 in it", b"\n" * 70000: "it has more than 64 KiB"}
        for data, why in cases.items():
            self.write(data)
            self.assertEqual(self.run_primes().err, f"juggler: warning: {self.file}: {why}\n")
        self.file.unlink()
        self.file.mkdir()
        self.assertEqual(self.run_primes().err, f"juggler: warning: {self.file}: Is a directory\n")
        self.file.rmdir()
        os.mkfifo(self.file)
        self.assertEqual(self.run_primes().err, f"juggler: warning: {self.file}: it is no file\n")
        self.file.unlink()
        self.file.symlink_to("/dev/null")
        self.assertEqual(self.run_primes().err, "")
        self.file.unlink()
        self.file.symlink_to(self.file)
        self.assertIn("Too many levels of symbolic links", self.run_primes().err)

    def test_what_is_quoted_is_fit_to_show(self):
        self.write(b"[scr\x1b[31m\xe2\x80\xae\xff]\nfps=1\n[screen]\n\x1b]0;title\x07 = 3\n")
        self.assertIn("\\x1B", self.run_primes().err)

    def test_doctor_says_which_file_and_what_is_wrong(self):
        def line():
            result = self.run_juggler("doctor", env={"XDG_CONFIG_HOME": self.config})
            self.assertEqual(unfit_to_show(result.out), [])
            found, = (line for line in result.out.splitlines() if line[6:].startswith("settings "))
            return found
        self.assertEqual(line(), f"ok    settings       none; {self.file} would be read")
        self.write("[screen]\nfps = 3\ntheme = dark\n")
        self.assertEqual(line(), f"ok    settings       {self.file}, 2 of them")
        self.write("[screen]\nfps = 0\n[zebra]\n")
        found = line()
        self.assertTrue(found.startswith(f"note  settings       {self.file}, line 2: fps: '0' is not"), found)
        self.assertIn("1 more", found)
        self.write(b"\0")
        self.assertIn("it is no text", line())


if __name__ == "__main__":
    unittest.main()
