"""event-loop:N through the command line: it comes to what a pool of threads comes to, in one thread. test: limit 180

What the loop itself may get wrong (pauses, steps, stops, deaths) is tested in unit/test_loop_held.c."""
import os
import resource
import signal
import threading
import time
import unittest

from cli.support import SLOWNESS, Case, body_of, family_of, is_alive, runner_of, threads_of, wait_for

BOTH = ("event-loop:6", "thread-pool:6")
COLUMNS = ("on_core_s", "io_s", "lock_s", "barrier_s", "no_work_s")


def missing(handler, hit):
    handler.answer(404, b"no such thing")


def flaky(handler, hit):
    """Fails the first two times."""
    handler.answer(503, b"sorry") if hit <= 2 else handler.answer(200, body_of(handler.path))


def busy(handler, hit):
    handler.answer(429, b"", "Retry-After: 1") if hit == 1 else handler.answer(200, body_of(handler.path))


def broken(handler, hit):
    handler.answer(500, b"sorry")


def short(handler, hit):
    """Promises more than it sends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 5000)
    handler.close_connection = True


def moved(handler, hit):
    handler.answer(302, b"there", "Location: /elsewhere/another-name.html")


def large(handler, hit):
    handler.answer(200, b"x" * 300000)


def slow(handler, hit):
    time.sleep(0.3)
    handler.answer(200, body_of(handler.path))


class EventLoop(Case):
    def assert_accounts(self, document):
        """The columns of each are its wall time; what the kernel does not tell of a part of a thread is null."""
        for worker in document["workers"]:
            self.assertEqual(worker["kind"], "transfer")
            self.assertIsNone(worker["ready_s"])
            self.assertAlmostEqual(sum(worker[column] for column in COLUMNS), worker["wall_s"],
                                   delta=0.01 * worker["wall_s"] + 1e-5)
        self.assertEqual(len({(worker["pid"], worker["tid"]) for worker in document["workers"]}), 1)

    def test_it_comes_to_what_threads_come_to(self):
        """Names, files, states, attempts, errors, exit codes: the same list under both."""
        seen = {}
        for executor in BOTH:
            site = self.site(missing=missing, flaky=flaky, busy=busy, broken=broken, short=short, moved=moved, large=large)
            paths = ["/a/x.bin", "/b/x.bin", "/c/x.bin", "/", "/..", "/%2e%2e%2fup", "/missing/m.bin", "/flaky/f.bin",
                     "/busy/b.bin", "/broken/o.bin", "/short/s.bin", "/moved/first-name.bin", "/large/l.bin", "/bytes/0/e.bin",
                     "/bytes/200000/w.bin"]
            out = self.work / executor
            out.mkdir()
            (out / "x.bin").write_bytes(b"it was here before")
            urls = self.list_file(site.url + path for path in paths)
            document = self.run_json("run", "download", urls, "--with", executor, "-o", out, "--retry", 2, "--max-size", "250K",
                                     "--no-clobber", code=1)
            keep = ("index", "state", "attempts", "bytes", "http_status", "error", "file", "kept", "unverified")
            seen[executor] = ([{key: job.get(key) for key in keep} for job in document["jobs"]], self.files(out),
                              document["totals"]["done"], document["totals"]["failed"])
            self.assertEqual((out / "x.bin").read_bytes(), b"it was here before")
            self.assertEqual((out / "f.bin").read_bytes(), body_of("/flaky/f.bin"))
        self.assertEqual(seen[BOTH[0]], seen[BOTH[1]])
        self.assertEqual(seen[BOTH[0]][2:], (11, 4), seen)

    def test_accounts(self):
        site = self.site(slow=slow)
        urls = self.list_file(f"{site.url}/slow/{i}.bin" for i in range(24))
        document = self.run_json("run", "download", urls, "--with", "event-loop:8", "-o", self.output)
        self.assertEqual(document["run"]["executor"], "event-loop:8")
        self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/slow/{i}.bin") for i in range(24)})
        self.assertEqual([worker["jobs"] for worker in document["workers"]], [3] * 8)
        self.assert_accounts(document)
        for worker in document["workers"]:
            self.assertGreater(worker["io_s"], 0.5 * worker["wall_s"])

    def test_connections_are_kept(self):
        """As many as there are places, not one a file."""
        connections = set()
        lock = threading.Lock()

        def note(handler, hit):
            with lock:
                connections.add(handler.client_address)
            handler.answer(200, body_of(handler.path))
        site = self.site(note=note)
        urls = self.list_file(f"{site.url}/note/{i}.bin" for i in range(200))
        self.run_json("run", "download", urls, "--with", "event-loop:16", "-o", self.output)
        self.assertEqual(len(self.files()), 200)
        self.assertLessEqual(len(connections), 16)

    def test_a_thousand_in_flight(self):
        """At one moment a thousand requests are open, all of them in one thread."""
        if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 5000:
            self.skipTest("this machine does not allow so many descriptors")
        server = self.start("serve", "--files", 1000, "--latency", 4000 * SLOWNESS, "--rate", 0)
        address = server.stdout.readline().decode().strip()
        urls = self.list_file(f"{address}/synthetic/{i}" for i in range(1000))
        process = self.start("run", "download", urls, "--origin", "live", "--with", "event-loop:1000", "-o", self.output,
                             "--json", "--timeout", 60)
        runner = runner_of(process.pid)
        wait_for(lambda: not is_alive(runner) or len(os.listdir(f"/proc/{runner}/fd")) >= 1000, "a thousand sockets")
        self.assertEqual(threads_of(runner), 1)
        result = self.finish(process)
        self.assertEqual(result.code, 0, result)
        document = result.document
        self.assertEqual(document["totals"]["done"], 1000)
        self.assertEqual([worker["jobs"] for worker in document["workers"]], [1] * 1000)
        latest_start = max(job["start_s"] for job in document["jobs"])
        earliest_end = min(job["start_s"] + job["seconds"] for job in document["jobs"])
        self.assertLess(latest_start, earliest_end)
        self.assertEqual(len(self.files()), 1000)
        self.assert_accounts(document)

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                site = self.site()
                out = self.work / number.name
                urls = self.list_file([f"{site.url}/{i}.bin" for i in range(3)] + [f"{site.url}/hold/{i}" for i in range(5)])
                process = self.start("run", "download", urls, "--with", "event-loop:4", "-o", out, "--json")
                wait_for(lambda folder=out, server=site: len(self.names(folder)) == 3 and server.hits_of("/hold") > 0,
                         "three files and a request that is held")
                family = family_of(process.pid)
                process.send_signal(number)
                result = self.finish(process, 5 * SLOWNESS)
                self.assertEqual(result.code, 128 + number, result)
                self.assertEqual([job["state"] for job in result.document["jobs"]], ["done"] * 3 + ["queued"] * 5)
                self.assertEqual(self.files(out), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(3)})
                wait_for(lambda left=family: not any(map(is_alive, left)), "no process left", 2)

    def test_a_name_that_nobody_knows(self):
        """The look-up is libcurl's; the others go on meanwhile."""
        site = self.site()
        urls = [site.url + f"/{i}.bin" for i in range(6)] + ["http://nobody.invalid/x.bin"]
        document = self.run_json("run", "download", *urls, "--with", "event-loop:3", "-o", self.output, "--retry", 0, code=1)
        self.assertEqual([job["state"] for job in document["jobs"]], ["done"] * 6 + ["failed"])
        self.assertIn("address of nobody.invalid", document["jobs"][6]["error"])

    def test_refusals(self):
        for words, says in ((("primes", "100", "--with", "event-loop:10"), "never waits"),
                            (("counter", "--with", "event-loop"), "never waits"),
                            (("download", "--with", "event-loop:0"), "at least 1"),
                            (("download", "--with", "event-loop:9999"), "at most 8192")):
            with self.subTest(words=words):
                result = self.run_juggler("run", *words)
                self.assertEqual(result.code, 2, result)
                self.assertIn(says, result.err)

    def test_too_few_descriptors(self):
        """Said before anything starts, with the number it takes."""
        site = self.site()
        result = self.run_juggler("run", "download", site.url + "/x", "--with", "event-loop:500", "-o", self.output,
                                  before=("prlimit", "--nofile=300:300"))
        self.assertEqual(result.code, 2, result)
        self.assertIn("500 transfers at once need about", result.err)
        self.assertEqual(site.hits_of("/"), 0)


if __name__ == "__main__":
    unittest.main()
