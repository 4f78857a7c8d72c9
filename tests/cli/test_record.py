"""What --record keeps, juggler replay gives back: the run's own report; of a record that is spoilt, what is sound of it; and what is no record is told."""
import fcntl
import os
import random
import signal
import subprocess
import unittest

from cli.support import SANITIZED, Case, kill, new_seed, runner_of, wait_for

LIMITS = ["3000", "5000", "0", "7", "9000", "20000"]


def can_mount():
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /tmp"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class Records(Case):
    def setUp(self):
        super().setUp()
        self.record = self.folder / "run.rec"

    def recorded(self, *words, code=0):
        """The run's own report."""
        return self.run_json("run", *words, "--record", self.record, "--progress", "none", code=code)

    def replayed(self, *words, code=0, record=None):
        return self.run_json("replay", record or self.record, *words, code=code)

    def test_the_report_is_the_same(self):
        urls = self.list_file(["http://me:secret@example.org/synthetic/%d" % i for i in range(30)])
        for words in (["primes", *LIMITS, "--with", "thread-pool:3"], ["primes", *LIMITS, "--with", "process-each"],
                      ["primes", *LIMITS, "--with", "thread-batch:2+gil", "-o", self.output],
                      ["counter", "--adds", "100000", "--with", "process-pool:2"],
                      ["download", urls, "--origin", "builtin", "--latency", "5", "--rate", "0", "--with", "event-loop:8"],
                      ["download", urls, "--origin", "builtin", "--latency", "5", "--rate", "0", "-o", self.output]):
            with self.subTest(words=words):
                own = self.recorded(*words)
                self.assertEqual(self.replayed(), own)
                self.assertNotIn(b"secret", self.record.read_bytes())

    def test_the_other_forms_are_the_same(self):
        words = ["primes", *LIMITS, "--with", "thread-pool:3", "--record", self.record, "--progress", "none"]
        own = self.run_juggler("run", *words, "--csv", "--trace", self.folder / "own.trace")
        again = self.run_juggler("replay", self.record, "--csv", "--trace", self.folder / "again.trace")
        self.assertEqual((own.code, again.code), (0, 0), (own, again))
        self.assertEqual(again.out, own.out)
        self.assertEqual((self.folder / "again.trace").read_bytes(), (self.folder / "own.trace").read_bytes())
        table = self.run_juggler("replay", self.record)
        self.assertEqual((table.code, table.err), (0, ""), table)
        self.assertIn("executor      thread-pool:3", table.out)

    def test_failures_are_in_it(self):
        site = self.site(gone=lambda handler, hit: handler.answer(404, b"no such thing"))
        own = self.recorded("download", f"{site.url}/gone", f"{site.url}/there", "--retry", "0", code=1)
        self.assertEqual([job["state"] for job in own["jobs"]], ["failed", "done"])
        self.assertEqual(self.replayed(), own)

    def test_a_stopped_run(self):
        process = self.start("run", "primes", "2e7", "3e7", "--record", self.record, "--json", "--progress", "none")
        runner_of(process.pid)
        wait_for(lambda: self.record.stat().st_size > 500, "a sample or two")
        process.send_signal(signal.SIGINT)
        own = self.finish(process)
        self.assertEqual(own.code, 130, own)
        again = self.replayed()
        self.assertTrue(again["run"]["interrupted"])
        self.assertEqual(again, own.document)

    def test_one_that_is_cut_off_plays_up_to_there(self):
        own = self.recorded("primes", *LIMITS, *["40000"] * 20, "--with", "thread-pool:2")
        data = self.record.read_bytes()
        source = random.Random(new_seed())
        for size in sorted(source.randrange(200, len(data)) for _ in range(10)):
            with self.subTest(size=size):
                self.record.write_bytes(data[:size])
                result = self.run_juggler("replay", self.record, "--json")
                if result.code == 2:  # nothing of a run is left
                    self.assertIn("it holds no run; the record is cut off after 0.00 s", result.err)
                    continue
                self.assertEqual(result.code, 1, result)
                self.assertRegex(result.err, r"^juggler: the record is cut off after [0-9.]+ s: it plays up to there\n$")
                for job, whole in zip(result.document["jobs"], own["jobs"]):
                    if job["state"] == "done":
                        self.assertEqual(job, whole)

    def test_one_that_is_damaged_plays_up_to_there(self):
        self.recorded("primes", *LIMITS, *["40000"] * 20, "--with", "thread-pool:2")
        data = bytearray(self.record.read_bytes())
        data[len(data) * 2 // 3] ^= 0x10
        self.record.write_bytes(data)
        result = self.run_juggler("replay", self.record)
        self.assertEqual(result.code, 1, result)
        self.assertRegex(result.err, r"juggler: the record is (damaged after [0-9.]+ s \([a-z ]+ of chunk [0-9]+\)|cut off"
                                     r" after [0-9.]+ s): it plays up to there")

    def test_what_is_left_by_a_program_that_is_killed(self):
        process = self.start("run", "primes", "2e7", "3e7", "--record", self.record, "--progress", "none")
        runner_of(process.pid)
        wait_for(lambda: self.record.stat().st_size > 1500, "some samples")
        kill(process.pid)
        process.wait()
        again = self.replayed(code=1)
        self.assertEqual(again["totals"]["jobs"], 2)
        self.assertGreater(again["run"]["wall_s"], 0)

    def test_what_is_no_record(self):
        (self.folder / "empty").write_bytes(b"")
        (self.folder / "other").write_bytes(b"{}\n" * 100)
        (self.folder / "newer").write_bytes(b"juggler record 2\nxxx")
        os.mkfifo(self.folder / "pipe")
        for name, why in (("empty", "it is empty"), ("other", "it is no record"), ("pipe", "it is no file"),
                          ("newer", "it is a record of version 2, and this juggler reads version 1"), ("tmp", "it is a folder"),
                          ("missing", "No such file"), ("../../../dev/zero", "it is no file")):
            with self.subTest(name=name):
                path = "/dev/zero" if "zero" in name else self.folder / name
                result = self.run_juggler("replay", path)
                self.assertEqual(result.code, 2, result)
                self.assertIn(why, result.err)
                self.assertEqual(result.out, "")
                result = self.run_juggler("replay", path, "--json")
                self.assertIn(why, result.document["error"])

    def test_what_cannot_be_recorded_to(self):
        os.mkfifo(self.folder / "pipe")
        (self.folder / "link").symlink_to("/nowhere/at/all")
        for path, why in (("pipe", "is a pipe"), ("tmp", "Is a directory"), ("no/such/folder", "No such file"), ("link", ""),
                          ("/dev/full", "is a device"), ("-", "- is not a file")):
            with self.subTest(path=path):
                target = path if path in ("-", "/dev/full") else self.folder / path
                result = self.run_juggler("run", "primes", "100", "--record", target)
                self.assertEqual((result.code, result.out), (2, ""), result)
                self.assertIn(why, result.err)

    def test_two_files_in_one(self):
        for option in ("--trace", "--report"):
            result = self.run_juggler("run", "primes", "100", "--record", "x", option, self.work / "x")
            self.assertEqual(result.code, 2, result)
            self.assertIn(f"--record and {option} cannot both be written", result.err)
            self.assertEqual(os.listdir(self.work), [])

    def test_what_was_there_stays_until_the_run_begins(self):
        self.record.write_bytes(b"mine")
        result = self.run_juggler("run", "primes", "100", "--record", self.record, "--trace", "/no/such/folder/x")
        self.assertEqual(result.code, 2, result)
        self.assertEqual(self.record.read_bytes(), b"mine")
        self.recorded("primes", "100")
        self.assertEqual(self.replayed()["totals"]["done"], 1)

    def test_one_writer_at_a_time(self):
        with open(self.record, "wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            result = self.run_juggler("run", "primes", "100", "--record", self.record)
        self.assertEqual(result.code, 2, result)
        self.assertIn("another juggler is writing its record", result.err)

    @unittest.skipUnless(can_mount(), "needs unshare and a mount of its own")
    def test_a_full_disk(self):
        """It is told, the run goes on, and what is there plays."""
        disk, saved = self.folder / "disk", self.folder / "saved"
        disk.mkdir()
        script = 'mount -t tmpfs -o size=4k none "$DISK" || exit 99; "$@"; code=$?; cat "$DISK/r" >"$SAVED"; exit $code'
        result = self.run_juggler("run", "primes", *["30000"] * 60, "--with", "thread-pool:4", "--record", disk / "r", "--json",
                                  before=["unshare", "-rm", "sh", "-c", script, "sh"], env={"DISK": disk, "SAVED": saved})
        self.assertEqual(result.code, 3, result)
        self.assertIn("the record cannot be written on: No space left on device", result.err)
        self.assertEqual(result.document["totals"]["done"], 60)
        again = self.replayed(record=saved, code=1)
        self.assertLess(again["totals"]["done"], 60)

    def test_all_runs_of_a_session_are_in_one(self):
        """Without a terminal the dashboard's works are done one after another."""
        result = self.run_juggler("primes", "3000", "5000", "counter", "--record", self.record)
        self.assertEqual(result.code, 2, result)  # they share a lane
        result = self.run_juggler("--record", self.record, "download", self.list_file(["http://x.org/synthetic/1"]), "--origin",
                                  "builtin", "--latency", "1", "primes", "3000", "5000")
        self.assertEqual(result.code, 0, result)
        again = self.run_juggler("replay", self.record, "--json")
        self.assertEqual(again.document["run"]["work"], "primes")
        self.assertIn("the record holds 2 runs; this is run 2", again.err)
        self.assertEqual(self.replayed("--run", "1")["run"]["work"], "download")
        result = self.run_juggler("replay", self.record, "--run", "3")
        self.assertEqual(result.code, 2, result)
        self.assertIn("the record holds 2 runs, and --run says 3", result.err)

    @unittest.skipIf(SANITIZED, "sizes are of the program as it is")
    def test_it_is_small(self):
        """Ten workers: a tenth of what would still be well."""
        urls = self.list_file(["http://x.org/synthetic/%d" % i for i in range(40)])
        own = self.recorded("download", urls, "--origin", "builtin", "--latency", "200", "--rate", "200K")
        self.assertLess(self.record.stat().st_size / own["run"]["wall_s"], 10_000)


if __name__ == "__main__":
    unittest.main()
