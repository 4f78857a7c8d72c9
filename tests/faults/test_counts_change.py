"""Widths change at random in the dashboard while workers are killed: what it holds does not grow.

test: limit 150

`make test-faults` makes 10,000 changes (KILLS=200, fifty times as many). Held against each other are figures of equal moments: the same
widths, the keys dealt with, the dead replaced."""
import os
import random
import time
import unittest

from cli.dashboard import Dashboard, descriptors_of, resident_kib
from cli.support import SANITIZED, Case, children_of, family_of, kill, new_seed, process_stat, threads_of, wait_for, workers_of

LONG = "JUGGLER_KILLS" in os.environ
CHANGES = 50 * int(os.environ["JUGGLER_KILLS"]) if LONG else 300
THREADS, PROCESSES = 10, 6
GROWTH_MOST_KIB = 4096  # of an app that kept anything for each of 10,000 changes it would be more
STEADY_LOOKS, LOOKS_MOST = 8, 60
TAB = "\t"


def zombies_of(pids):
    found = []
    for entry in os.listdir("/proc"):
        stat = process_stat(entry) if entry.isdigit() else None
        if stat and stat[1] == "Z" and stat[2] in pids:
            found.append(int(entry))
    return found


class CountsChange(Case):
    def open(self):
        urls = self.list_file((f"http://example.org/synthetic/{i}" for i in range(2000)), "urls.txt")
        limits = self.list_file([20000] * 3000, "limits.txt")
        shown = Dashboard("download", urls, "--origin", "builtin", "--latency", "100", "--rate", "0", "--with",
                          f"thread-pool:{THREADS}", "primes", limits, "--with", f"process-pool:{PROCESSES}", "--no-history",
                          "--no-config", cwd=self.work, TMPDIR=self.temporary)
        self.addCleanup(shown.close)
        return shown

    def at_rest(self, shown):
        """Both lanes anew and at their first widths; then what the program and its runners hold: the least of some looks."""
        shown.type(f"r{THREADS}\r{TAB}r{PROCESSES}\r{TAB}")

        wait_for(lambda: shown.unread() == 0, "keys are dealt with")

        def settled():
            runners = children_of(shown.pid, "juggler:runner")
            return (len(runners) == 2 and len(workers_of(shown.pid)) == PROCESSES and
                    sorted(map(threads_of, runners)) == [1, THREADS + 1] and runners)
        wait_for(settled, "both lanes at their widths", 30)
        looks = []
        while len(looks) < STEADY_LOOKS or (len({tuple(look[:3]) for look in looks[-STEADY_LOOKS:]}) > 1 and len(looks) < LOOKS_MOST):
            runners = sorted(children_of(shown.pid, "juggler:runner"), key=threads_of)
            looks.append((descriptors_of(shown.pid), sum(map(descriptors_of, runners[:1])), len(family_of(shown.pid)),
                          resident_kib(shown.pid), sum(map(resident_kib, runners[:1]))))
            time.sleep(0.1)  # what is opened for a moment, or for who has just begun, goes or comes: it counts once it stays so
        return [min(column) for column in zip(*looks[-STEADY_LOOKS:])]

    def change(self, shown, source, changes):
        killed = 0
        for number in range(changes):
            shown.type(source.choice(("t", "T", "p", "P", "t", "T", "p", "P", f"{source.randint(1, 24)}\r", f"{TAB}{source.randint(1, 16)}\r{TAB}")))
            if number % 10 == 0:
                workers = workers_of(shown.pid)
                killed += bool(workers) and kill(source.choice(workers))
            if number % 500 == 499:
                shown.type(f"r{TAB}r{TAB}")  # so that there is always work
            time.sleep(source.uniform(0, 0.006))  # the moment is what is tried out
            wait_for(lambda: shown.unread() < 32, "keys are dealt with")
        return killed

    def test_random_changes(self):
        seed = new_seed()
        source = random.Random(seed)
        shown = self.open()
        self.change(shown, source, 40)  # what is made once is there then
        before = self.at_rest(shown)
        killed = self.change(shown, source, CHANGES)
        self.assertTrue(shown.alive(), seed)
        after = self.at_rest(shown)
        names = ("descriptors of the app", "of the runner of processes", "processes", "KiB of the app", "of the runner")
        print(f"figure: {CHANGES} changes, {killed} kills: " +
              ", ".join(f"{name} {a} -> {b}" for name, a, b in zip(names, before, after)), flush=True)
        self.assertGreater(killed, CHANGES // 20, seed)
        self.assertLessEqual(after[0], before[0] + 2, (seed, before, after))
        self.assertLessEqual(after[1], before[1], (seed, before, after))
        self.assertEqual(after[2], before[2], (seed, before, after))
        if not SANITIZED:
            self.assertLess(after[3] - before[3], GROWTH_MOST_KIB, (seed, before, after))
            self.assertLess(after[4] - before[4], GROWTH_MOST_KIB, (seed, before, after))
        family = set(family_of(shown.pid))
        wait_for(lambda: not zombies_of(family), "the dead are reaped", 5)
        shown.type("q")
        wait_for(lambda: not shown.alive(), "the end", 10)
        wait_for(lambda: shown.settings_restored() and shown.left_the_screen(), "the terminal in order", 5)


if __name__ == "__main__":
    unittest.main()
