"""Calls made to fail: every one of the first 200 of each kind, with five errors, and every allocation, once and from there on.

test: limit 300

tests/tools/faults.c is put in front of the program and fails the n-th call of a kind, counted over all of its processes. Whatever fails, a run
has to end in time, with the right result or with a reason in words; whatever it leaves under a final name is whole, no temporary file and
no process is left, and no worker dies of it. A call that says EAGAIN where there is something, so that whoever waits for an edge waits for ever,
is what --timeout is for. `make test` tries a sample, `make test-faults` all of them, more than 10,000 runs."""
import concurrent.futures
import errno
import hashlib
import itertools
import json
import os
import random
import subprocess
import tempfile
import threading
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

from cli import support
from cli.support import JUGGLER, ROOT, SANITIZED, new_seed, product_facts
from faults import shim

ALL = "JUGGLER_KILLS" in os.environ  # make test-faults
SAMPLE = 24
FIRST_CALLS = 200
HANG_S = 10
LEAVE_S = 3  # for what ends after the program: the guard
EVERYTHING = 10 ** 9
LIMITS = [1000, 5000, 700]
IMAGES = 5

ERRORS = {
    "write": "ENOSPC EIO EDQUOT EINTR EAGAIN",
    "openat": "EMFILE ENFILE EACCES ENOSPC EIO",
    "rename": "EIO ENOSPC EROFS EACCES EDQUOT",
    "close": "EIO ENOSPC EDQUOT EINTR EBADF",
    "mmap": "ENOMEM EAGAIN EPERM ENODEV ENFILE",
    "clone": "EAGAIN ENOMEM EPERM ENOSYS EINVAL",
    "pipe2": "EMFILE ENFILE ENOMEM EFAULT EINVAL",
    "poll": "EINTR ENOMEM EFAULT EINVAL EAGAIN",
    "waitid": "EINTR ECHILD EINVAL EAGAIN ENOMEM",
    "read": "EIO EINTR EAGAIN EBADF EISDIR",
    "socket": "EMFILE ENFILE ENOBUFS ENOMEM EACCES",
    "connect": "ECONNREFUSED ENETUNREACH ETIMEDOUT EADDRNOTAVAIL EINTR",
    "send": "EPIPE ECONNRESET ENOBUFS EAGAIN EINTR",
    "recv": "ECONNRESET EAGAIN EINTR ENOMEM ETIMEDOUT",
    "epoll": "EINTR ENOMEM ENOSPC EINVAL EBADF",
    "eventfd": "EMFILE ENFILE ENOMEM ENODEV EINVAL",
    "signalfd": "EMFILE ENFILE ENOMEM ENODEV EINVAL",
    "memfd": "EMFILE ENFILE ENOMEM EINVAL EFAULT",
    "fallocate": "ENOSPC ENOMEM EIO EOPNOTSUPP EINTR",
    "unlinkat": "EIO EROFS EACCES EBUSY ENOENT",
    "mkdir": "ENOSPC EROFS EACCES EDQUOT EIO",
    "fstat": "EIO EACCES ENOMEM ENOENT ELOOP",
    "own-malloc": "ENOMEM",
    "malloc": "ENOMEM",
}


@dataclass(frozen=True)
class Work:
    """A short canonical run."""
    words: tuple
    files: dict  # {name: sha256} of what it makes

    @property
    def is_primes(self):
        return self.words[1] == "primes"


@dataclass(frozen=True)
class Fault:
    """Calls first ... last of this kind fail so."""
    work: Work
    call: str
    error: str
    first: int
    last: int

    def __str__(self):
        more = "" if self.last == self.first else " and all after it"
        return f"{' '.join(self.work.words)}: {self.call} number {self.first}{more} fails with {self.error}"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def words_of_works():
    urls = [line for line in (ROOT / "sample-data/article.urls").read_text(encoding="ascii").splitlines() if line.startswith("http")]
    for executor in ("process-pool:2", "thread-pool:2", "process-each"):
        yield ("run", "primes", *map(str, LIMITS), "--with", executor)
    for executor in ("thread-pool:3", "process-pool:2", "event-loop:3"):
        yield ("run", "download", *urls[:IMAGES], "--origin", "builtin", "--latency", "0", "--rate", "100M", "--timeout", "2", "--with", executor)


def processes_marked(mark):
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and mark in Path(f"/proc/{entry}/environ").read_bytes():
                found.append(int(entry))
        except OSError:
            continue
    return found


class Torture:
    """Runs the program with faults; says what is wrong with what came of it."""

    def __init__(self):
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.codes = {}

    def run(self, words, call="write", error=0, first=0, last=0):
        """(exit code or None for a hang, stdout, stderr, {file: bytes}, names left in the temporary folder, counts, pids left)."""
        with tempfile.TemporaryDirectory(prefix="torture-") as name:
            folder = Path(name)
            (folder / "tmp").mkdir()
            counts = shim.new_counts(folder / "counts")
            mark = f"JUGGLER_TORTURE={os.getpid()}.{next(self.numbers)}"
            settings = support.environment(TMPDIR=folder / "tmp", XDG_STATE_HOME=folder / "state",
                                           **shim.environment(counts, call, error, first, last))
            settings[mark.split("=")[0]] = mark.split("=")[1]
            process = subprocess.Popen([JUGGLER, *words, "-o", folder / "out", "--json", "--no-history"], env=settings,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
            try:
                out, err = process.communicate(timeout=HANG_S)
                code = process.returncode
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                code = None
            left = self.left_behind(mark.encode() + b"\0")
            files = {entry.name: entry.read_bytes() for entry in (folder / "out").iterdir()} if (folder / "out").is_dir() else {}
            return code, out, err.decode(errors="replace"), files, os.listdir(folder / "tmp"), shim.read_counts(counts), left

    @staticmethod
    def left_behind(mark):
        deadline = time.monotonic() + LEAVE_S
        left = processes_marked(mark)
        while left and time.monotonic() < deadline:
            time.sleep(0.005)
            left = processes_marked(mark)
        for pid in left:
            support.kill(pid)
        return left

    def trial(self, fault):
        """What is wrong, in words, or None."""
        code, out, err, files, temporary, _, left = self.run(fault.work.words, fault.call, getattr(errno, fault.error), fault.first, fault.last)
        with self.lock:
            self.codes[code] = self.codes.get(code, 0) + 1
        wrong = list(self.faults_of_end(fault, code, out, err, files))
        wrong += [f"half a file under {name}" for name, data in files.items()
                  if not name.startswith(".") and fault.work.files.get(name) != sha256(data)]
        if fault.call != "unlinkat":  # who may not remove a file has to leave it
            wrong += [f"left {name}" for name in [*temporary, *files] if name.startswith((".", "juggler-"))]
        if left:
            wrong.append(f"left {len(left)} processes")
        return f"{fault}: {'; '.join(wrong)}\n  exit code {code}, stderr: {err.strip()[-300:]}" if wrong else None

    def faults_of_end(self, fault, code, out, err, files):
        if code is None:
            yield f"not done after {HANG_S} s"
        elif code not in (0, 1, 2, 3):
            yield f"exit code {code}"
        elif code in (2, 3):
            if not err.strip():
                yield "no reason on stderr"
        else:
            try:
                yield from self.faults_of_report(fault, code, json.loads(out), files)
            except (ValueError, KeyError, TypeError) as problem:
                yield f"exit code {code}, and a JSON document that is none, or not whole: {problem!r}"

    @staticmethod
    def faults_of_report(fault, code, document, files):
        work, totals = fault.work, document["totals"]
        told_there_is_no_child = fault.error == "ECHILD"  # then there is none any more, and another one has to be made
        if (totals["workers_killed"] or document["run"]["restarts"]) and not told_there_is_no_child:
            yield "a worker or a runner died"
        for job in document["jobs"]:
            if job["state"] == "done":
                if job["file"] not in files:
                    yield f"no file {job['file']}"
                if work.is_primes and (job["primes"], job["digits"], job["tail"]) != tuple(product_facts(int(job["input"]))[i] for i in (0, 2, 4)):
                    yield f"a wrong product of {job['input']}"
            elif job["state"] == "failed":
                if code == 0 or len(job["error"]) < 8:
                    yield f"a job failed without a reason: {job}"
            elif not document.get("error"):
                yield f"a job is {job['state']}, and nothing says why"


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if SANITIZED:
            raise unittest.SkipTest("the sanitizers bring an allocator of their own")
        if not shim.library():
            raise unittest.SkipTest("no compiler for tests/tools/faults.c")
        cls.torture = Torture()
        cls.works = []
        cls.counts = {}
        for words in words_of_works():
            code, _, err, files, _, counts, _ = cls.torture.run(words)
            assert code == 0, err
            work = Work(words, {})
            work.files.update({name: sha256(data) for name, data in files.items()})
            cls.works.append(work)
            cls.counts[words] = counts

    def all_faults(self):
        for work in self.works:
            for call, count in self.counts[work.words].items():
                for error in ERRORS.get(call, "").split():  # what can't fail is only counted
                    for number in range(1, min(count, FIRST_CALLS) + 1):
                        yield Fault(work, call, error, number, number)
                        if call == "own-malloc":
                            yield Fault(work, call, error, number, EVERYTHING)

    def try_all(self, faults):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            wrong = [words for words in pool.map(self.torture.trial, faults) if words]
        print(f"figure: {len(faults)} runs with faults; exit codes: " + ", ".join(f"{code}: {count}" for code, count in sorted(
            self.torture.codes.items(), key=str)), flush=True)
        self.assertEqual(wrong, [], "\n".join([f"{len(wrong)} of {len(faults)}", *wrong[:40]]))

    def test_calls_that_fail(self):
        faults = list(self.all_faults())
        if not ALL:
            faults = random.Random(new_seed()).sample(faults, SAMPLE)
        self.try_all(faults)


if __name__ == "__main__":
    unittest.main()
