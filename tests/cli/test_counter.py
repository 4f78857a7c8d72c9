"""juggler run counter: what is lost, what a lock costs, what processes share. test: alone test: limit 240"""
import csv
import io
import signal
import time
import unittest

from cli.support import SANITIZED, Case, kill, runner_of, wait_for, workers_of

ADDS = 1000000
CHANCES = 3
FOR_EVER = 100000000000  # adds: minutes, so a test that forgets to stop them is seen
THREADS = ["thread-pool:4", "thread-each", "thread-batch:4"]
PROCESSES = ["process-pool:4", "process-each", "process-batch:4"]


class Counting(Case):
    def count(self, *words, code=0):
        document = self.run_json("run", "counter", *words, code=code)
        self.check(document)
        return document

    def check(self, document):
        """What holds for every run that was not ended by force."""
        counter, jobs = document["counter"], document["jobs"]
        self.assertEqual(counter["expected"], counter["got"] + counter["lost"])
        for figure in ("expected", "got", "lost"):
            self.assertGreaterEqual(counter[figure], 0)
        self.assertGreaterEqual(counter["expected"], sum(job["adds"] for job in jobs if job["state"] == "done"))
        for worker in document["workers"]:
            columns = [worker[name] for name in ("on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s")]
            self.assertAlmostEqual(sum(c for c in columns if c is not None), worker["wall_s"], delta=worker["wall_s"] / 100)
        return document

    def need_two_cores(self):
        if self.run_json("run", "counter", "--adds", 1)["run"]["usable_cores"] < 2:
            self.skipTest("one usable core: two threads never add at the same moment")

    @staticmethod
    def lock_s(document):
        return sum(worker["lock_s"] for worker in document["workers"])


class Threads(Counting):
    def test_every_worker_counts_once(self):
        """However fast the first of them is: W workers each add N times."""
        for executor in ("process-pool:4", "process-batch:4", "process-each", "thread-pool:4", "thread-pool:4+gil"):
            for _ in range(5):
                workers = self.run_json("run", "counter", "--with", executor, "--adds", 1000)["workers"]
                self.assertEqual([worker["jobs"] for worker in workers], [1] * 4, executor)

    def test_without_options_it_is_a_pool_of_four_without_a_lock(self):
        document = self.count()
        self.assertEqual(document["run"]["work"], "counter")
        self.assertEqual(document["run"]["executor"], "thread-pool:4")
        self.assertEqual(document["counter"]["expected"], 4 * ADDS)
        self.assertEqual(document["counter"]["lock"], "none")
        self.assertTrue(document["counter"]["shared"])
        self.assertEqual(document["totals"]["done"], 4)
        self.assertEqual([job["input"] for job in document["jobs"]], ["1,000,000 adds"] * 4)
        for index, job in enumerate(document["jobs"]):
            self.assertEqual((job["index"], job["state"], job["adds"], job["attempts"], job["counted"]),
                             (index, "done", ADDS, 1, None))
            self.assertGreater(job["cpu_s"], 0)
            self.assertGreaterEqual(job["seconds"], job["cpu_s"])

    def test_without_a_lock_adds_are_lost(self):
        self.need_two_cores()
        for executor in THREADS:
            with self.subTest(executor=executor):
                for _ in range(CHANCES):
                    counter = self.count("--with", executor, "--lock", "none", "--adds", 20 * ADDS)["counter"]
                    if counter["lost"]:
                        break
                self.assertGreater(counter["lost"], 0)
                self.assertGreater(counter["got"], 0)

    def test_with_a_mutex_or_an_atomic_none_is(self):
        for executor in THREADS:
            for lock in ("mutex", "atomic"):
                with self.subTest(executor=executor, lock=lock):
                    counter = self.count("--with", executor, "--lock", lock, "--adds", ADDS // 4)["counter"]
                    self.assertEqual((counter["lost"], counter["got"], counter["lock"]), (0, ADDS, lock))

    def test_one_after_the_other_none_is(self):
        for executor in ("sequential", "thread-pool:1", "thread-pool:4+gil"):
            with self.subTest(executor=executor):
                counter = self.count("--with", executor)["counter"]
                self.assertEqual(counter["lost"], 0)
                self.assertEqual(counter["expected"], (1 if executor == "thread-pool:1" else 4) * ADDS)

    def test_a_mutex_costs_time_and_the_account_shows_it(self):
        self.need_two_cores()
        for _ in range(CHANCES):
            mutex = self.count("--lock", "mutex")
            if self.lock_s(mutex) > 0:
                break
        atomic = self.count("--lock", "atomic")
        self.assertGreater(self.lock_s(mutex), 0)
        self.assertEqual(self.lock_s(atomic), 0)

    @unittest.skipIf(SANITIZED, "a sanitizer weighs the three ways differently")
    def test_a_mutex_costs_more_than_an_atomic(self):
        for _ in range(CHANCES):
            mutex, atomic = (sum(job["cpu_s"] for job in self.count("--lock", lock, "--with", "sequential")["jobs"])
                             for lock in ("mutex", "atomic"))
            if mutex > atomic:
                break
        self.assertGreater(mutex, atomic)

    def test_the_width_is_the_number_of_jobs(self):
        for executor, jobs in (("thread-pool:7", 7), ("process-batch:2", 2), ("sequential", 4), ("process-each", 4)):
            document = self.count("--with", executor, "--adds", 10)
            self.assertEqual(len(document["jobs"]), jobs)
            self.assertEqual(document["counter"]["expected"], 10 * jobs)

    def test_a_single_add(self):
        document = self.count("--adds", 1, "--lock", "atomic")
        self.assertEqual(document["counter"]["got"], 4)
        self.assertEqual(document["jobs"][0]["input"], "1 add")


class Processes(Counting):
    def test_each_counts_for_itself_and_the_parent_has_nothing(self):
        for executor in PROCESSES:
            for lock in ("none", "mutex", "atomic"):
                with self.subTest(executor=executor, lock=lock):
                    document = self.count("--with", executor, "--lock", lock, "--adds", ADDS // 10)
                    counter = document["counter"]
                    self.assertEqual((counter["expected"], counter["got"]), (4 * ADDS // 10, 0))
                    self.assertFalse(counter["shared"])
                    self.assertIn("copy of its own", counter["why"])
                    self.assertEqual("makes no difference" in counter["why"], lock != "none")
                    self.check_copies(document)

    def check_copies(self, document):
        """Behind its last job a process's copy reads what all its jobs have added."""
        last = {}
        for job in document["jobs"]:
            last[job["worker"]] = max(last.get(job["worker"], 0), job["counted"])
            self.assertEqual(job["counted"] % job["adds"], 0)
        started = {worker["id"]: worker["started"] for worker in document["workers"]}
        if all(count == 1 for count in started.values()):
            self.assertEqual(sum(last.values()), document["counter"]["expected"])

    def test_a_killed_one_is_replaced_and_its_job_done_afresh(self):
        adds = ADDS * 500
        app = self.start("run", "counter", "--with", "process-pool:2", "--adds", adds, "--json")
        killed = wait_for(lambda: workers_of(app.pid), "a worker")[0]
        self.assertTrue(kill(killed))
        result = self.finish(app)
        self.assertEqual(result.code, 0, result)
        document = self.check(result.document)
        self.assertEqual(document["totals"]["done"], 2)
        self.assertEqual(document["totals"]["workers_killed"], 1)
        self.assertEqual(document["counter"]["expected"], 2 * adds)
        self.assertEqual(document["counter"]["got"], 0)
        for job in document["jobs"]:
            self.assertIn(job["counted"], (adds, 2 * adds))


class Ends(Counting):
    def interrupted(self, *words, number=signal.SIGINT, after_s=0.5):
        app = self.start("run", "counter", "--adds", FOR_EVER, *words, "--json")
        runner_of(app.pid)
        time.sleep(after_s)  # any moment will do
        app.send_signal(number)
        return self.finish(app)

    def test_stopped_half_way_it_still_adds_up(self):
        for lock in ("none", "mutex", "atomic"):
            for executor in ("thread-pool:4", "sequential", "process-pool:3"):
                with self.subTest(lock=lock, executor=executor):
                    result = self.interrupted("--lock", lock, "--with", executor)
                    self.assertEqual(result.code, 130, result)
                    document = self.check(result.document)
                    counter = document["counter"]
                    self.assertTrue(document["run"]["interrupted"])
                    self.assertEqual(document["totals"]["done"], 0)
                    if executor.startswith("process"):
                        self.assertEqual(counter["got"], 0)
                    else:
                        self.assertGreater(counter["got"], 0)
                    if lock != "none" and not executor.startswith("process"):
                        self.assertEqual(counter["lost"], 0)

    def test_when_the_process_of_the_threads_dies_its_counter_goes_with_it(self):
        adds = ADDS * 500
        app = self.start("run", "counter", "--with", "sequential", "--adds", adds, "--json")
        runner = runner_of(app.pid)
        time.sleep(0.1)  # in the first job or a later one, or before any: all of them are right
        self.assertTrue(kill(runner))
        result = self.finish(app)
        self.assertEqual(result.code, 0, result)
        document = self.check(result.document)
        self.assertEqual(document["run"]["restarts"], 1)
        self.assertEqual(document["counter"]["expected"], 4 * adds)
        self.assertEqual(document["counter"]["lost"] % adds, 0, "whole jobs, those that were done by then")
        self.assertEqual("died" in document["counter"]["why"], document["counter"]["lost"] > 0)

    def test_refusals(self):
        for words, said in ((["--adds", "0"], "--adds"), (["--adds", "1000000000001"], "--adds"), (["--adds", "-1"], "--adds"),
                            (["--adds", "many"], "--adds"), (["--lock", "spin"], "mutex"), (["1000"], "no input"),
                            (["-o", "out"], "not for the counter"), (["--with", "event-loop:4"], "never waits"),
                            (["--with", "process-pool:2+gil"], "no interpreter")):
            with self.subTest(words=words):
                result = self.run_juggler("run", "counter", *words, "--json")
                self.assertEqual(result.code, 2, result)
                self.assertIn(said, result.err)
                document = result.document
                self.assertEqual(document["run"]["work"], "counter")
                self.assertEqual(set(document["counter"].values()), {None})
        self.assertFalse(self.output.exists())


class Forms(Counting):
    def test_the_table_says_what_came_of_it_and_why(self):
        for words, said in ((["--lock", "mutex"], ["expected +4,000,000", "counter reads 4,000,000", r"lost +0 \(0 %\)", "lock +mutex"]),
                            (["--lock", "atomic"], ["one step"]),
                            (["--with", "sequential"], ["one worker at a time"]),
                            (["--with", "process-each"], ["counter reads 0\n", r"copy read\s+1,000,000", "parent's stays 0"])):
            with self.subTest(words=words):
                result = self.run_juggler("run", "counter", *words, "--ascii")
                self.assertEqual(result.code, 0, result)
                self.assertTrue(result.out.isascii())
                for pattern in said:
                    self.assertRegex(result.out, pattern)

    def test_what_is_lost_has_a_share(self):
        self.need_two_cores()
        for _ in range(CHANCES):
            result = self.run_juggler("run", "counter", "--ascii", "--adds", 20 * ADDS)
            if "lost          0 (0 %)" not in result.out:
                break
        self.assertRegex(result.out, r"lost +[1-9][\d,]* \(\d+\.\d %\)")
        self.assertRegex(result.out, r"adds\s+are\s+gone")

    def test_csv(self):
        for executor in ("thread-pool:3", "process-each"):
            result = self.run_juggler("run", "counter", "--with", executor, "--csv", "--adds", 1000)
            rows = list(csv.DictReader(io.StringIO(result.out)))
            self.assertEqual(list(rows[0]), ["index", "input", "state", "worker", "attempts", "start_s", "seconds", "adds",
                                             "counted", "cpu_s", "error", "lost_events"])
            self.assertEqual({row["adds"] for row in rows}, {"1000"})
            self.assertEqual({row["input"] for row in rows}, {"1,000 adds"})
            self.assertEqual({row["counted"] for row in rows} == {""}, executor.startswith("thread"))

    def test_progress_is_told(self):
        app = self.start("run", "counter", "--adds", FOR_EVER, "--progress", "lines")
        line = app.stderr.readline().decode()
        app.send_signal(signal.SIGTERM)
        self.assertRegex(line, r"^counter thread-pool:4: 0 of 4 done, 4 running, 0 failed")
        self.assertEqual(self.finish(app).code, 143)


if __name__ == "__main__":
    unittest.main()
