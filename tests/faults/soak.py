#!/usr/bin/env python3
"""An hour of work while workers and runners are killed: tests/faults/soak.py [--seconds 3600] [--kill-every 2] (`make soak`).

Two loads at once. A dashboard with both lanes, which lives as long as the soak: its widths change, its lanes begin anew, and what it
holds must not grow. And runs without a screen, one after another, by every kind of process executor, whose reports are read: every
job once, in a final state, with the right product. A victim is any process worker of either, sometimes a runner; now and then a worker is
stopped instead, for its lease to end it. Prints a line a minute; the last line is the verdict, and the exit code is 0 or 1."""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from cli.dashboard import Dashboard, descriptors_of, resident_kib  # pylint: disable=wrong-import-position
from cli.support import JUGGLER, children_of, environment, family_of, kill, new_seed, product_facts, workers_of  # pylint: disable=wrong-import-position

WIDTH, LEASE_S, DEATHS_MAX = 6, 4, 3
LIMITS = (12000, 15000, 18000, 20000)
JOBS = 300
ANEW_EVERY_S = 20
GROWTH_MOST_KIB = 16 * 1024
RUN_MOST_S = 300


class Load:
    """Runs without a screen, one after another; the reports of those that ended are checked."""

    def __init__(self, folder, source):
        self.folder, self.source = folder, source
        self.process, self.report, self.limits, self.began = None, None, [], 0
        self.runs = self.jobs = self.poisoned = self.deaths = 0
        self.wrong = []

    def start(self):
        self.limits = [self.source.choice(LIMITS) for _ in range(JOBS)]
        listed = self.folder / "limits.txt"
        listed.write_text("".join(f"{limit}\n" for limit in self.limits), encoding="ascii")
        executor = self.source.choice(("process-pool:4", "process-batch:4", "process-pool:12"))
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.report = open(self.folder / "report.json", "w+b")
        self.process = subprocess.Popen([JUGGLER, "run", "primes", listed, "--with", executor, "--json", "--no-history", "--no-config",
                                         "--lease", str(LEASE_S), "--progress", "none", "-o", self.folder / "out"],
                                        stdin=subprocess.DEVNULL, stdout=self.report, stderr=subprocess.DEVNULL, env=environment())
        self.began = time.monotonic()

    def look(self):
        """Begins the next run where one has ended, and says what was wrong with that."""
        if self.process is None:
            self.start()
        elif self.process.poll() is not None:
            self.check()
            self.start()
        elif time.monotonic() - self.began > RUN_MOST_S:
            self.wrong.append(f"a run of {JOBS} jobs is not done after {RUN_MOST_S} s")
            self.process.kill()

    def check(self):
        self.report.seek(0)
        text = self.report.read()
        self.report.close()
        try:
            document = json.loads(text)
        except ValueError:
            self.wrong.append(f"run {self.runs + 1} ended with {self.process.returncode} and no report")
            return
        self.runs += 1
        self.jobs += document["totals"]["done"]
        self.poisoned += document["totals"]["poisoned"]
        self.deaths += document["totals"]["workers_killed"]
        self.wrong += [f"run {self.runs}: {job}" for job, limit in zip(document["jobs"], self.limits) if not self.right(job, limit)]
        if len(document["jobs"]) != JOBS or document["totals"]["queued"] or document["totals"]["failed"]:
            self.wrong.append(f"run {self.runs}: {document['totals']}")

    @staticmethod
    def right(job, limit):
        deaths = job.get("deaths", 0)
        if job["state"] == "poisoned":
            return deaths >= DEATHS_MAX
        facts = (job["primes"], job["bits"], job["digits"], job["head"], job["tail"]) if job["state"] == "done" else None
        return facts == product_facts(limit) and job["attempts"] == deaths + 1

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.source = random.Random(new_seed())
        self.load = Load(folder, self.source)
        urls, limits = folder / "urls.txt", folder / "dashboard-limits.txt"
        urls.write_text("".join(f"http://example.org/synthetic/{i}\n" for i in range(2000)), encoding="ascii")
        limits.write_text("20000\n" * 3000, encoding="ascii")
        self.shown = Dashboard("download", urls, "--origin", "builtin", "--latency", "200", "--with", "thread-pool:10", "primes",
                               limits, "--with", f"process-pool:{WIDTH}", "--lease", LEASE_S, "--no-history", "--no-config", cwd=folder)
        self.kills = self.stops = self.runners = 0
        self.figures = []

    def apps(self):
        return [self.shown.pid] + ([self.load.process.pid] if self.load.process else [])

    def kill_somebody(self):
        app = self.source.choice(self.apps())
        runners, workers = children_of(app, "juggler:runner"), workers_of(app)
        chance = self.source.random()
        if chance < 0.1 and runners:
            self.runners += kill(self.source.choice(runners))
        elif chance < 0.2 and workers:
            self.stops += kill(self.source.choice(workers), signal.SIGSTOP)
        elif workers:
            self.kills += kill(self.source.choice(workers))

    def press_keys(self):
        self.shown.type(self.source.choice(("t", "T", "p", "P")))

    def begin_anew(self):
        """Both lanes, at their first widths: so that what is measured a moment later is always measured of the same."""
        self.shown.type(f"r10\r\tr{WIDTH}\r\t")

    def measure(self):
        runners = children_of(self.shown.pid, "juggler:runner")
        self.figures.append((descriptors_of(self.shown.pid), max([descriptors_of(pid) for pid in runners] or [0]),
                             resident_kib(self.shown.pid), max([resident_kib(pid) for pid in runners] or [0]),
                             len(family_of(self.shown.pid))))

    def tell(self, second):
        app_fds, runner_fds, app_kib, runner_kib, processes = self.figures[-1] if self.figures else (0,) * 5
        print(f"{second // 60:4d} min  {self.kills} killed, {self.runners} runners, {self.stops} stopped; {self.load.jobs} jobs done in "
              f"{self.load.runs} runs, {self.load.poisoned} poisoned; dashboard: {processes} processes, fds {app_fds}, runner {runner_fds}; "
              f"{app_kib} KiB, runner {runner_kib} KiB" + (f"; WRONG {len(self.load.wrong)}" if self.load.wrong else ""), flush=True)

    def carry_on(self):
        begin = time.monotonic()
        due = {self.kill_somebody: self.options.kill_every, self.press_keys: 1, self.begin_anew: ANEW_EVERY_S}
        every = dict(due)
        measure_at, minute = ANEW_EVERY_S + 3, 1
        while (second := time.monotonic() - begin) < self.options.seconds and self.shown.alive():
            self.load.look()
            for act, at in due.items():
                if second >= at:
                    act()
                    due[act] += every[act]
            if second >= measure_at:
                self.measure()
                measure_at += ANEW_EVERY_S
            if second >= minute * 60:
                self.tell(int(second))
                minute += 1
            time.sleep(0.05)

    def wrong(self):
        """What is not as it should be, in words."""
        wrong = list(self.load.wrong[:20])
        if not self.shown.alive():
            wrong.append("the dashboard has died")
        if self.load.jobs == 0:
            wrong.append("no run came to its end")
        part = max(1, len(self.figures) // 4)
        for column, name, most in ((0, "descriptors of the dashboard", 3), (1, "descriptors of a runner", 3),
                                   (2, "KiB of the dashboard", GROWTH_MOST_KIB), (3, "KiB of a runner", GROWTH_MOST_KIB),
                                   (4, "processes of the dashboard", 3)):
            first = min((row[column] for row in self.figures[:part]), default=0)
            last = min((row[column] for row in self.figures[-part:]), default=0)
            print(f"           {name}: {first} at first, {last} at last")
            if last > first + most:
                wrong.append(f"{name}: from {first} to {last}")
        return wrong

    def end(self):
        """The last things to be tried: it quits when it is asked, and leaves nobody."""
        wrong = []
        self.load.end()
        self.shown.type("q")
        until = time.monotonic() + 5
        while (self.shown.alive() or self.shown.family()) and time.monotonic() < until:
            time.sleep(0.05)
        if left := self.shown.family():
            wrong.append(f"processes are left: {left}")
        self.shown.close()
        return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=3600)
    arguments.add_argument("--kill-every", type=float, default=2)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="juggler-soak-") as folder:
        os.environ["TMPDIR"] = folder
        soak = Soak(options, Path(folder))
        soak.carry_on()
        soak.tell(int(options.seconds))
        wrong = soak.wrong() + soak.end()
    for line in wrong:
        print(f"WRONG      {line}")
    print(f"soak: {options.seconds:.0f} s, {soak.kills} workers and {soak.runners} runners killed, {soak.stops} stopped, {soak.load.jobs} "
          f"jobs done: " + (f"{len(wrong)} things wrong" if wrong else "nothing lost, nothing counted twice, nothing grows"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
