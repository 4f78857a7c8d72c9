"""The account of time against a second source: /proc read by this script, and perf sched. test: alone test: limit 180

A worker of a pool that has no work left stands still until the last job is done, so its figures can be read at leisure before it is
gone. What can't be read so is the one with the last job: of it the last moments are not seen, and how many those are is known."""
import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
import unittest

from cli.support import JUGGLER, Case, environment, family_of

LIMITS = [60000 + i for i in range(5)] + [120000]  # more workers than cores; one of them works long after the others
POOLS = ("thread-pool:6", "process-pool:6")
CLOSE = 0.05
UNSEEN_S = 0.002  # what the kernel and we may count before the first and behind the last look


class Watch(threading.Thread):
    """The last word of /proc/PID/task/TID/schedstat on every task below a process: {tid: (when, on core, ready)} in seconds."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.last, self.ended = pid, {}, threading.Event()

    def look(self, pid):
        with contextlib.suppress(OSError, ValueError):
            for tid in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{tid}/schedstat", encoding="ascii") as file:
                    on_core, delay, _ = (int(word) for word in file.read().split())
                self.last[int(tid)] = (time.monotonic(), on_core / 1e9, delay / 1e9)

    def run(self):
        family, listed = [], 0.0
        while not self.ended.is_set():
            if time.monotonic() - listed > 0.1:
                family, listed = family_of(self.pid), time.monotonic()
            for pid in family:
                self.look(pid)
            self.ended.wait(0.01)


class SecondSource(Case):
    def watched(self, executor):
        """The report of a run, what was seen of its tasks, and when it was over."""
        process = self.start("run", "primes", *LIMITS, "--with", executor, "--json")
        watch = Watch(process.pid)
        watch.start()
        result = self.finish(process)
        over = time.monotonic()
        watch.ended.set()
        watch.join()
        self.assertEqual(result.code, 0, result)
        return result.document, watch.last, over

    def assert_close(self, ours, theirs, unseen, what):
        self.assertAlmostEqual(ours, theirs, delta=CLOSE * max(ours, theirs) + UNSEEN_S + unseen, msg=what)

    def test_proc(self):
        for executor in POOLS:
            with self.subTest(executor=executor):
                document, seen, over = self.watched(executor)
                sums = {"on_core_s": [0.0, 0.0], "ready_s": [0.0, 0.0]}
                for worker in document["workers"]:
                    self.assertIn(worker["tid"], seen)
                    at, on_core, ready = seen[worker["tid"]]
                    unseen = over - at if worker["no_work_s"] < 0.05 else 0  # it was at work to the end
                    for key, theirs in (("on_core_s", on_core), ("ready_s", ready)):
                        self.assert_close(worker[key], theirs, unseen, f"{key} of {worker}, the kernel says {theirs}")
                        sums[key][0] += worker[key]
                        sums[key][1] += theirs
                for key, (ours, theirs) in sums.items():
                    self.assert_close(ours, theirs, 0, f"{key}, all together")
                    self.assertGreater(theirs, 0.2, f"{key}: there is something to compare")

    # --- perf sched ------------------------------------------------------------------------------------------------------

    def recorded(self, executor):
        """The report of a run, and perf's words on its tasks: {tid: (on core, ready)}."""
        data = self.folder / "sched.data"
        command = ["perf", "sched", "record", "-o", data, "--", JUGGLER, "run", "primes", *LIMITS, "--with", executor, "--json"]
        settings = environment(TMPDIR=self.temporary, XDG_STATE_HOME=self.state)
        result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                cwd=self.work, env=settings, timeout=100, check=False)
        if result.returncode != 0 or "{" not in result.stdout:
            self.skipTest(f"perf sched may not record here: {result.stderr.strip()[-200:]}")
        report = subprocess.run(["perf", "sched", "latency", "-p", "-i", str(data)], capture_output=True, text=True, timeout=100,
                                check=False)
        found = {}
        for line in report.stdout.splitlines():
            fields = [field.strip() for field in line.split("|")]
            if len(fields) >= 4 and fields[3].startswith("avg:") and fields[0].rpartition(":")[2].isdigit():
                switches, average = int(fields[2]), float(fields[3].removeprefix("avg:").split()[0])
                found[int(fields[0].rpartition(":")[2])] = (float(fields[1].split()[0]) / 1e3, switches * average / 1e3)
        start = result.stdout.index("{")
        return json.JSONDecoder().raw_decode(result.stdout[start:])[0], found

    @unittest.skipUnless(shutil.which("perf"), "perf is not installed")
    def test_perf_sched(self):
        for executor in POOLS:
            with self.subTest(executor=executor):
                document, found = self.recorded(executor)
                workers = [worker for worker in document["workers"] if worker["tid"] in found]
                if len(workers) < len(document["workers"]):
                    self.skipTest("perf has not seen all of them")
                for number, key in enumerate(("on_core_s", "ready_s")):
                    ours = sum(worker[key] for worker in workers)
                    theirs = sum(found[worker["tid"]][number] for worker in workers)
                    self.assert_close(ours, theirs, 0.01, f"{key} under {executor}")


if __name__ == "__main__":
    unittest.main()
