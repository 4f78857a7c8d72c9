"""The interpreter lock on the article's own work, through the command line. test: alone test: limit 240

Ratios of medians of runs that took turns. Where others use the machine, too, a ratio has three chances."""
import os
import statistics
import unittest

from cli.support import ARTICLE_LIMITS, SANITIZED, Case

LIMITS = [2 * limit for limit in ARTICLE_LIMITS]  # about a second and a half of computing
ROUNDS, CHANCES = 3, 3
CORES = len(os.sched_getaffinity(0))


class Gil(Case):
    def primes(self, executor, *more):
        return self.run_json("run", "primes", *LIMITS, "--with", executor, *more)

    def ratio(self, run, one, other):
        """The median wall time under one over that under other, in turns."""
        took = {one: [], other: []}
        for _ in range(ROUNDS):
            for executor, times in took.items():
                times.append(run(executor)["run"]["wall_s"])
        return statistics.median(took[one]) / statistics.median(took[other])

    def assert_ratio(self, run, one, other, least, most):
        ratios = []
        for _ in range(CHANCES):
            ratios.append(self.ratio(run, one, other))
            if least <= ratios[-1] <= most:
                return
        self.fail(f"{one} over {other}: {ratios}, not within {least} and {most}")

    def test_four_threads_do_the_work_of_one(self):
        self.assert_ratio(self.primes, "thread-pool:4+gil", "sequential", 0.95, 1.2)

    @unittest.skipIf(SANITIZED, "a sanitizer's threads share more than the work")
    def test_without_it_they_do_the_work_of_the_cores(self):
        cores = self.primes("sequential")["run"]["usable_cores"]
        if cores < 2 or CORES < 2:
            self.skipTest("one usable core")
        share = 1 / min(cores, 4)
        self.assert_ratio(self.primes, "thread-pool:4", "sequential", 0.9 * share, 1.4 * share)

    def test_downloads_lose_nothing(self):
        def download(executor):
            return self.run_json("run", "download", "--latency", "60", "--rate", "2M", "--with", executor)
        self.assert_ratio(download, "thread-pool:10+gil", "thread-pool:10", 0.9, 1.05)

    def test_waiting_for_it_is_in_the_account(self):
        document = self.primes("thread-pool:4+gil")
        wall = document["run"]["wall_s"]
        self.assertEqual(document["run"]["executor"], "thread-pool:4+gil")
        self.assertGreater(sum(worker["lock_s"] for worker in document["workers"]), wall)
        self.assertLess(sum(worker["on_core_s"] for worker in document["workers"]), 1.05 * wall)
        for worker in document["workers"]:
            parts = sum(worker[key] or 0 for key in ("on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s"))
            self.assertAlmostEqual(parts, worker["wall_s"], delta=0.01 * worker["wall_s"])
        self.assertEqual(sum(worker["lock_s"] for worker in self.primes("thread-pool:4")["workers"]), 0)

    def test_results_are_the_same(self):
        limits = ARTICLE_LIMITS + [7, 0]
        for executor in ("sequential+gil", "thread-each+gil", "thread-batch:2+gil", "thread-pool:3+gil"):
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *limits, "--with", executor)
                for job, limit in zip(document["jobs"], limits):
                    self.assert_product(job, limit)

    def test_a_longer_interval_switches_more_rarely(self):
        switches = {ms: self.primes("thread-pool:2+gil", "--switch-interval", ms)["run"]["gil"]["switches"] for ms in (5, 50)}
        self.assertGreater(switches[5], 3 * switches[50], switches)

    def test_where_it_makes_no_sense(self):
        for words in (("primes", "--with", "process-pool:4+gil"), ("download", "--with", "process-each+gil"),
                      ("download", "--with", "event-loop:4+gil")):
            result = self.run_juggler("run", *words)
            self.assertEqual(result.code, 2, result)
            self.assertRegex(result.err, "no interpreter|nobody to share", result)
        for ms in ("0", "10001", "x"):
            self.assertEqual(self.run_juggler("run", "primes", "7", "--switch-interval", ms).code, 2)


if __name__ == "__main__":
    unittest.main()
