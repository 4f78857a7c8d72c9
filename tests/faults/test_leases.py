"""Workers that are stopped: past their lease they are killed, and their jobs are done by others, once; before it nothing happens to them.

test: limit 150
"""
import os
import random
import signal
import time
import unittest

from cli.sockets import process_behind
from cli.support import SLOWNESS, Case, is_alive, kill, new_seed, process_stat, runner_of, wait_for, workers_of

LONG = "JUGGLER_KILLS" in os.environ
ROUNDS = max(1, int(os.environ.get("JUGGLER_KILLS", "0")) // 20)
LEASE_S = 2


def state_of(pid):
    return (process_stat(pid) or ("", "Z"))[1]


def stop(pid):
    """True: it is stopped now."""
    if not kill(pid, signal.SIGSTOP):
        return False
    return wait_for(lambda: state_of(pid) in "TZX", "a stopped worker") and state_of(pid) == "T"


class Leases(Case):
    def assert_each_once(self, document, count):
        self.assertEqual([job["index"] for job in document["jobs"]], list(range(count)))
        for job in document["jobs"]:
            self.assertEqual((job["state"], job["attempts"]), ("done", job.get("deaths", 0) + 1), job)
        self.assertEqual(document["totals"]["done"], count)
        self.assertEqual(document["totals"]["attempts"], count + sum(job.get("deaths", 0) for job in document["jobs"]))

    def test_stopped_past_the_lease_and_woken_up(self):
        """Some are woken up in time and go on where they were; the others wake up too late, or would."""
        seed = new_seed()
        source = random.Random(seed)
        for turn in range(ROUNDS):
            with self.subTest(turn=turn, seed=seed):
                limits = [source.choice((20000, 30000, 39371)) for _ in range(40)]
                process = self.start("run", "primes", self.list_file(limits), "--with", "process-pool:3", "--lease", LEASE_S,
                                     "--json", "-o", self.work / f"out{turn}")
                runner = runner_of(process.pid)
                wait_for(lambda here=turn: self.names(self.work / f"out{here}"), "a product")
                victims = [pid for pid in source.sample(wait_for(lambda: workers_of(process.pid), "workers"), 2) if stop(pid)]
                in_time = victims[1:]
                time.sleep(source.uniform(0, LEASE_S / 4))  # the moment is what is tried out
                for pid in in_time:
                    kill(pid, signal.SIGCONT)
                wait_for(lambda worker=victims[0], over=runner: not is_alive(worker) or not is_alive(over),
                         "the lease of a stopped worker is over", 30)
                self.assertFalse(kill(victims[0], signal.SIGCONT) and is_alive(victims[0]), "it is gone, and does not wake up")
                document = self.finish(process, 60 * SLOWNESS).document
                self.assert_each_once(document, len(limits))
                self.assertEqual((document["totals"]["workers_hung"], document["totals"]["workers_killed"]), (1, 1), seed)
                self.assertLessEqual(sum(job.get("deaths", 0) for job in document["jobs"]), 1)
                for job, limit in zip(document["jobs"], limits):
                    self.assert_product(job, limit)

    def test_without_a_lease_nothing_happens(self):
        process = self.start("run", "primes", self.list_file([60000] * 12), "--with", "process-pool:2", "--lease", "0", "--json")
        victim = wait_for(lambda: workers_of(process.pid), "workers")[0]
        self.assertTrue(stop(victim))
        time.sleep(1)  # nothing is to be waited for: that is what is tried
        self.assertEqual(state_of(victim), "T")
        kill(victim, signal.SIGCONT)
        document = self.finish(process).document
        self.assert_each_once(document, 12)
        self.assertEqual((document["totals"]["workers_hung"], document["totals"]["workers_killed"]), (0, 0))

    if LONG:  # they take several leases each
        def test_a_job_that_always_stops_its_worker(self):
            """The server stops whoever asks for it. It costs three workers and is poisoned, in words; nobody else is charged."""
            def stopping(handler, hit):
                kill(process_behind(handler), signal.SIGSTOP)
                handler.server.site.released.wait(60)
            site = self.site(poison=stopping)
            urls = [f"{site.url}/{i}.bin" for i in range(10)]
            urls.insert(4, site.url + "/poison/x")
            document = self.run_json("run", "download", *urls, "--with", "process-pool:3", "--lease", LEASE_S, code=1)
            job = document["jobs"][4]
            self.assertEqual((job["state"], job["deaths"], site.hits_of("/poison")), ("poisoned", 3, 3))
            self.assertIn("without a sign of life", job["error"])
            self.assertEqual((document["totals"]["done"], document["totals"]["workers_hung"]), (10, 3))
            self.assertEqual(sum(other.get("deaths", 0) for other in document["jobs"]), 3)

        def test_patience(self):
            """A server that says nothing for longer than the lease, a run that is stopped as a whole for longer: nobody is killed."""
            def late(handler, hit):
                handler.server.site.released.wait(3 * LEASE_S)
                handler.answer(200, b"late")
            site = self.site(late=late)
            process = self.start("run", "download", *(f"{site.url}/late/{i}" for i in range(4)), "--with", "process-pool:2", "--lease",
                                 LEASE_S, "--json")
            wait_for(lambda: site.hits_of("/late") >= 3, "the second pair of requests")
            runner = runner_of(process.pid)
            os.killpg(runner, signal.SIGSTOP)
            time.sleep(3 * LEASE_S)  # the time itself is what is tried
            os.killpg(runner, signal.SIGCONT)
            document = self.finish(process, 60 * SLOWNESS).document
            self.assert_each_once(document, 4)
            self.assertEqual(document["totals"]["workers_killed"], 0)


if __name__ == "__main__":
    unittest.main()
