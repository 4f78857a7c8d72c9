"""Workers and runners are killed while they work: nothing is lost, nothing is counted twice, and what came out is right.

test: limit 240

Two ways of killing: at random, from outside, while prime products are made; and by the server itself, which looks up whose
socket a request came from and kills that very process, so that it is known which job it was."""
import collections
import os
import random
import signal
import statistics
import time
import unittest

from cli.sockets import process_behind
from cli.support import (SLOWNESS, Case, body_of, children_of, is_alive, kill, new_seed, process_stat, product_facts, runner_of, runners_of,
                         wait_for, workers_of)

DEATHS_MAX = 3
KILLS = int(os.environ.get("JUGGLER_KILLS", "60"))  # of computing workers, by chance; `make test-faults` asks for more
JOBS = 5 * KILLS
RUNNERS = KILLS // 2 if "JUGGLER_KILLS" in os.environ else 6
GOES_ON_WITHIN_S = 1.0


class Deaths(Case):
    def assert_each_once(self, document, count):
        """Every job is there once, in a final state; a poisoned one has had as many deaths as it takes, and no other has."""
        totals, jobs = document["totals"], document["jobs"]
        self.assertEqual([job["index"] for job in jobs], list(range(count)))
        for job in jobs:
            self.assertIn(job["state"], ("done", "poisoned"), job)
            deaths = job.get("deaths", 0)
            self.assertEqual(job["state"] == "poisoned", deaths >= DEATHS_MAX, job)
            self.assertEqual(job["attempts"], deaths + (job["state"] == "done"), job)
        self.assertEqual(totals["done"] + totals["poisoned"], count)
        self.assertEqual((totals["failed"], totals["queued"]), (0, 0))
        self.assertEqual(totals["attempts"], sum(job["attempts"] for job in jobs))

    def assert_finished(self, process):
        """The document of a run that has to come to its end by itself."""
        result = self.finish(process, max(60, KILLS // 4) * SLOWNESS)
        document = result.document
        self.assertEqual(result.code, 1 if document["totals"]["poisoned"] else 0, result)
        return document

    def kill_at_random(self, process, victims, source, kills):
        """Kills one of victims() after another, at random moments, until there were so many or the program is at its end."""
        killed, deadline = 0, time.monotonic() + max(40, KILLS // 4) * SLOWNESS
        runner = runner_of(process.pid)  # the program itself may wait for us to read its report, and not end before
        while killed < kills and is_alive(runner) and time.monotonic() < deadline:
            choice = victims()
            if choice and kill(source.choice(choice)):
                killed += 1
            time.sleep(source.uniform(0, 0.04))  # the moment is what is tried out
        return killed

    def check_products(self, document, out, seed):
        """Every done job's file is there. A worker may have died between the naming of a file and the word that its job is
        done, so there may be more of them; but every one is whole, and no temporary one is left."""
        files = self.files(out)
        self.assertLessEqual({job["file"] for job in document["jobs"] if job["state"] == "done"}, set(files), seed)
        for name, data in files.items():
            self.assertRegex(name, r"\Aproduct-\d+(-\d+)?\.txt\Z", seed)
            limit = int(name.removesuffix(".txt").split("-")[1])
            digits, head, tail = product_facts(limit)[2:]
            self.assertEqual((len(data), data[:12], data[-13:]), (digits + 1, head.encode(), tail.encode() + b"\n"),
                             (seed, name))

    def test_random_kills_of_computing_workers(self):
        """Five jobs for every kill."""
        for executor in ("process-pool:4", "process-batch:4"):
            with self.subTest(executor=executor):
                seed = new_seed()
                source = random.Random(seed)
                limits = [source.choice((12000, 15000, 18000, 20000)) for _ in range(JOBS)]
                path = self.list_file(limits)
                out = self.work / executor
                process = self.start("run", "primes", path, "--with", executor, "--json", "-o", out)
                killed = self.kill_at_random(process, lambda app=process.pid: workers_of(app), source, KILLS)
                document = self.assert_finished(process)
                self.assertGreater(killed, KILLS // 3, seed)
                self.assert_each_once(document, JOBS)
                self.assertLessEqual(document["totals"]["workers_killed"], killed)
                self.assertGreater(document["totals"]["workers_killed"], killed // 2)
                self.assertLessEqual(sum(job.get("deaths", 0) for job in document["jobs"]), killed)
                for job, limit in zip(document["jobs"], limits):
                    if job["state"] == "done":
                        self.assert_product(job, limit)
                self.check_products(document, out, seed)

    def test_process_each_survives_kills(self):
        seed = new_seed()
        source = random.Random(seed)
        process = self.start("run", "primes", self.list_file([30000] * 40), "--with", "process-each", "--json")
        killed = self.kill_at_random(process, lambda: workers_of(process.pid), source, 15)
        document = self.assert_finished(process)
        self.assertGreater(killed, 5, seed)
        self.assert_each_once(document, 40)

    def executioner(self, deck):
        """A server's answer that kills who asks, at the moment that the deck says: before an answer, within one, or right after it; None
        lets it live. self.killed counts the paths that were asked for."""
        self.killed = collections.Counter()

        def deadly(handler, hit):
            body = body_of(handler.path)
            with handler.server.site.lock:
                moment = deck.pop() if deck else None
            if moment:
                victim = process_behind(handler)
                self.killed[handler.path] += 1
            if moment == "before":
                kill(victim)
                return
            handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:1000])
            if moment == "within":
                kill(victim)
                return
            handler.wfile.write(body[1000:])
            if moment == "after":
                kill(victim)
        return deadly

    def run_deadly(self, executor, count, moments, source):
        """A fifth of the first requests kills, by a shuffled deck: chance says which, not how many. Returns the document and the folder."""
        deck = [source.choice(moments) for _ in range(count // 5)]
        deck += [None] * (count - len(deck))
        source.shuffle(deck)
        site = self.site(deadly=self.executioner(deck))
        urls = self.list_file(f"{site.url}/deadly/{i}.bin" for i in range(count))
        out = self.work / executor
        document = self.assert_finished(self.start("run", "download", urls, "--with", executor, "--json", "-o", out))
        self.assert_each_once(document, count)
        return document, out

    def test_random_kills_of_downloading_workers(self):
        """Before an answer, within one, or right after it."""
        for executor in ("process-pool:6", "process-batch:5", "process-each"):
            with self.subTest(executor=executor):
                seed = new_seed()
                count = 60 if executor == "process-each" else 300
                document, out = self.run_deadly(executor, count, ("before", "within", "after"), random.Random(seed))
                self.assertGreater(self.killed.total(), count // 10, seed)
                done = {job["file"]: job["index"] for job in document["jobs"] if job["state"] == "done"}
                files = self.files(out)
                self.assertLessEqual(set(done), set(files))
                for name, data in files.items():
                    self.assertEqual(data, body_of(f"/deadly/{name}"), (seed, name))

    def test_no_innocent_is_charged(self):
        """Before the end of its answer a worker has that job in hand, and no other: so each job's deaths are known, job by job."""
        for executor in ("process-pool:6", "process-batch:5", "process-each"):
            with self.subTest(executor=executor):
                seed = new_seed()
                document = self.run_deadly(executor, 60, ("before", "within"), random.Random(seed))[0]
                charged = {f"/deadly/{job['index']}.bin": job["deaths"] for job in document["jobs"] if job.get("deaths")}
                self.assertEqual(charged, dict(self.killed), seed)
                self.assertEqual(document["totals"]["workers_killed"], self.killed.total(), seed)

    def poison(self, handler, hit):
        """Kills the process that asks, whenever it asks."""
        kill(process_behind(handler))

    def test_a_job_that_kills_its_workers(self):
        """It gets three, and not one more; all others are done, and nobody else is charged."""
        for executor in ("process-pool:3", "process-batch:3", "process-each"):
            with self.subTest(executor=executor):
                site = self.site(poison=self.poison)
                urls = [f"{site.url}/{i}.bin" for i in range(12)]
                urls.insert(5, site.url + "/poison/x")
                document = self.run_json("run", "download", self.list_file(urls), "--with", executor, "-o", self.output,
                                         code=1)
                self.assert_each_once(document, 13)
                job = document["jobs"][5]
                self.assertEqual((job["state"], job["deaths"], job["attempts"], site.hits_of("/poison")),
                                 ("poisoned", 3, 3, 3))
                self.assertIn("signal 9", job["error"])
                self.assertEqual((document["totals"]["done"], document["totals"]["poisoned"]), (12, 1))
                self.assertEqual(document["totals"]["workers_killed"], 3)
                self.assertEqual(sum(job.get("deaths", 0) for job in document["jobs"]), 3)
                self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(12)})

    def test_a_job_that_kills_the_threads_process(self):
        """Threads share fate; still it takes three, and the others are done by the runner that is started again."""
        for executor in ("sequential", "thread-pool:1"):
            with self.subTest(executor=executor):
                site = self.site(poison=self.poison)
                urls = [f"{site.url}/{i}.bin" for i in range(6)]
                urls.insert(3, site.url + "/poison/x")
                document = self.run_json("run", "download", *urls, "--with", executor, "-o", self.output, code=1)
                self.assert_each_once(document, 7)
                self.assertEqual((document["jobs"][3]["state"], site.hits_of("/poison")), ("poisoned", 3))
                self.assertEqual(document["run"]["restarts"], 3)
                self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(6)})

    def test_the_runner_of_threads_is_killed(self):
        """It is started again, and the jobs that were running go back."""
        process = self.start("run", "primes", self.list_file([30000] * 60), "--with", "thread-pool:3", "--json", "-o",
                             self.output)
        wait_for(lambda: len(self.names()) >= 5, "five products")
        first = runner_of(process.pid)
        kill(first)
        wait_for(lambda: set(runners_of(process.pid)) - {first}, "another runner")
        document = self.assert_finished(process)
        self.assert_each_once(document, 60)
        self.assertEqual(document["run"]["restarts"], 1)
        self.assertEqual((document["totals"]["done"], len(self.files())), (60, 60))
        for job in document["jobs"]:
            self.assert_product(job, 30000)

    def test_the_runner_of_processes_is_killed(self):
        """Its workers die with it; nobody is charged, for no job can have been the cause."""
        process = self.start("run", "primes", self.list_file([30000] * 60), "--with", "process-pool:3", "--json", "-o",
                             self.output)
        wait_for(lambda: len(self.names()) >= 5, "five products")
        for _ in range(3):
            first = runner_of(process.pid)
            workers = wait_for(lambda here=first: children_of(here, "juggler:p"), "workers")
            kill(first)
            wait_for(lambda here=workers: not any(map(is_alive, here)), "the workers die with their runner", 5)
            wait_for(lambda here=first: set(runners_of(process.pid)) - {here}, "another runner")
        document = self.assert_finished(process)
        self.assert_each_once(document, 60)
        self.assertEqual(document["run"]["restarts"], 3)
        self.assertEqual(sum(job.get("deaths", 0) for job in document["jobs"]), 0)
        self.assertEqual(len(self.files()), 60)

    def test_a_runner_killed_at_any_moment(self):
        """Each run goes on with another one, or was at its end, and what comes out is right; how soon is printed."""
        seed = new_seed()
        source = random.Random(seed)
        took = []
        for turn in range(RUNNERS):
            executor = source.choice(("thread-pool:3", "thread-batch:3", "process-pool:3", "process-batch:3", "process-each"))
            with self.subTest(turn=turn, executor=executor, seed=seed):
                process = self.start("run", "primes", self.list_file([20000] * 24), "--with", executor, "--json", "--no-history")
                first = wait_for(lambda app=process.pid: runners_of(app) or not is_alive(app), "a runner, or the end")
                time.sleep(source.uniform(0, 0.15))  # the moment is what is tried out
                began = time.monotonic()
                if first is not True:
                    kill(first[0])
                wait_for(lambda app=process.pid, old=first: not is_alive(app) or set(runners_of(app)) - set(old),
                         "another runner, or the end")
                took.append(time.monotonic() - began)
                document = self.assert_finished(process)
                self.assert_each_once(document, 24)
                self.assertLessEqual(document["run"]["restarts"], 1)
                for job in document["jobs"]:
                    self.assert_product(job, 20000)
        print(f"figure: {RUNNERS} runners killed: another one, or the end, after {statistics.median(took) * 1000:.0f} ms (median), "
              f"{max(took) * 1000:.0f} ms (most)", flush=True)
        self.assertLess(statistics.median(took), GOES_ON_WITHIN_S * SLOWNESS, seed)  # where others have the cores, one may wait longer

    def test_stopped_and_continued(self):
        """A group that was stopped goes on as if nothing had been, without doing anything twice."""
        for executor in ("thread-pool:4", "process-pool:4"):
            with self.subTest(executor=executor):
                site = self.site()
                urls = self.list_file(f"{site.url}/{executor}/{i}.bin" for i in range(300))
                out = self.work / executor
                process = self.start("run", "download", urls, "--with", executor, "--json", "-o", out)
                runner = runner_of(process.pid)
                for _ in range(5):
                    try:
                        os.killpg(runner, signal.SIGSTOP)
                        wait_for(lambda: (process_stat(runner) or ("", "Z"))[1] in "TZ", "a stopped runner")
                        os.killpg(runner, signal.SIGCONT)
                    except ProcessLookupError:
                        break
                document = self.assert_finished(process)
                self.assert_each_once(document, 300)
                self.assertEqual((document["totals"]["attempts"], document["run"]["restarts"]), (300, 0))
                self.assertEqual(max(site.hits.values()), 1)
                self.assertEqual(self.files(out), {f"{i}.bin": body_of(f"/{executor}/{i}.bin") for i in range(300)})

    def test_stopped_workers_that_are_killed(self):
        """A worker that was stopped in the middle of a job, and then killed."""
        process = self.start("run", "primes", self.list_file([20000] * 100), "--with", "process-pool:4", "--json")
        runner = runner_of(process.pid)
        for _ in range(8):
            workers = wait_for(lambda: workers_of(process.pid) or not is_alive(runner), "workers")
            if not is_alive(runner):
                break
            if kill(workers[0], signal.SIGSTOP):
                wait_for(lambda here=workers[0]: (process_stat(here) or ("", "Z"))[1] in "TZ", "a stopped worker")
                kill(workers[0])
        self.assert_each_once(self.assert_finished(process), 100)

    def test_all_workers_in_one_instant(self):
        """Deaths that come together are all seen: SIGCHLD does not count."""
        rounds = max(2, KILLS // 20) if "JUGGLER_KILLS" in os.environ else 2
        process = self.start("run", "primes", self.list_file([20000] * 80 * rounds), "--with", "process-pool:8", "--json")
        for _ in range(rounds):
            old = wait_for(lambda: [w for w in [workers_of(process.pid)] if len(w) == 8], "eight workers")[0]
            runner = runner_of(process.pid)
            kill(runner, signal.SIGSTOP)
            for worker in old:
                kill(worker)
            kill(runner, signal.SIGCONT)
            wait_for(lambda here=old: not set(here) & set(workers_of(process.pid)), "the old ones are gone")
        document = self.assert_finished(process)
        self.assert_each_once(document, 80 * rounds)
        self.assertGreater(document["totals"]["workers_killed"], 4 * rounds)


if __name__ == "__main__":
    unittest.main()
