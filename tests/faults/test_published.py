"""Workers that die in the moment between a file that has its name and a job that is marked as done: the work is done again, and counted once.

The moment is hit exactly: tests/tools/faults.c sends SIGKILL right behind the n-th rename."""
import os
import signal
import unittest

from cli.support import SANITIZED, Case, body_of, product_facts
from faults import shim

JOBS = 8
ROUNDS = max(1, int(os.environ.get("JUGGLER_KILLS", "8")) // JOBS)  # of JOBS kills each


@unittest.skipIf(SANITIZED, "the sanitizers bring an allocator of their own")
class Published(Case):
    def killed_after(self, number, *words):
        if not shim.library():
            self.skipTest("no compiler for tests/tools/faults.c")
        counts = shim.new_counts(self.folder / "counts")
        result = self.run_juggler(*words, "-o", self.output, "--json", env=shim.environment(counts, "rename", -signal.SIGKILL, number, number))
        self.assertEqual(result.code, 0, result)
        self.assertEqual(shim.read_counts(counts)["rename"], JOBS + 1, "one was done twice")
        return result.document

    def assert_counted_once(self, document):
        self.assertEqual([job["state"] for job in document["jobs"]], ["done"] * JOBS)
        self.assertEqual(sorted(job.get("deaths", 0) for job in document["jobs"]), [0] * (JOBS - 1) + [1])
        self.assertEqual(document["totals"]["attempts"], JOBS + 1)

    def test_downloads(self):
        """By processes, which die alone. The last of all has its file, too, when its worker dies."""
        for _ in range(ROUNDS):
            for number in range(1, JOBS + 1):
                site = self.site()
                document = self.killed_after(number, "run", "download", *(f"{site.url}/{i}" for i in range(JOBS)), "--with", "process-pool:2")
                self.assert_counted_once(document)
                self.assertEqual(document["totals"]["workers_killed"], 1)
                self.assertEqual(self.files(), {str(i): body_of(f"/{i}") for i in range(JOBS)})
                site.close()

    def test_products(self):
        limits = [1000 + i for i in range(JOBS)]
        for number in range(1, JOBS + 1, 1 if ROUNDS > 1 else 3):
            document = self.killed_after(number, "run", "primes", *limits, "--with", "process-pool:2")
            self.assert_counted_once(document)
            for job, limit in zip(document["jobs"], limits):
                self.assert_product(job, limit)
                self.assertEqual(len(self.files()[job["file"]]), product_facts(limit)[2] + 1)

    def test_threads_share_the_moment(self):
        """All of them die with the one; whoever held a job is charged, and none is counted twice."""
        site = self.site()
        counts = shim.new_counts(self.folder / "counts")
        if not shim.library():
            self.skipTest("no compiler for tests/tools/faults.c")
        result = self.run_juggler("run", "download", *(f"{site.url}/{i}" for i in range(JOBS)), "--with", "thread-pool:2", "-o", self.output,
                                  "--json", env=shim.environment(counts, "rename", -signal.SIGKILL, 4, 4))
        self.assertEqual(result.code, 0, result)
        self.assertEqual([job["state"] for job in result.document["jobs"]], ["done"] * JOBS)
        self.assertEqual(result.document["run"]["restarts"], 1)
        self.assertEqual(self.files(), {str(i): body_of(f"/{i}") for i in range(JOBS)})


if __name__ == "__main__":
    unittest.main()
