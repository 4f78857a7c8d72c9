"""Every kind of terminal or none: whatever TERM, the language, stdin and stdout are, the work is done or it is said why not; nothing hangs, nothing
spins, and a terminal is left as it was.

test: limit 180
"""
import errno
import fcntl
import itertools
import os
import random
import re
import signal
import struct
import subprocess
import termios
import time
import unittest
from pathlib import Path

from cli.support import JUGGLER, SANITIZED, SLOWNESS, Case, environment, family_of, new_seed, process_stat, wait_for

TERMS = ("dumb", "bogus", None, "xterm-256color")
LANGUAGES = ("C", "C.UTF-8", "xx_YY.UTF-8")
ENDS = ("tty", "null", "pipe", "closed")  # of stdin and stdout
SHORT_FORM = 16  # of all combinations; `make test-faults` tries each
GONE_WITHIN_S = 2.0
CLAIM_MOST_KIB = 600 << 10  # what 2000 x 1000 cells take, some times over; what was claimed takes a hundred times as much


class Pty:
    """A terminal, as it was before, and what was written to it."""

    def __init__(self, case):
        self.master, self.slave = os.openpty()
        case.addCleanup(self.close)
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.set_blocking(self.master, False)
        self.before = termios.tcgetattr(self.slave)
        self.text = b""

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def take_control(self):
        """In the child: it leads a session of which this is the terminal."""
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def read(self):
        """All that has come until now."""
        try:
            while data := os.read(self.master, 1 << 16):
                self.text += data
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EIO):
                raise
        return self.text

    def type(self, keys):
        os.write(self.master, keys)

    def is_as_before(self):
        return termios.tcgetattr(self.slave) == self.before

    def hang_up(self):
        for name in ("master", "slave"):
            fd = getattr(self, name)
            setattr(self, name, -1)
            if fd >= 0:
                os.close(fd)

    close = hang_up


class OddTerminals(Case):
    def begin(self, *words, pty, term="xterm-256color", language="C.UTF-8", stdin="tty", stdout="tty", stderr=subprocess.PIPE):
        """The program in a session of its own that has this terminal."""
        def prepare():
            pty.take_control()
            for fd, end in ((0, stdin), (1, stdout)):
                if end == "closed":
                    os.close(fd)
        ends = {"tty": pty.slave, "null": subprocess.DEVNULL, "pipe": subprocess.PIPE, "closed": subprocess.DEVNULL}
        variables = environment(TMPDIR=self.temporary, XDG_STATE_HOME=self.state, LANG=language, LC_ALL=language)
        variables.pop("TERM", None)
        if term:
            variables["TERM"] = term
        process = subprocess.Popen([JUGGLER, *words], stdin=ends[stdin], stdout=ends[stdout], stderr=stderr, env=variables,
                                   cwd=self.work, preexec_fn=prepare)  # pylint: disable=subprocess-popen-preexec-fn
        self.addCleanup(self.end, process)
        return process

    def wait(self, process, pty, limit_s=20):
        """Until its end, reading the terminal all the while. The exit code, as a shell gives it."""
        def ended():
            pty.read()
            return process.poll() is not None
        wait_for(ended, "its end", limit_s)
        pty.read()  # its last words, between the look at the one and at the other
        return process.returncode if process.returncode >= 0 else 128 - process.returncode

    def check(self, term, language, stdin, stdout):
        pty = Pty(self)
        has_screen = term == "xterm-256color" and (stdin, stdout) == ("tty", "tty")
        process = self.begin("primes", "100", pty=pty, term=term, language=language, stdin=stdin, stdout=stdout)
        if has_screen:
            wait_for(lambda: b"PRIMES" in pty.read(), "its screen")
            pty.type(b"q")
        code = self.wait(process, pty)
        self.assertTrue(pty.is_as_before())
        if has_screen:
            self.assertEqual(code, 0)
            self.assertGreater(pty.text.rindex(b"\x1b[?1049l"), pty.text.rindex(b"\x1b[?1049h"))
            return
        said = process.stderr.read()
        self.assertIn(b"without a screen", said)
        out = pty.read() if stdout == "tty" else process.stdout.read() if stdout == "pipe" else b""
        self.assertNotIn(b"\x1b", out + said)
        self.assertEqual(code, 3 if stdout == "closed" else 0, (out, said))
        if stdout in ("tty", "pipe"):
            self.assertIn(b"1 of 1 done", out)

    def test_each_with_each(self):
        seed = new_seed()
        trials = list(itertools.product(TERMS, LANGUAGES, ENDS, ENDS))
        if "JUGGLER_KILLS" not in os.environ:
            trials = random.Random(seed).sample(trials, SHORT_FORM)
        for trial in trials:
            with self.subTest(trial=trial, seed=seed):
                self.check(*trial)

    @unittest.skipIf(SANITIZED, "a sanitizer has memory of its own")
    def test_a_window_that_claims_to_be_of_any_size(self):
        """Its size is a word of the terminal's: no memory is taken for 65535 x 65535 cells, neither at the start nor later."""
        for first in (True, False):
            with self.subTest(first=first):
                pty = Pty(self)
                if first:
                    pty.resize(65535, 65535)
                process = self.begin("primes", "100", pty=pty)
                wait_for(lambda: b"PRIMES" in pty.read(), "its screen")  # pylint: disable=cell-var-from-loop
                if not first:
                    seen = len(pty.text)
                    pty.resize(65535, 65535)
                    wait_for(lambda: b"PRIMES" in pty.read()[seen:], "its screen again")  # pylint: disable=cell-var-from-loop
                peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="ascii"))
                self.assertLess(int(peak[1]), CLAIM_MOST_KIB)
                pty.type(b"q")
                self.assertEqual(self.wait(process, pty), 0)
                self.assertTrue(pty.is_as_before())

    # --- Ctrl-Z where there is no shell --------------------------------------------------------------------------

    def test_ctrl_z_without_a_shell_does_not_hang(self):
        """xterm -e juggler: nobody could continue it, so it does not stop."""
        pty = Pty(self)
        process = self.begin("primes", "100", pty=pty)
        wait_for(lambda: b"PRIMES" in pty.read(), "its screen")
        for _ in range(3):
            pty.type(b"\x1a")
        pty.type(b"q")
        self.assertEqual(self.wait(process, pty, 5), 0)
        self.assertTrue(pty.is_as_before())

    def test_ctrl_z_pauses_a_run_without_a_screen(self):
        """The workers are in a session of their own, and hold still with it; the time is not counted as work."""
        for way in ("process-pool:2", "thread-pool:2"):
            with self.subTest(way=way):
                process = self.start("run", "primes", "30000000", "30000000", "--with", way, "--json",
                                     preexec_fn=os.setpgrp)  # pylint: disable=subprocess-popen-preexec-fn
                workers = wait_for(lambda: self.computing(process.pid), "work")
                process.send_signal(signal.SIGTSTP)
                wait_for(lambda: process_stat(process.pid)[1] == "T", "it is stopped")
                wait_for(lambda: self.hold_still(workers), "its workers hold still")
                time.sleep(0.5)
                process.send_signal(signal.SIGCONT)
                before = self.cpu_ns(workers)
                wait_for(lambda: self.cpu_ns(workers) - before > 1e8, "they go on")
                process.send_signal(signal.SIGINT)
                document = self.finish(process).document
                self.assertGreater(document["run"]["paused_s"], 0.45)
                self.assertEqual(document["totals"]["workers_killed"], 0)

    @staticmethod
    def cpu_ns(pids):
        total = 0
        for pid in pids:
            for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                total += int(thread.read_text(encoding="ascii").split()[0])
        return total

    def computing(self, app):
        """The processes of a run, as soon as they have used a tenth of a second."""
        family = [pid for pid in family_of(app) if pid != app]
        return family if family and self.cpu_ns(family) > 1e8 else None

    def hold_still(self, pids):
        before = self.cpu_ns(pids)
        time.sleep(0.1)
        return self.cpu_ns(pids) - before < 5e6

    # --- nobody reads --------------------------------------------------------------------------------------------

    def test_a_result_that_nobody_reads_can_be_ended(self):
        """It is larger than a pipe takes unread: the run is over, and the program waits for whoever should read."""
        process = self.start("run", "primes", self.list_file([3] * 3000), "--with", "thread-pool:2", "--json")
        wait_for(lambda: self.has_filled(process), "it waits for a reader")
        process.send_signal(signal.SIGTERM)
        wait_for(lambda: process.poll() is not None, "its end", GONE_WITHIN_S)
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assert_nothing_left()

    @staticmethod
    def has_filled(process):
        """Its pipe has all that it takes."""
        waiting = struct.unpack("i", fcntl.ioctl(process.stdout.fileno(), termios.FIONREAD, b"\0" * 4))[0]
        return waiting >= 65536

    # --- a terminal that is gone ---------------------------------------------------------------------------------

    def test_the_terminal_goes(self):
        """With a screen and without. Where a hang-up is ignored: tests/tui/test_stops.c."""
        for words in (("primes", "30000000"), ("run", "primes", "30000000")):
            with self.subTest(words=words):
                pty = Pty(self)
                process = self.begin(*words, pty=pty, stderr=subprocess.DEVNULL)
                wait_for(lambda pid=process.pid: len(family_of(pid)) > 2, "its processes")
                if words[0] != "run":
                    wait_for(lambda it=pty: b"PRIMES" in it.read(), "its screen")
                family = family_of(process.pid)
                began = time.monotonic()
                pty.hang_up()
                process.wait(20)
                self.assertLess(time.monotonic() - began, GONE_WITHIN_S * SLOWNESS)
                self.assertEqual(process.returncode, 129)
                wait_for(lambda left=family: not any(process_stat(pid) for pid in left), "none of its processes is left")


if __name__ == "__main__":
    unittest.main()
