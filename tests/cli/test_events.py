"""Events: every change of state of a thousand workers is fetched before it is overwritten; what was lost is told everywhere.
test: alone test: limit 180"""
import csv
import io
import json
import re
import signal
import unittest

from cli.others import Others
from cli.support import Case, is_alive, runner_of, wait_for


class Events(Case):
    def test_a_thousand_threads_lose_none(self):
        limits = self.list_file(1000 + i % 1000 for i in range(5000))
        document = self.run_json("run", "primes", limits, "--with", "thread-pool:1000")
        self.assertEqual(document["totals"]["done"], 5000)
        self.assertEqual(document["run"]["workers"], 1000)
        self.assertEqual(document["lost_events"], 0)

    def test_hundreds_of_processes_lose_none(self):
        limits = self.list_file(1000 + i % 1000 for i in range(1500))
        document = self.run_json("run", "primes", limits, "--with", "process-pool:300")
        self.assertEqual(document["totals"]["done"], 1500)
        self.assertEqual(document["lost_events"], 0)

    def test_a_thousand_downloads_lose_none(self):
        urls = self.list_file(f"http://x.invalid/synthetic/{n}" for n in range(3000))
        document = self.run_json("run", "download", urls, "--origin", "builtin", "--latency", 20, "--rate", 0, "--with",
                                 "thread-pool:1000")
        self.assertEqual(document["totals"]["done"], 3000)
        self.assertEqual(document["lost_events"], 0)

    def test_few_workers_with_short_jobs(self):
        """Each of them changes its state thousands of times a second, and a ring has room for 220: half a ring rings a bell."""
        others, lost = Others(), []
        limits = self.list_file([2000] * 3000)
        for executor in ("thread-pool:2", "process-pool:2") * 3:
            lost.append(self.run_json("run", "primes", limits, "--with", executor)["lost_events"])
        if lost.count(0) < 3:
            others.skip_if_much(self, f"lost {lost}")
        self.assertGreaterEqual(lost.count(0), 3, lost)

    def stopped_meanwhile(self, *words):
        """The result of a run whose app was held while the work went on: nobody fetched what the workers told."""
        app = self.start("run", "primes", self.list_file([2] * 100000), "--with", "thread-pool:2", *words)
        runner = runner_of(app.pid)
        app.send_signal(signal.SIGSTOP)
        wait_for(lambda: not is_alive(runner), "the end of the work")
        app.send_signal(signal.SIGCONT)
        return self.finish(app)

    def test_losses_are_in_every_export(self):
        files = {"trace": self.work / "trace.json", "page": self.work / "page.html"}
        lost = self.stopped_meanwhile("--json", "--trace", files["trace"], "--report", files["page"]).document["lost_events"]
        self.assertGreater(lost, 0)
        self.assertEqual(json.loads(files["trace"].read_text())["otherData"]["lost_events"], lost)
        self.assertIn(f"{lost} events were lost", files["page"].read_text())
        rows = csv.DictReader(io.StringIO(self.stopped_meanwhile("--csv").out))
        self.assertGreater(int(next(rows)["lost_events"]), 0)
        table = self.stopped_meanwhile().out
        self.assertRegex(re.sub(r"\s+", " ", table), r"[1-9][0-9]* events were lost")


if __name__ == "__main__":
    unittest.main()
