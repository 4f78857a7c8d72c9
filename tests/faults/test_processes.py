"""The rules that processes here keep: who forks has no threads, children inherit nothing they don't need, memory is taken from them first."""
import errno
import os
import resource
import signal
import unittest
from pathlib import Path

from cli.support import SANITIZED, Case, children_of, runner_of, threads_of, wait_for, workers_of
from faults import shim


def open_files_of(pid):
    """{descriptor: what it leads to}"""
    found = {}
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(fd)] = os.readlink(f"/proc/{pid}/fd/{fd}")
        except OSError:
            continue
    return found


def oom_score_of(pid):
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text(encoding="ascii"))


class Processes(Case):
    def at_work(self, executor, workers, **more):
        """(process, runner) of a run whose workers are all in the middle of a long job."""
        process = self.start("run", "primes", *["20000000"] * workers, "--with", executor, "-o", self.output, "--no-history", **more)
        runner = runner_of(process.pid)
        wait_for(lambda: len(workers_of(process.pid)) == workers or threads_of(runner) == workers + 1, f"{workers} workers")
        return process, runner

    def leave(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)

    def counts(self):
        """Of the calls that are made from now on (faults/shim.py)."""
        if SANITIZED or not shim.library():
            self.skipTest("no compiler for tests/tools/faults.c, or an allocator of the sanitizer's own")
        return shim.new_counts(self.folder / "counts")

    def test_who_forks_has_no_threads(self):
        """A child of a process with threads could find a lock held by nobody."""
        for executor in ("process-pool:3", "process-each", "thread-pool:3"):
            with self.subTest(executor=executor):
                process, runner = self.at_work(executor, 3)
                self.assertEqual(threads_of(process.pid), 1)
                if executor.startswith("process"):
                    self.assertEqual([threads_of(pid) for pid in (runner, *workers_of(process.pid))], [1] * 4)
                else:
                    self.assertEqual((threads_of(runner), children_of(runner)), (4, []))
                self.leave(process)

    def test_only_the_program_itself_runs_exit_handlers(self):
        """Guard, origin, runner and workers are copies of it, with copies of its handlers and of what its streams hold."""
        for executor in ("process-pool:2", "thread-pool:2"):
            counts = self.counts()
            result = self.run_juggler("run", "download", "--origin", "builtin", "--latency", "1", "--rate", "0", "--with", executor,
                                      "-o", self.output, env=shim.environment(counts))
            self.assertEqual(result.code, 0, result)
            self.assertGreaterEqual(shim.read_counts(counts)["clone"], 4)
            self.assertEqual(shim.read_counts(counts)["exit"], 1)

    def test_nothing_is_inherited_that_is_not_needed(self):
        """An open pipe of whoever started the program is held by the program alone, and no worker has a terminal, a pipe or a socket."""
        ours, theirs = os.pipe()
        self.addCleanup(os.close, ours)
        pipe = os.readlink(f"/proc/self/fd/{theirs}")
        process, runner = self.at_work("process-pool:3", 3, pass_fds=(theirs,))
        os.close(theirs)
        self.assertIn(pipe, open_files_of(process.pid).values())
        needed = ("/dev/null", "anon_inode:[eventfd]", "anon_inode:[signalfd]", str(self.output), "/proc/")
        for pid in (runner, *workers_of(process.pid)):
            files = open_files_of(pid)
            self.assertEqual([files[fd] for fd in range(3)], ["/dev/null"] * 3)
            self.assertEqual([file for file in files.values() if not file.startswith(needed)], [])
        self.leave(process)

    def test_no_memory_for_the_board(self):
        """It is said, in words, before anything starts; nobody dies of SIGBUS later. A limit of files is one of shared memory, too."""
        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        for executor in ("process-pool:8", "thread-pool:8"):
            result = self.finish(self.start("run", "primes", "100", "--with", executor, "--no-history", preexec_fn=little))
            self.assertEqual(result.code, 3, result)
            self.assertIn("status board", result.err)

    def test_no_pages_for_the_board(self):
        """It has got its length, by the first call of this kind, and does not get its pages, by the second: that is told there and then."""
        result = self.run_juggler("run", "primes", "100", "--no-history", env=shim.environment(self.counts(), "fallocate", errno.ENOSPC, 2, 2))
        self.assertEqual(result.code, 3, result)
        self.assertIn("status board", result.err)

    def test_memory_is_taken_from_workers_first(self):
        process, runner = self.at_work("process-pool:2", 2)
        self.assertEqual(oom_score_of(process.pid), oom_score_of("self"))
        for pid in (runner, *workers_of(process.pid)):
            wait_for(lambda here=pid: oom_score_of(here) == 500, "it offers itself")
        self.leave(process)


if __name__ == "__main__":
    unittest.main()
