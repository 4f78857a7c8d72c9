"""juggler compare: what it prints, in which order it measures, what it refuses, being stopped. test: limit 240"""
import csv
import io
import json
import os
import re
import signal
import statistics
import time
import unittest

from cli.support import SLOWNESS, Case, family_of, is_alive, wait_for

LIMITS = [3000, 4000, 5000]
KEYS = {"executor", "median_s", "min_s", "max_s", "runs_s", "speedup", "efficiency", "best_possible_s", "different"}


class Compare(Case):
    def compare(self, *words, code=0, **more):
        return self.run_json("compare", *words, "--progress", "none", code=code, **more)

    def synthetic(self, count):
        return self.list_file([f"http://anywhere.example/synthetic/{i}" for i in range(count)])

    def check_figures(self, document, rounds):
        """What has to hold for any comparison."""
        lines = document["executors"]
        sequential = next((line for line in lines if line["executor"] == "sequential"), None)
        for line in lines:
            with self.subTest(line["executor"]):
                self.assertLessEqual(KEYS, set(line))
                self.assertEqual(len(line["runs_s"]), rounds)
                self.assertAlmostEqual(line["median_s"], statistics.median(line["runs_s"]), places=9)
                self.assertAlmostEqual(line["min_s"], min(line["runs_s"]), places=9)
                self.assertAlmostEqual(line["max_s"], max(line["runs_s"]), places=9)
                self.assertGreater(line["min_s"], 0)
                self.assertTrue(0 < line["best_possible_s"] <= line["median_s"] * 1.000001, line)
                self.assertTrue(0 < line["of_possible"] <= 1)
                self.assertTrue(line["best_possible_why"])
                first = lines[0]
                apart = line["min_s"] > first["max_s"] or line["max_s"] < first["min_s"]
                self.assertIs(line["different"], line is not first and apart if rounds > 1 else None)
                if sequential:
                    self.assertAlmostEqual(line["speedup"], sequential["median_s"] / line["median_s"], places=6)
                    self.assertAlmostEqual(line["efficiency"], line["speedup"] / line["workers"], places=6)
                else:
                    self.assertIsNone(line["speedup"])
                    self.assertIsNone(line["efficiency"])
        winners = [line for line in lines if line["winner"]]
        self.assertLessEqual(len(winners), 1)
        for winner in winners:
            self.assertTrue(all(winner["max_s"] < line["min_s"] for line in lines if line is not winner))

    def order(self, document):
        """In which order each round ran: [[executor, ...], ...]."""
        rounds = {}
        for line in document["executors"]:
            for run in line["runs"]:
                rounds.setdefault(run["round"], []).append((run["position"], line["executor"]))
        return [[executor for _, executor in sorted(rounds[number])] for number in sorted(rounds)]

    def test_primes(self):
        executors = ["sequential", "thread-pool:2", "process-pool:2", "process-each"]
        document = self.compare("primes", *LIMITS, "--with", ",".join(executors), "--repeat", 2, "--seed", 11)
        self.assertEqual(document["version"], 1)
        self.assertEqual([line["executor"] for line in document["executors"]], executors)
        self.assertEqual([line["workers"] for line in document["executors"]], [1, 2, 2, 3])
        compare = document["compare"]
        self.assertEqual((compare["work"], compare["rounds"], compare["seed"], compare["interrupted"]),
                         ("primes", 2, 11, False))
        self.assertEqual((compare["runs_done"], compare["runs_all"]), (12, 12))
        self.assertTrue(compare["verdict"])
        self.check_figures(document, 2)
        for line in document["executors"]:
            for run in line["runs"]:
                self.assertEqual((run["jobs"], run["done"], run["failed"]), (3, 3, 0))
        self.assertIsNone(document["fit"])
        self.assertIsNone(document["controls"])

    def test_downloads(self):
        document = self.compare("download", self.synthetic(6), "--origin", "builtin", "--latency", 150, "--rate", "8M",
                                "--with", "sequential,thread-pool:3,thread-each", "--repeat", 2)
        self.check_figures(document, 2)
        sequential, pool, each = document["executors"]
        self.assertGreater(sequential["min_s"], 6 * 0.15)
        self.assertGreater(pool["min_s"], 2 * 0.15)
        # six waits of 150 ms one after another, beside two and one: far enough apart on any machine
        self.assertTrue(pool["different"] and each["different"])
        self.assertGreater(pool["speedup"], 1.5)
        self.assertEqual({run["bytes"] for line in document["executors"] for run in line["runs"]},
                         {sequential["runs"][0]["bytes"]})
        self.assertGreater(sequential["runs"][0]["bytes"], 6 * 20000 - 1)
        self.assert_nothing_left()

    def test_output_folder(self):
        """Every run writes the same files; the last one's stay."""
        self.compare("primes", 30, "--with", "sequential,thread-pool:2", "--repeat", 1, "-o", self.output)
        self.assertEqual(self.files(), {"product-30.txt": b"6469693230\n"})

    def test_counter(self):
        """Every executor adds as often as every other; a lock is for all of them."""
        document = self.compare("counter", "--adds", 20000, "--lock", "mutex", "--with", "sequential,thread-pool:2,process-pool:6",
                                "--repeat", 2)
        lines = document["executors"]
        self.assertEqual({run["expected"] for line in lines for run in line["runs"]}, {6 * 20000})
        self.assertEqual({run["got"] for line in lines[:2] for run in line["runs"]}, {6 * 20000})
        self.assertEqual({run["got"] for run in lines[2]["runs"]}, {0})

    def test_the_articles_list(self):
        document = self.compare("primes", *LIMITS, "--repeat", 1)
        self.assertEqual([line["executor"] for line in document["executors"]],
                         ["sequential", "process-each", "process-pool:4", "thread-each", "thread-pool:4", "thread-pool:4+gil",
                          "thread-batch:4", "process-batch:4"])
        self.assertTrue(any("one round" in note for note in document["compare"]["notes"]))
        self.assertFalse(any(line["winner"] for line in document["executors"]))
        self.assertEqual({line["different"] for line in document["executors"]}, {None})
        # a list with +gil is bracketed by what only waits and what only computes
        for name in ("waiting", "computing"):
            control = document["controls"][name]
            self.assertEqual(control["threads"], 4)
            self.assertGreater(control["free_s"], 0.01)
            self.assertGreater(control["gil_s"], 0.01)
        self.assertGreater(document["controls"]["waiting"]["free_s"], 0.0999)

    def test_a_seed_gives_its_order(self):
        words = ("primes", 100, "--with", "sequential,thread-pool:1,thread-pool:2,thread-pool:3,thread-batch:2", "--repeat", 3)
        first = self.compare(*words, "--seed", 4)
        again = self.compare(*words, "--seed", 4)
        other = self.compare(*words, "--seed", 5)
        self.assertEqual(self.order(first), self.order(again))
        self.assertNotEqual(self.order(first), self.order(other))
        for document in (first, other):
            orders = self.order(document)
            self.assertEqual(len(orders), 3)
            self.assertEqual({len(order) for order in orders}, {5})
            self.assertGreater(len(set(map(tuple, orders))), 1, "each round has an order of its own")

    def test_a_seed_is_chosen_and_told(self):
        words = ("primes", 10, "--with", "sequential", "--repeat", 1)
        seeds = {self.compare(*words)["compare"]["seed"] for _ in range(4)}
        self.assertGreater(len(seeds), 1)
        self.assertGreater(min(seeds), 0)
        text = self.run_juggler("compare", *words, "--progress", "none").out
        self.assertRegex(text, r"seed \d+")

    def test_one_round_is_not_said_to_overlap(self):
        text = self.run_juggler("compare", "primes", *LIMITS, "--with", "sequential,thread-pool:2", "--repeat", 1,
                                "--progress", "none").out
        self.assertNotIn("overlap", text)
        self.assertNotIn("no difference", text)
        self.assertIn("one round has no spread", re.sub(r"\s+", " ", text))

    def test_sweep(self):
        document = self.compare("primes", *LIMITS, "--sweep", "4,1,2,3", "--with", "thread-pool:9", "--repeat", 1)
        self.assertEqual([line["executor"] for line in document["executors"]],
                         ["thread-pool:1", "thread-pool:2", "thread-pool:3", "thread-pool:4"])
        fit = document["fit"]
        self.assertIs(fit["known"], True)
        self.assertTrue(0 <= fit["sigma"] <= 1 and fit["kappa"] >= 0 and fit["lambda"] > 0)
        self.assertTrue(fit["words"])
        self.assertAlmostEqual(document["executors"][0]["speedup"], 1, places=9)

    def test_sweep_of_the_default(self):
        document = self.compare("primes", 100, "--sweep", "1,2,3", "--repeat", 1)
        self.assertEqual([line["executor"] for line in document["executors"]],
                         ["process-pool:1", "process-pool:2", "process-pool:3"])
        self.assertEqual(document["fit"]["words"], "too few points: 3; a fit needs at least four")
        self.assertIs(document["fit"]["known"], False)

    def test_failed_jobs(self):
        """A URL that is not there: the others' results are there, the exit code is 1, and nobody wins."""
        urls = self.list_file(["http://anywhere.example/synthetic/0", "http://anywhere.example/nothing-here"])
        document = self.compare("download", urls, "--origin", "builtin", "--latency", 5, "--rate", 0, "--with",
                                "sequential,thread-pool:2", "--repeat", 2, code=1)
        for line in document["executors"]:
            self.assertEqual(line["failed"], 2)
            self.assertIs(line["winner"], False)
            self.assertIsNone(line["different"])
            self.assertIsNone(line["speedup"])
        self.assertTrue(any("4 jobs failed" in note for note in document["compare"]["notes"]))

    def test_other_forms(self):
        words = ("primes", *LIMITS, "--with", "sequential,thread-pool:2", "--repeat", 2, "--seed", 77)
        result = self.run_juggler("compare", *words, "--csv", "--progress", "none")
        self.assertEqual(result.code, 0, result)
        rows = list(csv.DictReader(io.StringIO(result.out)))
        self.assertEqual([row["executor"] for row in rows], ["sequential", "thread-pool:2"])
        self.assertAlmostEqual(float(rows[1]["speedup"]), float(rows[0]["median_s"]) / float(rows[1]["median_s"]), places=5)
        result = self.run_juggler("compare", *words)
        self.assertEqual(result.code, 0, result)
        self.assertRegex(result.out, r"(?m)^sequential ")
        self.assertRegex(result.out, r"(?m)^thread-pool:2 ")
        self.assertIn("seed 77", re.sub(r"\s+", " ", result.out))

    def test_progress(self):
        """Whole lines where stderr is no terminal, the estimate among them; nothing with --progress none."""
        words = ("compare", "primes", 60000, 60000, "--with", "sequential,thread-pool:2", "--repeat", 3)
        result = self.run_juggler(*words, "--progress", "lines")
        self.assertRegex(result.err, r"compare primes: (warm-up|round \d of 3), run \d+ of 8")
        self.assertNotIn("\r", result.err)
        result = self.run_juggler(*words[:3], *words[4:], "--progress", "none")
        self.assertEqual(result.err, "")

    def test_refusals(self):
        cases = [
            (["primes", "--with", "sequential,sequential"], "sequential is named twice"),
            (["primes", "--with", "thread-pool:3,sequential,thread-pool:3"], "thread-pool:3 is named twice"),
            (["primes", "--with", "sequential,,thread-pool"], "an executor is missing"),
            (["primes", "--with", "sequential,juggle"], "there is no executor 'juggle'"),
            (["primes", "--with", "process-pool:2+gil"], "no interpreter"),
            (["primes", "--with", "event-loop:4"], "event loop"),
            (["primes", "--sweep", "1,two"], "'two' is not a width"),
            (["primes", "--sweep", "1,0"], "'0' is not a width"),
            (["primes", "--sweep", "1,2", "--with", "sequential"], "no width to vary"),
            (["primes", "--sweep", "1,2", "--with", "thread-pool,process-pool"], "one executor"),
            (["download", "--no-clobber"], "--no-clobber"),
            (["primes", "--with", "sequential", "12x"], "12x"),
        ]
        for words, sentence in cases:
            with self.subTest(words=words):
                result = self.run_juggler("compare", *words, "--json")
                self.assertEqual(result.code, 2, result)
                self.assertIn(sentence, result.err)
                document = json.loads(result.out)
                self.assertIn(sentence, document["error"])
                self.assertEqual(document["executors"], [])
                self.assertEqual(self.run_juggler("compare", *words).out, "")

    def started(self, *words):
        """A comparison in which at least one counted run has ended."""
        process = self.start("compare", "primes", 20000, 20000, "--with", "sequential,thread-pool:2", "--repeat", 100,
                             "--progress", "none", *words)
        wait_for(lambda: family_of(process.pid), "a run", 10)
        return process

    def test_stopped(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                process = self.started("--json")
                time.sleep(1.5 * SLOWNESS)
                family = family_of(process.pid)
                process.send_signal(number)
                began = time.monotonic()
                result = self.finish(process)
                self.assertLess(time.monotonic() - began, 3 * SLOWNESS)
                self.assertEqual(result.code, 128 + number, result)
                document = json.loads(result.out)
                self.assertIs(document["compare"]["interrupted"], True)
                self.assertLess(document["compare"]["runs_done"], document["compare"]["runs_all"])
                measured = sum(len(line["runs_s"]) for line in document["executors"])
                self.assertEqual(measured, max(0, document["compare"]["runs_done"] - 2))
                self.assertIn("stopped after", document["compare"]["verdict"])
                wait_for(lambda left=family: not any(map(is_alive, left)), "no process left", 2)
                self.assert_nothing_left()

    def test_report(self):
        page = self.work / "page.html"
        result = self.run_juggler("compare", "primes", 100, "--with", "sequential,thread-pool:2", "--repeat", 1, "--report", page,
                                  "--progress", "none")
        self.assertEqual(result.code, 0, result)
        self.assertIn("thread-pool:2", page.read_text(encoding="utf-8"))
        result = self.run_juggler("compare", "primes", 100, "--report", self.work / "no" / "page.html", "--progress", "none")
        self.assertEqual(result.code, 2, result)
        self.assertIn("--report", result.err)
        self.assertEqual(os.listdir(self.work), ["page.html"])

    def test_full_stdout(self):
        with open("/dev/full", "wb") as full:
            process = self.start("compare", "primes", 100, "--with", "sequential", "--repeat", 1, "--progress", "none", stdout=full)
            result = self.finish(process)
        self.assertEqual(result.code, 3, result)
        self.assertIn("could not be written", result.err)


if __name__ == "__main__":
    unittest.main()
