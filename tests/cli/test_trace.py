"""What --trace writes: JSON that Perfetto shows right. Slices of a track never overlap, nothing is negative, and the figures are the report's."""
import json
import os
import re
import select
import stat
import time
import unittest

from cli.others import Others
from cli.support import ARTICLE_LIMITS, Case, kill, unfit_to_show, wait_for, workers_of

DECIMALS = re.compile(r'"(?:ts|dur)":(-?[0-9.]+)')
CATEGORIES = {"running", "io", "lock", "barrier", "no_work", "none"}


def missing(handler, hit):
    handler.answer(404, b"no such thing")


def slow(handler, hit):
    handler.server.site.released.wait(0.3)
    handler.answer(200, b"late")


class Trace:
    """A trace that was read, by tracks."""

    def __init__(self, path):
        self.text = path.read_text(encoding="ascii")
        self.document = json.loads(self.text)
        self.events = self.document["traceEvents"]
        names = {event["tid"]: event["args"]["name"] for event in self.events if event["name"] == "thread_name"}
        self.names = names
        self.tracks = {}
        for event in self.events:
            if event["ph"] == "X":
                self.tracks.setdefault(names[event["tid"]], []).append(event)

    def states(self, worker):
        """Of the worker with this id, the seat's number."""
        return next((slices for name, slices in self.tracks.items() if re.match(rf"[tpe]{worker + 1}\b(?! jobs)", name)), [])

    def jobs(self, worker):
        return next((slices for name, slices in self.tracks.items() if re.fullmatch(rf"[tpe]{worker + 1} jobs", name)), [])

    def instants(self, category):
        return [event for event in self.events if event["ph"] == "i" and event["cat"] == category]


class Traces(Case):
    def traced(self, *words, code=0, **more):
        """Runs it; the report and the trace."""
        path = self.folder / "run.trace"
        document = self.run_json("run", *words, "--trace", path, "--progress", "none", code=code, **more)
        trace = Trace(path)
        self.assert_sound(trace, document)
        return document, trace

    def assert_sound(self, trace, document):
        """What holds for every trace."""
        self.assertEqual(trace.document["displayTimeUnit"], "ms")
        other = trace.document["otherData"]
        self.assertEqual((other["executor"], other["work"]), (document["run"]["executor"], document["run"]["work"]))
        self.assertEqual(document["program"], f"{other['program']} {other['version']}")
        self.assertEqual(other["lost_events"], document["lost_events"])
        self.assertEqual(bool(trace.instants("lost")), document["lost_events"] > 0)
        self.assertEqual(unfit_to_show(trace.text), [])
        self.assertEqual([event for event in trace.events if event["ph"] == "M" and event["name"] == "process_name"][0]["pid"], 1)
        for number in DECIMALS.findall(trace.text):
            self.assertRegex(number, r"^\d+\.\d{3}1?$")
        for event in trace.events:
            self.assertIn(event["ph"], ("M", "X", "i"))
            self.assertIn("pid", event)
            self.assertIn(event["tid"], trace.names)
        for name, slices in trace.tracks.items():
            self.assert_apart(name, slices)

    def assert_apart(self, name, slices):
        """In order, one after the other, none of no length."""
        upto = 0
        for piece in slices:
            start, length = round(piece["ts"] * 1000), round(piece["dur"] * 1000)
            self.assertEqual(int(piece["ts"] * 1000), start, "cut off, as Perfetto does, it is the same")
            self.assertGreaterEqual(start, upto, f"{name}: {piece} begins before the one before it ends")
            self.assertGreaterEqual(length, 0, piece)
            upto = start + length

    def assert_states_add_up(self, document, trace):
        for worker in document["workers"]:
            slices = trace.states(worker["id"])
            self.assertTrue(slices, worker)
            together = sum(piece["dur"] for piece in slices) / 1e6
            self.assertAlmostEqual(together, worker["wall_s"], delta=0.01 * worker["wall_s"] + 0.0005, msg=str(worker))
            self.assertLessEqual({piece["cat"] for piece in slices}, CATEGORIES)

    def assert_jobs_are_the_reports(self, document, trace):
        """Every job that ended in one worker is one slice of that worker, of the same start and length."""
        for job in document["jobs"]:
            found = [piece for piece in trace.jobs(job["worker"]) if piece["args"]["job"] == job["index"]]
            self.assertEqual(len(found), 1, job)
            self.assertAlmostEqual(found[0]["ts"] / 1e6, job["start_s"], delta=2e-9)
            self.assertAlmostEqual(found[0]["dur"] / 1e6, job["seconds"], delta=2e-9)
            self.assertEqual(found[0]["args"]["input"], job["input"])
            self.assertEqual(found[0]["args"]["state"], job["state"])
            if "error" in job:
                self.assertEqual(found[0]["args"]["error"], job["error"])

    def test_threads(self):
        site = self.site(slow=slow, missing=missing)
        urls = [f"{site.url}/slow/{i}" for i in range(12)] + [f"{site.url}/missing/x"]
        document, trace = self.traced("download", *urls, "--with", "thread-pool:4", code=1)
        self.assert_states_add_up(document, trace)
        self.assert_jobs_are_the_reports(document, trace)
        words = {piece["name"] for worker in range(4) for piece in trace.states(worker)}
        self.assertLessEqual({"starting", "waiting"}, words)
        waiting = [piece for worker in range(4) for piece in trace.states(worker) if piece["name"] == "waiting"]
        self.assertEqual({piece["cat"] for piece in waiting}, {"io"})
        self.assertGreater(sum(piece["dur"] for piece in waiting), 12 * 0.25e6)
        self.assertRegex(" ".join(trace.names.values()), rf"t1 \(tid {document['workers'][0]['tid']}\)")

    def test_processes(self):
        document, trace = self.traced("primes", *ARTICLE_LIMITS, "--with", "process-each")
        self.assert_states_add_up(document, trace)
        self.assert_jobs_are_the_reports(document, trace)
        self.assertRegex(" ".join(trace.names.values()), rf"p2 \(pid {document['workers'][1]['pid']}\)")
        self.assertLessEqual({"computing", "multiply"}, {piece["name"] for piece in trace.states(0)})

    def test_a_batch_waits_at_its_barrier(self):
        site = self.site(slow=slow)
        urls = [f"{site.url}/{name}/{i}" for i in range(3) for name in ("quick", "slow")]
        document, trace = self.traced("download", *urls, "--with", "thread-batch:2")
        self.assert_states_add_up(document, trace)
        self.assert_jobs_are_the_reports(document, trace)
        barrier = sum(piece["dur"] for worker in range(2) for piece in trace.states(worker) if piece["cat"] == "barrier")
        self.assertAlmostEqual(barrier / 1e6, sum(worker["barrier_s"] for worker in document["workers"]), delta=0.1)
        self.assertGreater(barrier, 0.3e6)

    def test_transfers_of_an_event_loop(self):
        site = self.site(slow=slow)
        document, trace = self.traced("download", *[f"{site.url}/slow/{i}" for i in range(9)], "--with", "event-loop:3")
        self.assert_states_add_up(document, trace)
        self.assert_jobs_are_the_reports(document, trace)
        self.assertIn("e1 (a transfer)", trace.names.values())

    def test_waiting_for_the_interpreter_lock(self):
        others = Others()
        document, trace = self.traced("primes", *ARTICLE_LIMITS, "--with", "thread-pool:2+gil")
        self.assert_states_add_up(document, trace)
        self.assert_jobs_are_the_reports(document, trace)
        lock = sum(piece["dur"] for worker in range(2) for piece in trace.states(worker) if piece["cat"] == "lock") / 1e6
        # What the worker calls waiting for the lock, the account knows better where it waited for a core in the end.
        self.assertLessEqual(sum(worker["lock_s"] for worker in document["workers"]), lock * 1.01 + 0.001)
        least = 0.2 * document["run"]["wall_s"]
        if lock <= least:
            others.skip_if_much(self, f"{lock} s of waiting")
        self.assertGreater(lock, least)

    def test_a_worker_that_is_killed(self):
        site = self.site()
        path = self.folder / "run.trace"
        process = self.start("run", "download", f"{site.url}/a", f"{site.url}/hold/1", "--with", "process-pool:1", "--json",
                             "--trace", path, "--retry", 0)
        for tries in range(1, 4):
            wait_for(lambda: site.hits_of("/hold") == tries, "the next try")
            self.assertTrue(kill(workers_of(process.pid)[0]))
        result = self.finish(process)
        document = result.document
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "poisoned"], result)
        trace = Trace(path)
        self.assert_sound(trace, document)
        self.assert_states_add_up(document, trace)
        deaths = trace.instants("death")
        self.assertEqual(len(deaths), 3)
        self.assertEqual({event["args"]["job"] for event in deaths}, {1})
        tries = [piece for slices in trace.tracks.values() for piece in slices
                 if piece["cat"] == "job" and piece["args"]["job"] == 1]
        self.assertEqual(len(tries), 3)

    def test_interrupted(self):
        site = self.site()
        path = self.folder / "run.trace"
        process = self.start("run", "download", f"{site.url}/a", f"{site.url}/hold/1", "--with", "sequential", "--json", "--trace", path)
        wait_for(lambda: site.hits_of("/hold"), "the second request")
        process.terminate()
        result = self.finish(process)
        self.assertEqual(result.code, 143, result)
        trace = Trace(path)
        self.assert_sound(trace, result.document)
        self.assertTrue(trace.document["otherData"]["interrupted"])
        self.assertEqual([piece["args"]["state"] for piece in trace.jobs(0)], ["done", "queued"])

    def test_hostile_text_is_harmless(self):
        site = self.site()
        secret = site.url.replace("http://", "http://somebody:opensesame@")
        names = self.list_file([f"{secret}/%1b%5b31m\u202egpj.exe".encode(), f"{site.url}/\"<script>\\"])
        _, trace = self.traced("download", names, "--with", "thread-pool:2")
        self.assertNotIn("opensesame", trace.text)
        self.assertNotIn("\u202e", trace.text)
        self.assertNotIn("\\u202e", trace.text.lower())
        self.assertTrue(any("<script>" in event["name"] for event in trace.events))

    # --- the file -----------------------------------------------------------------------------------------------------

    def test_a_bad_path_starts_nothing(self):
        site = self.site()
        closed = self.folder / "closed"
        closed.write_text("here before")
        closed.chmod(0o400)
        paths = [self.folder / "no" / "such" / "x.json", self.folder, "-", ""]
        paths += [] if os.geteuid() == 0 else [closed]
        for option in ("--trace", "--report"):
            for path in paths:
                with self.subTest(option=option, path=path):
                    result = self.run_juggler("run", "download", f"{site.url}/a", option, path, "-o", self.output)
                    self.assertEqual(result.code, 2, result)
                    self.assertIn(option, result.err)
                    self.assertEqual(result.out, "")
        self.assertEqual(site.hits_of("/"), 0)
        self.assertEqual(closed.read_text(), "here before")
        self.assertEqual(sorted(os.listdir(self.folder)), ["closed", "tmp", "work"])

    def refused(self, site, *words):
        result = self.run_juggler("run", "download", f"{site.url}/a", *words, "-o", self.output)
        self.assertEqual((result.code, result.out), (2, ""), result)
        self.assertEqual(site.hits_of("/"), 0)
        return result.err

    def test_a_pipe_that_nobody_reads(self):
        site = self.site()
        os.mkfifo(self.work / "pipe")
        for option in ("--trace", "--report"):
            self.assertIn("pipe is a pipe that nobody reads", self.refused(site, option, "pipe"))
        # With a reader it is written, however late that reads: a trace is more than fits into a pipe.
        end = os.open(self.work / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        with open(end, "rb") as reader:
            process = self.start("run", "primes", *[1000] * 2000, "--trace", "pipe")
            wait_for(lambda: select.select([reader], [], [], 0)[0], "the first bytes")
            time.sleep(0.2)
            os.set_blocking(end, True)
            text = reader.read()
            result = self.finish(process)
        self.assertEqual(result.code, 0, result)
        self.assertGreater(len(text), 65536)
        self.assertIn("traceEvents", json.loads(text))

    def test_two_names_of_one_file(self):
        site = self.site()
        (self.work / "folder").symlink_to(".")
        (self.work / "there").write_text("the one before")
        (self.work / "link").symlink_to("there")
        os.mkfifo(self.work / "pipe")
        for trace, report in (("x", "x"), ("x", "./x"), ("x", self.work / "x"), ("folder/x", "x"), ("link", "there")):
            with self.subTest(trace=trace, report=report):
                self.assertIn("--trace and --report cannot both be written", self.refused(site, "--trace", trace, "--report", report))
        self.assertEqual((self.work / "there").read_text(), "the one before")
        result = self.run_juggler("run", "primes", 1000, "--trace", "/dev/null", "--report", "/dev/null")
        self.assertEqual(result.code, 0, result)

    def test_a_link_to_nothing(self):
        site = self.site()
        (self.work / "link").symlink_to("nothing")
        self.assertIn("link is a symbolic link to something that does not exist", self.refused(site, "--trace", "link"))
        self.assertTrue((self.work / "link").is_symlink())
        self.assertFalse((self.work / "nothing").exists())

    def test_the_file_is_there_when_it_is_whole(self):
        site = self.site()
        path = self.work / "x.json"
        path.write_text("the one before")
        process = self.start("run", "download", f"{site.url}/hold/1", "--trace", "x.json")
        wait_for(lambda: site.hits_of("/hold"), "the request")
        self.assertEqual(path.read_text(), "the one before")
        process.kill()
        process.wait()
        self.assertEqual(path.read_text(), "the one before")
        self.assertEqual(os.listdir(self.work), ["x.json"])

    def test_the_file_of_a_run_that_was_done(self):
        path = self.work / "x.json"
        (self.work / "link.json").symlink_to("x.json")
        path.write_text("the one before")
        path.chmod(0o604)
        result = self.run_juggler("run", "primes", 1000, "--trace", "link.json", "--report", "new.html",
                                  before=("sh", "-c", 'umask 027; exec "$0" "$@"'))
        self.assertEqual(result.code, 0, result)
        self.assertTrue((self.work / "link.json").is_symlink())
        self.assertIn("traceEvents", json.loads(path.read_text()))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o604, "as it was")
        self.assertEqual(stat.S_IMODE((self.work / "new.html").stat().st_mode), 0o640, "as the umask says")
        self.assertEqual(sorted(os.listdir(self.work)), ["link.json", "new.html", "x.json"])

    def test_a_full_disk_is_told(self):
        for option in ("--trace", "--report"):
            result = self.run_juggler("run", "primes", 1000, option, "/dev/full", "--json")
            self.assertEqual(result.code, 3, result)
            self.assertIn("No space left", result.err)
            self.assertEqual(result.document["totals"]["done"], 1)


if __name__ == "__main__":
    unittest.main()
