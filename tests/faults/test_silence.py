"""Told to stop while the network is silent (a name server that never answers, servers that say nothing), a run without a screen ends in two
seconds all the same, with its report. The dashboard: tests/tui/test_quit.c.

test: limit 180
"""
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

from cli.support import ROOT, SLOWNESS, Case, children_of, new_seed, wait_for

WAYS = ("thread-pool:10", "thread-each", "process-pool:10", "event-loop:10")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SHORT_FORM = 5  # of all combinations; `make test-faults` tries each
ENDS_WITHIN_S = 2.0
TARGETS = {"names": "http://silent{}.example/a", "silent": "http://127.0.0.1:8001/{}", "full": "http://127.0.0.1:8002/{}"}


def can_be_silent():
    return shutil.which("unshare") and subprocess.run(["unshare", "-rnm", "true"], stderr=subprocess.DEVNULL,
                                                      check=False).returncode == 0


class Silence(Case):
    def setUp(self):
        super().setUp()
        if not can_be_silent():
            self.skipTest("no network of its own can be made here (unshare -rnm)")

    def start_silent(self, *words):
        """In a network where nobody says a word."""
        script = ROOT / "tests/faults/silent_network.py"
        return self.start(*words, before=("unshare", "-rnm", sys.executable, script, self.folder))

    def ended(self, process, number):
        began = time.monotonic()
        process.send_signal(number)
        result = self.finish(process)
        took = time.monotonic() - began
        self.assertLess(took, ENDS_WITHIN_S * SLOWNESS)
        self.assertEqual(result.code, 128 + number, result)
        return result

    def test_a_run(self):
        seed = new_seed()
        trials = list(itertools.product(TARGETS, WAYS, SIGNALS))
        if "JUGGLER_KILLS" not in os.environ:
            trials = random.Random(seed).sample(trials, SHORT_FORM) + [("names", "event-loop:10", signal.SIGTERM)]
        for target, way, number in trials:
            with self.subTest(target=target, way=way, signal=number.name, seed=seed):
                urls = self.list_file(TARGETS[target].format(i) for i in range(10))
                process = self.start_silent("run", "download", urls, "--with", way, "--json")
                wait_for(lambda: children_of(process.pid, "juggler:runner"), "a runner")
                time.sleep(0.2)  # so that they are under way; sooner would be easier
                document = self.ended(process, number).document
                self.assertIs(document["run"]["interrupted"], True)
                self.assertEqual(document["totals"]["failed"], 0)
                self.assert_nothing_left()

    def test_a_comparison(self):
        urls = self.list_file(TARGETS["names"].format(i) for i in range(10))
        process = self.start_silent("compare", "download", urls, "--with", "thread-pool:10,event-loop:10")
        wait_for(lambda: children_of(process.pid, "juggler:runner"), "a runner")
        self.ended(process, signal.SIGTERM)
        self.assert_nothing_left()

    def test_time_limits_hold(self):
        """A name that is never looked up, and servers that never answer, cost --timeout, whatever the way. (A look-up itself goes on.)"""
        urls = self.list_file(TARGETS[target].format(0) for target in TARGETS)
        began = time.monotonic()
        words = ("run", "download", urls, "--json", "--retry", "0", "--timeout", "1", "--with")
        for way, process in [(way, self.start_silent(*words, way)) for way in WAYS]:
            with self.subTest(way=way):
                result = self.finish(process)
                self.assertEqual(result.code, 1, result)
                self.assertEqual([job["state"] for job in result.document["jobs"]], ["failed"] * 3)
                self.assertTrue(all(job["error"] for job in result.document["jobs"]))
                self.assertLess(time.monotonic() - began, 20 * SLOWNESS)  # of 150 that the look-up takes


if __name__ == "__main__":
    unittest.main()
