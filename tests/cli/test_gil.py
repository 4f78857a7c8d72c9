"""The interpreter lock on the article's own work, through the command line. test: alone test: limit 240

Ratios of the least times of runs that took turns: noise only adds time. A ratio that fails while others take much of the
machine, which is measured, is skipped."""
import os
import unittest

from cli.others import Others
from cli.support import ARTICLE_LIMITS, SANITIZED, Case

LIMITS = [2 * limit for limit in ARTICLE_LIMITS]  # about a second and a half of computing
ROUNDS, ROUNDS_MOST = 3, 9
CORES = len(os.sched_getaffinity(0))


class Gil(Case):
    def primes(self, executor, *more):
        return self.run_json("run", "primes", *LIMITS, "--with", executor, *more)

    def assert_ratio(self, run, one, other, least, most):
        """The least wall time under one over the least under other, in turns, comes to lie within these bounds."""
        others, took, ratio = Others(), {one: [], other: []}, 0
        for number in range(1, ROUNDS_MOST + 1):
            for executor, times in took.items():
                times.append(run(executor)["run"]["wall_s"])
            ratio = min(took[one]) / min(took[other])
            if number >= ROUNDS and least <= ratio <= most:
                return
        what = f"{one} over {other}: {ratio:.3f} is not within {least} and {most}, {took}"
        others.skip_if_much(self, what)
        self.fail(what)

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
        others = Others()
        document = self.primes("thread-pool:4+gil")
        wall = document["run"]["wall_s"]
        self.assertEqual(document["run"]["executor"], "thread-pool:4+gil")
        waited = sum(worker["lock_s"] for worker in document["workers"])
        self.assertLess(sum(worker["on_core_s"] for worker in document["workers"]), 1.05 * wall)
        for worker in document["workers"]:
            parts = sum(worker[key] or 0 for key in ("on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s"))
            self.assertAlmostEqual(parts, worker["wall_s"], delta=0.01 * worker["wall_s"])
        self.assertEqual(sum(worker["lock_s"] for worker in self.primes("thread-pool:4")["workers"]), 0)
        if waited <= wall:
            others.skip_if_much(self, f"{waited} s of waiting in {wall} s")
        self.assertGreater(waited, wall)

    def test_results_are_the_same(self):
        limits = ARTICLE_LIMITS + [7, 0]
        for executor in ("sequential+gil", "thread-each+gil", "thread-batch:2+gil", "thread-pool:3+gil"):
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *limits, "--with", executor)
                for job, limit in zip(document["jobs"], limits):
                    self.assert_product(job, limit)

    def test_a_longer_interval_switches_more_rarely(self):
        others, switches = Others(), {}
        for _ in range(ROUNDS):
            for ms in (5, 50):
                switches[ms] = self.primes("thread-pool:2+gil", "--switch-interval", ms)["run"]["gil"]["switches"]
            if switches[5] > 3 * switches[50]:
                return
        others.skip_if_much(self, f"switches {switches}")
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
