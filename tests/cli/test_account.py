"""The account of time: of every worker, under every executor, the columns are its wall time; and they say what it really did.
test: limit 240"""
import contextlib
import os
import signal
import unittest

from cli.support import ARTICLE_LIMITS, EXECUTORS, Case, family_of, kill, wait_for, workers_of

COLUMNS = ("on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s")
CLOCK_S = 2e-5  # a worker that lives for half a millisecond: what a figure in whole nanoseconds and its sum may differ by
THREADED = [executor + "+gil" for executor in EXECUTORS if not executor.startswith("process")]


def on_core_s(pids):
    """What the tasks of these processes have had of the cores so far."""
    seconds = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            for tid in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{tid}/schedstat", encoding="ascii") as file:
                    seconds += int(file.read().split()[0]) / 1e9
    return seconds


class Account(Case):
    def assert_accounts(self, document):
        run, workers = document["run"], document["workers"]
        self.assertTrue(workers)
        for worker in workers:
            parts = [worker[column] for column in COLUMNS if worker[column] is not None]
            self.assertGreaterEqual(min(parts), 0, worker)
            self.assertAlmostEqual(sum(parts), worker["wall_s"], delta=0.01 * worker["wall_s"] + CLOCK_S, msg=str(worker))
            self.assertLessEqual(worker["wall_s"], 1.01 * run["wall_s"] + 0.01)
        on_core = sum(worker["on_core_s"] for worker in workers)
        self.assertLessEqual(on_core, 1.01 * run["usable_cores"] * run["wall_s"] + 0.01, "there are no more cores than that")
        return workers

    def test_primes(self):
        for executor in EXECUTORS + THREADED:
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *ARTICLE_LIMITS, 22756, 10000, "--with", executor)
                workers = self.assert_accounts(document)
                computed = sum(job["cpu_s"] for job in document["jobs"])
                on_core = sum(worker["on_core_s"] for worker in workers)
                self.assertGreaterEqual(on_core, 0.99 * computed)
                self.assertLessEqual(on_core, 1.3 * computed + 0.02 * len(workers))

    def test_downloads(self):
        for executor in EXECUTORS + THREADED + ["event-loop:4"]:
            with self.subTest(executor=executor):
                document = self.run_json("run", "download", "--latency", 40, "--rate", "4M", "--with", executor)
                workers = self.assert_accounts(document)
                self.assertEqual([worker["ready_s"] is None for worker in workers],
                                 [executor.startswith("event-loop")] * len(workers))
                # 20 answers that each come 40 ms late, however long it takes to get a core when they are there
                waited = sum(worker["io_s"] + (worker["ready_s"] or 0) for worker in workers)
                self.assertGreater(waited, 20 * 0.040)
                self.assertGreater(sum(worker["io_s"] for worker in workers), 20 * 0.040 * 0.5)

    def test_counter(self):
        for executor in EXECUTORS + THREADED:
            with self.subTest(executor=executor):
                self.assert_accounts(self.run_json("run", "counter", "--with", executor))

    def test_more_workers_than_cores(self):
        """They spend it on a core or ready for one, and on nothing else: not even a twentieth is put down to I/O."""
        for executor in ("thread-pool:24", "process-each"):
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *[40000 + i for i in range(24)], "--with", executor)
                workers = self.assert_accounts(document)
                busy = sum(worker["on_core_s"] + worker["ready_s"] for worker in workers)
                blocked = sum(worker["io_s"] for worker in workers)
                self.assertLess(blocked, 0.1 * busy)

    def test_workers_that_die(self):
        """What the dead did is in the account of their seat, up to when they died."""
        process = self.start("run", "primes", *[200000] * 4, "--with", "process-pool:3", "--json")
        for _ in range(2):
            victim = wait_for(lambda: workers_of(process.pid), "a worker")[0]
            kill(victim)
            wait_for(lambda: victim not in workers_of(process.pid), "its end")  # pylint: disable=cell-var-from-loop
        wait_for(lambda: len(workers_of(process.pid)) == 3, "their successors")
        process.send_signal(signal.SIGINT)
        document = self.finish(process).document
        workers = self.assert_accounts(document)
        self.assertGreater(sum(worker["killed"] for worker in workers), 0)

    def test_a_run_that_is_interrupted(self):
        for executor in ("thread-pool:16", "process-pool:16", "thread-pool:4+gil"):
            with self.subTest(executor=executor):
                process = self.start("run", "primes", *[400000] * 16, "--with", executor, "--json")
                wait_for(lambda: on_core_s(family_of(process.pid)) > 0.3, "work")  # pylint: disable=cell-var-from-loop
                process.send_signal(signal.SIGINT)
                document = self.finish(process).document
                self.assertTrue(document["run"]["interrupted"])
                self.assert_accounts(document)


if __name__ == "__main__":
    unittest.main()
