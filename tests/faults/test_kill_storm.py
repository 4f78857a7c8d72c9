"""A storm of kills over process workers: how it comes out, and how long a death costs.

test: limit 150

`make test-faults` kills 1,000 workers over 10,000 jobs (KILLS=200, of which it is five times as many). Every kill is noted with its
moment by CLOCK_MONOTONIC, which is the clock of the run's own events too; --trace writes them down, so what lies between
a kill and the job's being free again, and between a kill and the next worker's job in that seat, is read off and not guessed."""
import json
import os
import random
import statistics
import time
import unittest

from cli.support import SLOWNESS, Case, children_of, is_alive, kill, new_seed, process_stat, runner_of

LONG = "JUGGLER_KILLS" in os.environ
KILLS = 5 * int(os.environ["JUGGLER_KILLS"]) if LONG else 12
JOBS = 10 * KILLS
LIMIT_S = (60 + KILLS) * SLOWNESS
DEATHS_MAX = 3
MEDIAN_MOST_MS = 500  # of either figure, on the slowest machine: it is some milliseconds where nobody else wants the cores


def seat_of(worker):
    """The seat's number, which a worker has in its name, or None when it is gone."""
    stat = process_stat(worker)
    return int(stat[0].removeprefix("juggler:p")) - 1 if stat and stat[0].startswith("juggler:p") else None


def workers_now(runner):
    """Off the kernel's own list where there is one: to look through all processes for each of a thousand kills takes its time."""
    try:
        with open(f"/proc/{runner}/task/{runner}/children", encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return children_of(runner, "juggler:p")


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def tell(what, values):
    print(f"figure: {what}: median {statistics.median(values):.1f} ms, p99 {percentile(values, 0.99):.1f} ms, "
          f"most {max(values):.1f} ms, of {len(values)}", flush=True)


class Timeline:
    """What the trace says of deaths and of what came after them, in nanoseconds of CLOCK_MONOTONIC."""

    def __init__(self, path):
        document = json.loads(path.read_text(encoding="ascii"))
        self.lost = document["otherData"]["lost_events"]
        self.start_ns = start_ns = document["otherData"]["start_monotonic_ns"]
        self.deaths, self.jobs = {}, {}
        for event in document["traceEvents"]:
            seat, odd = divmod(event["tid"] - 2, 2)
            at_ns = start_ns + round(event.get("ts", 0) * 1000)
            if event.get("cat") == "death":
                self.deaths.setdefault(seat, []).append((at_ns, event["args"].get("job")))
            elif event["ph"] == "X" and not odd and seat >= 0 and "job" in event["args"]:
                self.jobs.setdefault(seat, []).append(at_ns)
        for times in (*self.deaths.values(), *self.jobs.values()):
            times.sort()

    def deaths_by_job(self):
        """{job: moments at which a worker died whose last job it was}"""
        found = {}
        for deaths in self.deaths.values():
            for at_ns, job in deaths:
                found.setdefault(job, []).append(at_ns)
        return found

    def delays(self, kills):
        """From each kill to its death's being dealt with (the job is free then), and to the next job of that seat, in ms."""
        free, at_work = [], []
        for seat, deaths in self.deaths.items():
            before = 0
            for at_ns, job in deaths:
                sent = [t for s, t in kills if s == seat and before < t <= at_ns]
                after = next((t for t in self.jobs.get(seat, []) if t > at_ns), None)
                before = at_ns
                if sent and job is not None:
                    free.append((at_ns - sent[0]) / 1e6)
                    if after:
                        at_work.append((after - sent[0]) / 1e6)
        return free, at_work


class KillStorm(Case):
    def storm(self, process, source):
        """[(seat, moment)] of the kills, of workers at random, at random moments; but never more of them than one for eight jobs, or on a busy
        machine nothing would be left but deaths."""
        kills, deadline, done = [], time.monotonic() + LIMIT_S, 0
        runner = runner_of(process.pid)
        while len(kills) < KILLS and is_alive(runner) and time.monotonic() < deadline:
            if done < 8 * len(kills):
                done = len(self.names())
                time.sleep(0.01)
                continue
            workers = workers_now(runner)
            victim = source.choice(workers) if workers else 0
            seat = seat_of(victim) if victim else None
            moment_ns = time.monotonic_ns()
            if seat is not None and kill(victim):
                kills.append((seat, moment_ns))
            time.sleep(source.uniform(0, 0.06))  # the moment is what is tried out
        return kills

    def assert_sound(self, document, timeline, limits, kills):
        """Each job once and final; charged with the deaths of workers that had it in hand, and with no other; every product right. What a dead
        worker last said is a moment old: it may have ended that job, which is then charged to nobody, or have taken another one."""
        jobs, totals = document["jobs"], document["totals"]
        died = timeline.deaths_by_job()
        unsaid = 0
        self.assertEqual([job["index"] for job in jobs], list(range(len(limits))))
        for job, limit in zip(jobs, limits):
            deaths = job.get("deaths", 0)
            self.assertEqual(job["state"], "poisoned" if deaths >= DEATHS_MAX else "done", job)
            self.assertEqual(job["attempts"], deaths + (job["state"] == "done"), job)
            moments = died.get(job["index"], [])
            unsaid += max(0, deaths - len(moments))
            if job["state"] == "done":
                end_ns = timeline.start_ns + (job["start_s"] + job["seconds"]) * 1e9
                self.assertGreaterEqual(deaths, sum(at_ns < end_ns for at_ns in moments), job)
                self.assert_product(job, limit)
        charged = sum(job.get("deaths", 0) for job in jobs)
        self.assertLessEqual(charged, totals["workers_killed"])
        self.assertLess(unsaid, max(3, totals["workers_killed"] // 10))
        self.assertEqual((totals["failed"], totals["queued"]), (0, 0))
        self.assertEqual(totals["done"] + totals["poisoned"], len(limits))
        self.assertLessEqual(totals["workers_killed"], len(kills))

    def test_storm(self):
        seed = new_seed()
        source = random.Random(seed)
        limits = [source.choice((8000, 10000, 12000, 15000)) for _ in range(JOBS)]
        path = self.folder / "storm.trace"
        process = self.start("run", "primes", self.list_file(limits), "--with", "process-pool:4", "--json", "--trace", path,
                             "-o", self.output, "--progress", "none", "--no-history")
        kills = self.storm(process, source)
        result = self.finish(process, LIMIT_S)
        document = result.document
        self.assertEqual(result.code, 1 if document["totals"]["poisoned"] else 0, result)
        timeline = Timeline(path)
        self.assertEqual(timeline.lost, 0, seed)
        self.assertGreater(document["totals"]["workers_killed"], len(kills) * 2 // 3, seed)
        free, at_work = timeline.delays(kills)
        totals = document["totals"]
        print(f"figure: {len(limits)} jobs, {len(kills)} kills, {totals['workers_killed']} of them hit; {totals['done']} done, "
              f"{totals['poisoned']} poisoned, {totals['attempts']} attempts", flush=True)
        tell("a killed worker's job is free again", free)
        tell("its seat's next worker has a job", at_work)
        self.assert_sound(document, timeline, limits, kills)
        self.assertLess(statistics.median(free), MEDIAN_MOST_MS * SLOWNESS, seed)
        self.assertLess(statistics.median(at_work), MEDIAN_MOST_MS * SLOWNESS, seed)


if __name__ == "__main__":
    unittest.main()
