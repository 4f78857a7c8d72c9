"""The history of runs: what is noted, what is shown, and what becomes of a file that was damaged."""
import csv
import io
import json
import os
import re
import signal
import stat
import subprocess
import unittest

from cli.support import JUGGLER, Case, environment, unfit_to_show, wait_for


class HistoryCase(Case):
    def setUp(self):
        super().setUp()
        self.file = self.state / "juggler/history.jsonl"

    def lines(self):
        return self.file.read_text(encoding="ascii").splitlines()

    def records(self):
        return [json.loads(line) for line in self.lines()]

    def run_primes(self, *words, code=0, **more):
        result = self.run_juggler("run", "primes", *(words or ("2000", "3000")), "--progress", "none", **more)
        self.assertEqual(result.code, code, result)
        return result

    def history(self, *words, code=0, **more):
        result = self.run_juggler("history", *words, **more)
        self.assertEqual(result.code, code, result)
        self.assertEqual(unfit_to_show(result.out + result.err), [], result)
        return result

    def damage(self, data):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with open(self.file, "ab") as file:
            file.write(data)


class TestNoted(HistoryCase):
    def test_a_run_is_a_line(self):
        self.run_primes("20000", "30000", "--with", "thread-pool:2")
        record, = self.records()
        self.assertEqual(record["version"], 1)
        self.assertRegex(record["when"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual((record["command"], record["work"], record["executor"], record["state"], record["interrupted"]),
                         ("run", "primes", "thread-pool:2", "done", False))
        self.assertEqual((record["jobs"], record["done"], record["failed"]), (2, 2, 0))
        self.assertGreater(record["wall_s"], 0)
        self.assertGreater(record["cpu_s"], 0)
        self.assertLessEqual(record["best_possible_s"], record["wall_s"] * 1.05)
        self.assertGreater(record["usable_cores"], 0)
        self.assertIsNone(record["speedup"])
        self.assertTrue(record["program"].startswith("juggler "))
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.file.parent.stat().st_mode), 0o700)

    def test_short_runs_are_weighed_too(self):
        """Of a run of some tenths of a second the memory is known, however it is carried out."""
        for executor in ("sequential", "thread-pool:4", "process-pool:4", "process-each"):
            with self.subTest(executor=executor):
                self.run_primes("60000", "60000", "60000", "60000", "--with", executor)
                self.assertGreater(self.records()[-1]["memory_bytes"] or 0, 200_000)

    def test_processes_weigh_more_than_threads(self):
        """Each has memory of its own. One sieve is not in it: what is compared is the workers."""
        weights = {}
        for executor in ("thread-pool:12", "process-pool:12"):
            self.run_primes(*["50000"] * 24, "--with", executor)
            weights[executor] = self.records()[-1]["memory_bytes"]
        self.assertGreater(weights["process-pool:12"], weights["thread-pool:12"])

    def test_not_when_it_is_not_wanted_or_nothing_was_started(self):
        self.run_primes("2000", "--no-history")
        self.run_primes("-5", code=2)
        self.run_primes("2000", "--with", "nonsense", code=2)
        self.assertFalse(self.state.exists())

    def test_failed_and_interrupted_runs_are_noted_as_such(self):
        site = self.site(missing=lambda handler, hit: handler.answer(404, b""))
        self.assertEqual(self.run_juggler("run", "download", site.url + "/missing", site.url + "/there").code, 1)
        process = self.start("run", "download", site.url + "/there", site.url + "/hold/1")
        wait_for(lambda: site.hits_of("/hold"), "a request")
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)
        first, second = self.records()
        self.assertEqual((first["state"], first["interrupted"], first["done"], first["failed"]), ("done", False, 1, 1))
        self.assertEqual((second["state"], second["interrupted"], second["jobs"]), ("stopped", True, 2))
        table = self.history().out.splitlines()
        self.assertIn("1 failed", table[1])
        self.assertIn("interrupted", table[2])

    def test_latency_is_part_of_what_was_worked_on(self):
        for latency in ("0", "10"):
            result = self.run_juggler("run", "download", "--latency", latency, "--rate", "0", "--progress", "none")
            self.assertEqual(result.code, 0, result)
        first, second = self.records()
        self.assertIn("0 ms", first["list"])
        self.assertIn("10 ms", second["list"])
        self.assertIn("the lists are not the same", self.history(1, 2).out)

    def test_no_password_is_in_it(self):
        site = self.site()
        url = site.url.replace("http://", "http://me:secretword@")
        self.run_juggler("run", "download", url + "/x?key=hiddenword", url + "/y")
        self.run_juggler("run", "download", url + "/x")
        self.assertEqual(len(self.lines()), 2)
        self.assertNotIn("secretword", self.file.read_text(encoding="ascii"))
        self.assertNotIn("hiddenword", self.file.read_text(encoding="ascii"))

    def test_a_list_with_a_bad_name(self):
        path = self.folder / "a\x1b[31m\u202eb\nc.txt"
        path.write_text("2000\n3000\n", encoding="ascii")
        self.run_primes(path)
        record, = self.records()
        self.assertEqual(unfit_to_show(record["list"]), [])
        self.assertIn("\\x1B", self.history("--csv").out)
        self.history(1)

    def test_where_it_cannot_be_written_the_run_is_as_ever(self):
        self.state.write_text("a file where the folder should be", encoding="ascii")
        result = self.run_primes("2000", "--json")
        self.assertEqual(result.document["totals"]["done"], 1)
        notes = [line for line in result.err.splitlines() if "history" in line]
        self.assertEqual(len(notes), 1, result)
        self.assertIn(str(self.state), notes[0])
        doctor = self.run_juggler("doctor")
        self.assertEqual(doctor.code, 0, doctor)
        self.assertRegex(doctor.out, r"(?m)^note +history .*XDG_STATE_HOME")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_that_is_not_ours(self):
        self.state.mkdir(mode=0o500)
        result = self.run_primes("2000")
        self.assertIn("Permission denied", result.err)

    def test_a_device_in_its_place_is_left_alone(self):
        self.file.parent.mkdir(parents=True)
        self.file.symlink_to("/dev/full")
        result = self.run_primes("2000")
        self.assertIn("not in the history", result.err)

    def test_doctor_says_where_it_is(self):
        self.assertIn(str(self.file), self.run_juggler("doctor").out)
        self.assertFalse(self.state.exists())

    def test_home_is_where_it_goes_by_default(self):
        home = self.folder / "home"
        home.mkdir()
        more = environment(HOME=home, TMPDIR=self.temporary)
        more.pop("XDG_STATE_HOME", None)
        for _ in range(2):
            subprocess.run([JUGGLER, "run", "primes", "2000"], env=more, check=True, capture_output=True, cwd=self.work)
        self.assertEqual(len((home / ".local/state/juggler/history.jsonl").read_text(encoding="ascii").splitlines()), 2)

    def test_two_at_once(self):
        processes = [self.start("run", "primes", 1000 + i, "--progress", "none") for i in range(12)]
        for process in processes:
            self.assertEqual(self.finish(process).code, 0)
        self.assertEqual(len(self.records()), 12)
        self.assertEqual(len(self.history("--json").document["entries"]), 12)

    def test_a_comparison_is_a_line_an_executor(self):
        result = self.run_juggler("compare", "primes", "20000", "30000", "--with", "sequential,process-pool:2", "--repeat", "2",
                                  "--seed", "77", "--progress", "none")
        self.assertEqual(result.code, 0, result)
        first, second = self.records()
        self.assertEqual((first["command"], first["executor"], second["executor"]),
                         ("compare", "sequential", "process-pool:2"))
        for record in (first, second):
            self.assertEqual((record["rounds"], record["seed"], record["done"]), (2, "77", 2))
            self.assertLessEqual(record["min_s"], record["wall_s"])
            self.assertLessEqual(record["wall_s"], record["max_s"])
        self.assertEqual(first["speedup"], 1)
        self.assertAlmostEqual(second["speedup"], first["wall_s"] / second["wall_s"], delta=0.01)
        self.assertEqual(first["work_id"], second["work_id"])
        self.assertIn("median of 2", self.history().out)


class TestShown(HistoryCase):
    def test_nothing_yet(self):
        result = self.history()
        self.assertIn("no run is noted yet", result.out)
        self.assertEqual(result.err, "")
        self.assertEqual(self.history("--json").document["entries"], [])
        self.assertEqual(len(self.history("--csv").out.splitlines()), 1)
        self.assertIn("the history is empty", self.history(1, code=2).err)
        self.assertFalse(self.state.exists())

    def test_newest_last_and_numbered(self):
        self.run_primes("2000", "--with", "sequential")
        self.run_primes("2000", "3000", "--with", "process-pool:2")
        table = self.history(env={"TZ": "UTC"}).out.splitlines()
        self.assertRegex(table[0], r"^#  when +work +list +executor +time")
        self.assertRegex(table[1], r"^1  20\d\d-\d\d-\d\d \d\d:\d\d  primes  .* sequential ")
        self.assertRegex(table[2], r"^2  .* process-pool:2 ")
        self.assertIn("process-pool:2", self.history(2).out)
        self.assertIn("kernel trial, product fold", self.history(2).out)

    def test_local_time(self):
        self.run_primes()
        when = self.records()[0]["when"]
        shown = {zone: re.search(r"\d\d:\d\d", self.history(env={"TZ": zone}).out).group() for zone in ("UTC", "XYZ-5:30")}
        minutes = {zone: int(text[:2]) * 60 + int(text[3:]) for zone, text in shown.items()}
        self.assertEqual((minutes["XYZ-5:30"] - minutes["UTC"]) % 1440, 330)
        self.assertEqual(shown["UTC"], when[11:16])

    def test_two_compared(self):
        self.run_primes("20000", "30000", "--with", "sequential")
        self.run_primes("20000", "30000", "--with", "thread-pool:2")
        self.run_primes("20000", "40000", "--with", "thread-pool:2")
        document = self.history(1, 2, "--json").document
        first, second = document["entries"]
        self.assertAlmostEqual(document["comparison"]["ratio"], second["wall_s"] / first["wall_s"], places=9)
        self.assertTrue(document["comparison"]["comparable"])
        self.assertIn("executor: sequential, thread-pool:2", document["comparison"]["differs"])
        self.assertIn("differs", self.history(1, 2).out)
        back = self.history(2, 1, "--json").document
        self.assertAlmostEqual(back["comparison"]["ratio"] * document["comparison"]["ratio"], 1, places=9)
        other = self.history(1, 3, "--json").document["comparison"]
        self.assertIsNone(other["ratio"])
        self.assertFalse(other["comparable"])
        self.assertIn("what is in the lists is not the same", self.history(1, 3).out)

    def test_numbers_that_are_not_there(self):
        self.run_primes()
        for words, reason in (((2,), "there is no run 2"), ((0,), "'0' is no number"), (("-1",), "'-1' is no number"),
                              (("x",), "'x' is no number"), ((1, 2), "there is no run 2"), ((1, 1, 1), "compares two"),
                              ((10 ** 30,), "is no number"), (("1.5",), "is no number")):
            with self.subTest(words=words):
                result = self.history(*words, code=2)
                self.assertIn(reason, result.err)
                self.assertEqual(result.out, "")
                document = self.history(*words, "--json", code=2).document
                self.assertIn(reason, document["error"])

    def test_csv(self):
        self.run_primes("2000", "--with", "sequential")
        self.run_primes("2000")
        rows = list(csv.DictReader(io.StringIO(self.history("--csv").out)))
        self.assertEqual([row["number"] for row in rows], ["1", "2"])
        self.assertEqual(rows[0]["executor"], "sequential")
        self.assertEqual(rows[0]["speedup"], "")
        self.assertAlmostEqual(float(rows[0]["wall_s"]), self.records()[0]["wall_s"], places=6)

    def test_ascii(self):
        self.run_primes()
        for result in (self.history("--ascii"), self.history(env={"LC_ALL": "C", "LANG": "C"}), self.history(1, 1, "--ascii")):
            self.assertTrue(result.out.isascii(), result)


class TestDamage(HistoryCase):
    DAMAGE = (b"{\"version\":1,\"when\":\"2026-0", b"\x00\xff\xfe\x1b[2J\x9b31m", b"[" * 100_000, b"{}", b"7",
              b"{\"version\":1,\"when\":7}", b"{\"version\":99}", b"\xef\xbb\xbf{}")

    def test_damaged_lines_are_skipped_and_named(self):
        self.run_primes("2000", "--with", "sequential")
        for data in self.DAMAGE:
            self.damage(data + b"\n")
        self.run_primes("2000")
        before = self.file.read_bytes()
        last = len(self.DAMAGE) + 2
        result = self.history()
        self.assertEqual([line.split()[0] for line in result.out.splitlines()], ["#", "1", str(last)])
        for number in range(2, last):
            self.assertIn(f"line {number} of the history is damaged", result.err)
        self.assertEqual(len(result.err.splitlines()), len(self.DAMAGE))
        document = self.history("--json").document
        self.assertEqual([entry["number"] for entry in document["entries"]], [1, last])
        self.assertEqual([entry["line"] for entry in document["damaged"]], list(range(2, last)))
        self.assertIn("line 3 of the history is damaged", self.history(3, code=2).err)
        self.assertIn("ratio", self.history(1, last).out)
        self.assertEqual(self.file.read_bytes(), before, "nothing is rewritten")

    def test_a_line_that_was_cut_off_stays_alone(self):
        self.run_primes()
        whole = self.file.read_bytes()
        self.file.write_bytes(whole[:len(whole) // 2])
        self.run_primes()
        self.run_primes()
        entries = self.history("--json").document["entries"]
        self.assertEqual([entry["number"] for entry in entries], [2, 3])

    def test_nothing_but_damage(self):
        self.damage(os.urandom(5000).replace(b"\n", b"") + b"\n")
        result = self.history()
        self.assertIn("no run", result.out)
        self.assertIn("line 1", result.err)

    def test_a_pipe_in_its_place_holds_nobody_up(self):
        self.file.parent.mkdir(parents=True)
        os.mkfifo(self.file)
        self.assertIn("not in the history", self.run_primes().err)
        self.assertIn("cannot be read", self.history(code=3).err)


if __name__ == "__main__":
    unittest.main()
