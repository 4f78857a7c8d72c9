"""What a report says: JSON, CSV and table, their fields and the identities between them."""
import csv
import io
import re
import unittest

from cli.support import ARTICLE_LIMITS, EXECUTORS, Case, body_of, unfit_to_show

COLUMNS = ("on_core_s", "ready_s", "io_s", "lock_s", "barrier_s", "no_work_s")
RUN_KEYS = {"work", "executor", "workers", "usable_cores", "wall_s", "best_possible_s", "best_possible_why", "sum_of_jobs_s",
            "interrupted"}
TOTAL_KEYS = {"jobs", "done", "failed", "poisoned", "attempts", "bytes"}
WORKER_KEYS = {"id", "kind", "pid", "tid", "jobs", "wall_s", "exit", *COLUMNS}


def flaky(handler, hit):
    """Fails the first two times."""
    handler.answer(500, b"sorry") if hit <= 2 else handler.answer(200, body_of(handler.path))


def missing(handler, hit):
    handler.answer(404, b"no such thing")


def slow(handler, hit):
    """Answers after a second."""
    handler.server.site.released.wait(1)
    handler.answer(200, b"late")


class Reports(Case):
    def assert_identities(self, document):
        run, totals, jobs, workers = (document[key] for key in ("run", "totals", "jobs", "workers"))
        self.assertEqual(document["version"], 1)
        self.assertRegex(document["program"], r"^juggler \d+\.\d+\.\d+$")
        self.assertLessEqual(RUN_KEYS, set(run))
        self.assertLessEqual(TOTAL_KEYS, set(totals))
        self.assertEqual(document["lost_events"], 0)
        self.assertEqual([job["index"] for job in jobs], list(range(len(jobs))))
        for state in ("done", "failed", "poisoned"):
            self.assertEqual(totals[state], sum(job["state"] == state for job in jobs), state)
        self.assertEqual(totals["jobs"], len(jobs))
        self.assertEqual(totals["attempts"], sum(job["attempts"] for job in jobs))
        self.assertLessEqual(run["best_possible_s"], run["wall_s"] * 1.05)
        self.assertGreater(run["best_possible_s"], 0)
        self.assertTrue(run["best_possible_why"])
        ids = [worker["id"] for worker in workers]
        self.assertEqual(len(ids), len(set(ids)))
        for job in jobs:
            self.assertIn(job["worker"], ids)
            self.assertGreaterEqual(job["start_s"], 0)
            self.assertLessEqual(job["start_s"] + job["seconds"], run["wall_s"] * 1.01 + 0.001)
        for worker in workers:
            self.assert_account(worker, run)
            self.assertEqual(worker["jobs"], sum(job["worker"] == worker["id"] for job in jobs))

    def assert_account(self, worker, run):
        self.assertLessEqual(WORKER_KEYS, set(worker))
        parts = [worker[column] for column in COLUMNS if worker[column] is not None]
        self.assertTrue(all(part >= 0 for part in parts), worker)
        self.assertAlmostEqual(sum(parts), worker["wall_s"], delta=0.01 * worker["wall_s"], msg=str(worker))
        self.assertLessEqual(worker["wall_s"], run["wall_s"] * 1.01 + 0.002)
        self.assertIn(worker["exit"], ("finished", "left"))

    def test_identities_hold_for_primes(self):
        for executor in EXECUTORS:
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *ARTICLE_LIMITS, 22756, 10000, "--with", executor)
                self.assert_identities(document)
                self.assertIsNone(document["totals"]["bytes"])
                on_core = sum(worker["on_core_s"] for worker in document["workers"])
                self.assertGreater(on_core, 0.5 * document["run"]["sum_of_jobs_s"])

    def test_identities_hold_for_downloads(self):
        site = self.site(flaky=flaky, missing=missing)
        for executor in EXECUTORS:
            with self.subTest(executor=executor):
                name = executor.replace(":", "")
                urls = [f"{site.url}/{name}/{i}" for i in range(8)] + [f"{site.url}/flaky/{name}",
                                                                       f"{site.url}/missing/{name}"]
                document = self.run_json("run", "download", self.list_file(urls), "--with", executor, code=1)
                self.assert_identities(document)
                jobs, totals = document["jobs"], document["totals"]
                self.assertEqual([job["state"] for job in jobs], ["done"] * 9 + ["failed"])
                self.assertEqual([job["attempts"] for job in jobs], [1] * 8 + [3, 1])
                self.assertEqual([job["http_status"] for job in jobs], [200] * 9 + [404])
                self.assertIn("404", jobs[9]["error"])
                self.assertEqual([job["bytes"] for job in jobs[:8]], [len(body_of(f"/{name}/{i}")) for i in range(8)])
                self.assertEqual(totals["bytes"], sum(job["bytes"] for job in jobs[:9]))
                self.assertNotIn("file", jobs[9])

    def test_where_the_time_went(self):
        """What a worker mostly did is its largest column: waiting for a server, computing, waiting for others, no work."""
        def largest(worker):
            return max(COLUMNS, key=lambda column: worker[column] or 0)
        document = self.run_json("run", "download", "http://x.invalid/synthetic/1", "--origin", "builtin", "--latency", 500,
                                 "--rate", 0, "--with", "sequential")
        self.assertEqual([largest(worker) for worker in document["workers"]], ["io_s"])
        document = self.run_json("run", "primes", 70000, "--with", "sequential", before=("taskset", "-c", "0"))
        worker = document["workers"][0]
        self.assertGreater(worker["on_core_s"] + (worker["ready_s"] or 0), 0.7 * worker["wall_s"])
        self.assertGreater(worker["on_core_s"], worker["io_s"])
        site = self.site(slow=slow)
        urls = [site.url + "/slow/x", site.url + "/quick"]
        for executor, column in (("thread-batch:2", "barrier_s"), ("process-batch:2", "barrier_s"),
                                 ("thread-pool:2", "no_work_s"), ("process-pool:2", "no_work_s")):
            with self.subTest(executor=executor):
                self.check_waiting(urls, executor, column, largest)

    def check_waiting(self, urls, executor, column, largest):
        """One job is long and one short; the short one's worker spends the rest of the run in this column."""
        document = self.run_json("run", "download", *urls, "--with", executor)
        input_of = {job["worker"]: job["input"] for job in document["jobs"]}
        for worker in document["workers"]:
            expected = "io_s" if input_of[worker["id"]].endswith("/slow/x") else column
            self.assertEqual(largest(worker), expected, worker)

    def test_workers_are_who_they_say(self):
        document = self.run_json("run", "primes", "100", "1000", "--with", "process-each")
        self.assertEqual(len({worker["pid"] for worker in document["workers"]}), 2)
        self.assertTrue(all(worker["pid"] == worker["tid"] for worker in document["workers"]))
        document = self.run_json("run", "primes", "100", "1000", "--with", "thread-each")
        self.assertEqual(len({worker["pid"] for worker in document["workers"]}), 1)
        self.assertEqual(len({worker["tid"] for worker in document["workers"]}), 2)

    def test_unknown_is_null(self):
        """A job that was never begun has neither worker nor time, and no figure of it is 0."""
        site = self.site(missing=missing)
        document = self.run_json("run", "download", site.url + "/missing/x", code=1)
        self.assertIsNone(document["jobs"][0]["bytes"])
        document = self.run_json("run", "download", "http://127.0.0.1:1/x", "--retry", 0, code=1)
        self.assertIsNone(document["jobs"][0]["http_status"])
        self.assertTrue(document["jobs"][0]["error"])

    def test_results_come_in_input_order(self):
        limits = [30000, 10, 20000, 100, 15000, 7, 1000, 2]
        document = self.run_json("run", "primes", *limits, "--with", "process-each")
        self.assertEqual([job["input"] for job in document["jobs"]], [str(limit) for limit in limits])

    def test_small_products_have_all_their_digits(self):
        jobs = self.run_json("run", "primes", 0, 1, 2, 7, 37, 41)["jobs"]
        self.assertEqual([(job["head"], job["tail"], job["digits"]) for job in jobs[:4]],
                         [("1", "1", 1), ("1", "1", 1), ("2", "2", 1), ("210", "210", 3)])
        self.assertEqual((jobs[4]["head"], jobs[4]["tail"]), ("742073813481", "420738134810"))
        self.assertEqual((jobs[5]["head"], jobs[5]["tail"]), ("304250263527", "250263527210"))

    def test_a_tail_keeps_its_zeros(self):
        """For each limit to 300: the last 12 digits, as the whole product ends."""
        limits = list(range(30, 300, 2))
        jobs = self.run_json("run", "primes", *limits, "--with", "thread-pool:2")["jobs"]
        for job, limit in zip(jobs, limits):
            self.assert_product(job, limit)

    def test_csv(self):
        site = self.site(missing=missing)
        tricky = "a,%22b%22.bin"
        urls = self.list_file([f"{site.url}/{tricky}", f"{site.url}/missing/c", f"{site.url}/d.bin"])
        result = self.run_juggler("run", "download", urls, "--csv")
        self.assertEqual(result.code, 1, result)
        rows = list(csv.DictReader(io.StringIO(result.out)))
        self.assertEqual([row["index"] for row in rows], ["0", "1", "2"])
        self.assertEqual([row["state"] for row in rows], ["done", "failed", "done"])
        self.assertEqual(rows[0]["file"], 'a,"b".bin')
        self.assertEqual(rows[2]["bytes"], str(len(body_of("/d.bin"))))
        self.assertEqual((rows[1]["http_status"], rows[1]["bytes"], rows[1]["file"]), ("404", "", ""))
        self.assertIn("404", rows[1]["error"])
        self.assertEqual([row["lost_events"] for row in rows], ["0"] * 3)
        self.assertTrue(all(None not in row and None not in row.values() for row in rows), "every row has every cell")

    def test_csv_of_primes(self):
        result = self.run_juggler("run", "primes", "7", "1000", "--csv")
        self.assertEqual(result.code, 0, result)
        rows = list(csv.DictReader(io.StringIO(result.out)))
        self.assertEqual([(row["input"], row["primes"], row["digits"]) for row in rows],
                         [("7", "4", "3"), ("1000", "168", "416")])
        self.assertEqual(rows[1]["tail"], "207891125910")

    def test_table_of_primes(self):
        result = self.run_juggler("run", "primes", "50328", "7")
        self.assertEqual(result.code, 0, result)
        text = re.sub(r"\s+", " ", result.out)
        for words in ("up to 50328", "5,164 prime numbers found", "time taken", "112412903293", "777807648010",
                      "21,745 digits",
                      "up to 7: 4 prime numbers found", "210", "executor process-pool:4", "2 of 2 done"):
            self.assertIn(words, text)

    def test_table_of_downloads(self):
        site = self.site(missing=missing)
        result = self.run_juggler("run", "download", site.url + "/good.bin", site.url + "/missing/bad.bin")
        self.assertEqual(result.code, 1, result)
        for words in ("good.bin", "done", "failed", "404", "1 of 2 done", "1 failed", "thread-pool:10"):
            self.assertIn(words, result.out)

    def test_table_is_ascii_where_utf8_is_not(self):
        result = self.run_juggler("run", "primes", "50328", env={"LANG": "C", "LC_ALL": "C"})
        self.assertEqual(result.code, 0, result)
        self.assertTrue(result.out.isascii(), result)
        self.assertIn("112412903293", result.out)

    def test_ascii_when_it_is_asked_for(self):
        """All that is said: a table, the reason of a refusal, a progress bar."""
        site = self.site()
        name = "%C3%A4-and-a-name-that-is-much-too-long-to-fit-into-any-table-of-a-hundred-columns-so-that-it-is-cut"
        result = self.run_juggler("run", "download", f"{site.url}/{name}", "--ascii", "--progress", "bars", "-o",
                                  self.work / "\u00e4")
        self.assertEqual(result.code, 0, result)
        self.assertTrue(result.out.isascii() and result.err.isascii(), result)
        result = self.run_juggler("run", "download", "nowhere-\u00e4.txt", "--ascii")
        self.assertEqual((result.code, result.err.isascii()), (2, True), result)
        result = self.run_juggler("run", "download", "nowhere-\u00e4.txt")
        self.assertIn("nowhere-\u00e4.txt", result.err)

    def test_results_and_the_rest_are_apart(self):
        """stdout has the result alone, stderr everything else."""
        site = self.site()
        for form in ("--json", "--csv"):
            result = self.run_juggler("run", "download", site.url + "/x", form)
            self.assertEqual(result.code, 0)
            self.assertNotIn("temporary", result.out)
            self.assertIn("temporary", result.err)
        result = self.run_juggler("run", "primes", "100", "--json")
        self.assertEqual(result.err, "")

    def test_one_document_whatever_happens(self):
        refusals = {
            2: [["run", "primes", "12x"], ["run", "primes", "5", "--bogus"], ["run", "nothing"], ["run"],
                ["run", "primes", "5", "--with", "foo"],
                ["run", "download", "nowhere.txt"], ["run", "download", "ftp://x/"], ["run", "counter", "7"],
                ["run", "primes", "7", "-o", "/proc/nothing"], ["run", "primes", "5", "--trace", "/proc/nothing/x"]]}
        for code, lines in refusals.items():
            for words in lines:
                with self.subTest(words=words):
                    document = self.run_json(*words, code=code)
                    self.assertEqual(document["version"], 1)
                    self.assertTrue(document["error"])
                    self.assertEqual(document["jobs"], [])
                    self.assertIsNone(document["totals"]["done"])
                    self.assertIsNone(document["run"]["wall_s"])

    def test_a_password_stays_out(self):
        site = self.site(missing=missing)
        host = site.url.removeprefix("http://")
        urls = self.list_file([f"http://someone:hush-hush@{host}/x", f"http://someone:hush-hush@{host}/missing/y"])
        for form in ([], ["--json"], ["--csv"]):
            result = self.run_juggler("run", "download", urls, *form)
            self.assertEqual(result.code, 1, result)
            self.assertNotIn("hush-hush", result.out + result.err)

    def test_hostile_names_do_nothing_to_a_terminal(self):
        site = self.site()
        names = ["%1b%5d0%3bowned%07.bin", "%c2%9b31m.bin", "%e2%80%aetxt.exe", "tab%09.bin", "del%7f.bin"]
        for form in ([], ["--json"], ["--csv"]):
            result = self.run_juggler("run", "download", *(f"{site.url}/{name}" for name in names), *form)
            self.assertEqual(result.code, 0, result)
            self.assertEqual(unfit_to_show(result.out + result.err), [], form)


if __name__ == "__main__":
    unittest.main()
