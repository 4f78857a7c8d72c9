"""Disks that are full or read-only, memory, descriptors and processes that are not to be had: it is said
clearly, and nothing half done is left.

What needs a file system of its own makes one in a user namespace (unshare), where that is allowed."""
import errno
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from cli.support import JUGGLER, SANITIZED, SLOWNESS, Case, body_of, environment, wait_for
from faults import shim


def can_mount():
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /tmp"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


class Removed(Case):
    def test_nobody_goes_on_asking_for_what_has_no_place(self):
        asked = itertools.count(1)
        removed = threading.Event()

        def answer(handler, hit):
            number = next(asked)
            if number == 3:
                wait_for(lambda: len(self.names()) == 2, "the first two files")
                while self.output.exists():  # files come and go meanwhile
                    shutil.rmtree(self.output, ignore_errors=True)
                removed.set()
            elif number > 3:  # who asks meanwhile is not to finish the list before the folder is gone
                removed.wait(60)
            handler.answer(200, b"whole")
        for executor in ("sequential", "thread-pool:2", "process-pool:2", "event-loop:2"):
            with self.subTest(executor=executor):
                asked = itertools.count(1)
                removed.clear()
                site = self.site(file=answer)
                urls = [f"{site.url}/file/{i}.bin" for i in range(20)]
                result = self.run_juggler("run", "download", *urls, "-o", self.output, "--json", "--with", executor)
                self.assertEqual(result.code, 1, result)
                totals = result.document["totals"]
                self.assertIn(totals["failed"], (1, 2))
                self.assertGreater(totals["queued"], 10)
                self.assertEqual(site.hits_of("/"), totals["done"] + totals["failed"])
                self.assertIn("the output folder was removed", result.document["error"])
                self.assertFalse(self.output.exists())


class Disks(Case):
    def setUp(self):
        super().setUp()
        if not can_mount():
            self.skipTest("no user namespaces with mounts here")
        self.output.mkdir()
        self.copy = self.folder / "copy"
        self.copy.mkdir()

    def on_disk(self, options, *words, prepare="", **more):
        """Runs with a file system of its own at the output folder; what is there at the end is copied to self.copy."""
        script = (f'mount -t tmpfs -o {options} none "$OUT" || exit 99; {prepare or ":"}; '
                  '"$@"; code=$?; cp -a "$OUT/." "$COPY"; exit $code')
        return self.run_juggler(*words, "-o", self.output, before=("unshare", "-rm", "sh", "-c", script, "sh"),
                                env={"OUT": self.output, "COPY": self.copy}, **more)

    def test_full_while_downloading(self):
        """What fits is whole; what was under way failed for that reason, the others were not even asked for, and no temporary file is left."""
        site = self.site()
        sizes = [30000 + i for i in range(20)]
        for executor, workers in (("thread-pool:4", 4), ("process-pool:4", 4), ("event-loop:4", 4), ("sequential", 1)):
            site.hits.clear()
            with self.subTest(executor=executor):
                result = self.on_disk("size=256k", "run", "download", *(f"{site.url}/bytes/{size}" for size in sizes),
                                      "--with", executor, "--json")
                self.assertEqual(result.code, 1, result)
                jobs = result.document["jobs"]
                done = [job for job in jobs if job["state"] == "done"]
                failed = [job for job in jobs if job["state"] == "failed"]
                queued = [job for job in jobs if job["state"] == "queued"]
                self.assertEqual(len(done) + len(failed) + len(queued), 20)
                self.assertGreater(len(done), 2)
                self.assertIn(len(failed), range(1, workers + 1))
                self.assertGreater(len(queued), 4)
                self.assertEqual(site.hits_of("/bytes"), len(done) + len(failed), "nobody asks for what can't be stored")
                self.assertRegex(result.document["error"], f"{len(queued)} jobs not started: nothing more can be written to "
                                 r"the output folder \(\d+: No space left")
                self.assertIn("No space left", result.err)
                for job in failed:
                    self.assertIn("No space left", job["error"])
                    self.assertEqual(job["attempts"], 1, "more attempts don't make more room")
                self.assertEqual(self.files(self.copy), {job["file"]: body_of("/bytes/" + job["file"]) for job in done})
                for name in self.files(self.copy):
                    (self.copy / name).unlink()

    def test_a_good_file_survives_a_full_disk(self):
        site = self.site()
        result = self.on_disk("size=64k", "run", "download", site.url + "/bytes/200000", prepare='echo good > "$OUT/200000"')
        self.assertEqual(result.code, 1, result)
        self.assertEqual(self.files(self.copy), {"200000": b"good\n"})

    def test_full_while_writing_products(self):
        result = self.on_disk("size=40k", "run", "primes", "1000", "50328", "44832", "--json")
        self.assertEqual(result.code, 1, result)
        jobs = result.document["jobs"]
        self.assertEqual(jobs[0]["state"], "done")
        self.assertIn("failed", {job["state"] for job in jobs})
        self.assertEqual(set(self.files(self.copy)), {job["file"] for job in jobs if job["state"] == "done"})
        for job in jobs:
            if job["state"] == "failed":
                self.assertIn("No space left", job["error"])
            elif job["state"] == "done":
                self.assert_product_file((self.copy / job["file"]).read_bytes(), int(job["input"]))

    def test_full_for_a_comparison(self):
        """A line that could not be carried out says why; the others are measured."""
        site = self.site()
        result = self.on_disk("size=64k", "compare", "download", *(f"{site.url}/bytes/{30000 + i}" for i in range(4)), "--with",
                              "sequential,thread-pool:2", "--repeat", "1")
        self.assertNotEqual(result.code, 0, result)
        self.assertIn("No space left", result.out + result.err)

    def test_full_from_the_start(self):
        result = self.on_disk("size=4k,nr_inodes=1", "run", "primes", "100")
        self.assertEqual((result.code, result.out), (2, ""), result)
        self.assertIn(str(self.output), result.err)

    def test_read_only(self):
        """Found out before anything starts."""
        site = self.site()
        for words in (["run", "primes", "100"], ["run", "download", site.url + "/x"]):
            result = self.on_disk("ro", *words)
            self.assertEqual((result.code, result.out), (2, ""), result)
            self.assertIn(str(self.output), result.err)
            self.assertIn("Read-only", result.err)
        self.assertEqual(site.hits, {})

    def test_no_temporary_folder(self):
        site = self.site()
        script = 'mount -t tmpfs -o ro none "$TMPDIR" || exit 99; exec "$@"'
        result = self.run_juggler("run", "download", site.url + "/x", before=("unshare", "-rm", "sh", "-c", script, "sh"))
        self.assertIn(result.code, (2, 3), result)
        self.assertIn("temporary", result.err)
        self.assertIn("Read-only", result.err)


@unittest.skipIf(SANITIZED, "the sanitizers bring an allocator of their own")
class Errors(Case):
    """What no file system here does when asked: its calls are made to fail (tests/tools/faults.c)."""

    def with_faults(self, call, number, first, last, *words):
        if not shim.library():
            self.skipTest("no compiler for tests/tools/faults.c")
        counts = shim.new_counts(self.folder / "counts")
        return self.run_juggler(*words, "-o", self.output, "--json", env=shim.environment(counts, call, number, first, last))

    def urls(self, site, count):
        return [f"{site.url}/{i}.bin" for i in range(count)]

    def test_an_input_output_error_fails_one_job(self):
        site = self.site()
        result = self.with_faults("rename", errno.EIO, 3, 3, "run", "download", *self.urls(site, 8), "--with", "thread-pool:2")
        self.assertEqual(result.code, 1, result)
        failed = [job for job in result.document["jobs"] if job["state"] == "failed"]
        self.assertEqual([job["error"] for job in failed], [f"{failed[0]['index']}.bin: Input/output error"])
        self.assertEqual(result.document["totals"]["done"], 7)
        self.assertEqual(set(self.files()), {f"{i}.bin" for i in range(8) if i != failed[0]["index"]})

    def test_quota_and_read_only_hold_the_run(self):
        """Files that are there stay whole; nobody goes on asking for what can't be stored."""
        for number, reason in ((errno.EDQUOT, "Disk quota exceeded"), (errno.EROFS, "Read-only file system"),
                               (errno.ENOSPC, "No space left on device"), (errno.EACCES, "Permission denied")):
            for executor in ("thread-pool:2", "process-pool:2", "event-loop:2"):
                with self.subTest(reason=reason, executor=executor):
                    site = self.site()
                    result = self.with_faults("rename", number, 4, 10 ** 9, "run", "download", *self.urls(site, 20), "--with", executor)
                    self.assertEqual(result.code, 1, result)
                    totals = result.document["totals"]
                    self.assertEqual(totals["done"], 3)
                    self.assertIn(totals["failed"], (1, 2))
                    self.assertEqual(totals["queued"], 20 - 3 - totals["failed"])
                    self.assertEqual(site.hits_of("/"), 3 + totals["failed"])
                    self.assertIn(reason, result.document["error"])
                    done = [job["file"] for job in result.document["jobs"] if job["state"] == "done"]
                    self.assertEqual(self.files(), {name: body_of("/" + name) for name in done})
                    shutil.rmtree(self.output)

    def test_products_are_held_too(self):
        result = self.with_faults("rename", errno.EDQUOT, 2, 10 ** 9, "run", "primes", *["1000"] * 10, "--with", "process-pool:2")
        self.assertEqual(result.code, 1, result)
        self.assertEqual(result.document["totals"]["done"], 1)
        self.assertIn("Disk quota exceeded", result.document["error"])


class Limits(Case):
    def limited(self, limit, *words, **more):
        return self.run_juggler(*words, before=("sh", "-c", f'ulimit {limit} || exit 99; exec "$@"', "sh"), **more)

    def test_few_descriptors_and_a_wide_pool(self):
        """Refused with the number that is needed, instead of failing job by job."""
        site = self.site()
        result = self.limited("-n 64", "run", "download", site.url + "/x", "--with", "thread-pool:500", "--json")
        self.assertEqual(result.code, 2, result)
        self.assertIn("descriptors", result.err)
        self.assertIn("64", result.err)
        self.assertEqual(result.document["jobs"], [])
        self.assertEqual(site.hits, {})

    def test_few_descriptors_and_a_narrow_pool(self):
        site = self.site()
        urls = self.list_file(f"{site.url}/{i}.bin" for i in range(100))
        for executor in ("thread-pool:4", "process-pool:40"):
            result = self.limited("-n 96", "run", "download", urls, "--with", executor, "--json")
            self.assertEqual(result.code, 0, result)
            self.assertEqual(result.document["totals"]["done"], 100)

    def test_many_threads_within_the_limit_of_descriptors(self):
        """The soft limit is raised to the hard one: 400 threads work where a shell's soft limit is 256."""
        site = self.site()
        urls = self.list_file(f"{site.url}/{i}.bin" for i in range(400))
        result = self.run_juggler("run", "download", urls, "--with", "thread-pool:400", "--json",
                                  before=("sh", "-c", 'ulimit -S -n 256; exec "$@"', "sh"))
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.document["totals"]["done"], 400)

    def test_files_that_may_not_grow(self):
        """RLIMIT_FSIZE: an error like others, and no SIGXFSZ kills a worker."""
        site = self.site()
        result = self.limited("-f 40", "run", "download", site.url + "/bytes/1000", site.url + "/bytes/500000", "-o",
                              self.output, "--json", "--with", "process-pool:2")
        self.assertEqual(result.code, 1, result)
        self.assertEqual([job["state"] for job in result.document["jobs"]], ["done", "failed"])
        self.assertEqual(result.document["totals"]["workers_killed"], 0)
        self.assertEqual({name: len(data) for name, data in self.files().items()}, {"1000": 1000})

    def test_a_report_that_may_not_grow(self):
        """RLIMIT_FSIZE of the report's own file: it is told, and nobody is killed by SIGXFSZ."""
        with open(self.folder / "report", "ab") as report:
            report.truncate(1 << 22)
            result = self.limited("-f 8192", "run", "primes", "100", "--json", stdout=report)  # of 512 bytes: that is it
        self.assertEqual(result.code, 3, result)
        self.assertIn("could not be written: File too large", result.err)

    def test_too_much_is_refused_before_anything_starts(self):
        """More at once than can be, or than there are descriptors for: bad usage, and no folder is there afterwards."""
        urls = self.list_file(f"http://127.0.0.1:1/{i}" for i in range(9000))
        for words, limit in ((["--with", "thread-each"], "-n 1024"), (["--with", "process-each"], "-n 1024"),
                             (["--with", "thread-pool:300"], "-n 40")):
            with self.subTest(words=words):
                result = self.limited(limit, "run", "download", urls, *words, "--json")
                self.assertEqual(result.code, 2, result)
                self.assertRegex(result.document["error"], "the most is|file descriptors")
                result = self.limited(limit, "run", "download", urls, *words, "-o", self.output)
                self.assertEqual(result.code, 2, result)
                self.assertFalse(self.output.exists())
        self.assert_nothing_left()

    @unittest.skipIf(SANITIZED, "the sanitizers reserve more address space than any limit allows")
    def test_little_memory(self):
        """A product that memory is too little for fails with a reason or is refused; others are done, and the run ends."""
        for executor in ("process-pool:2", "thread-pool:2"):
            with self.subTest(executor=executor):
                result = self.limited("-v 200000", "run", "primes", "1000", "3e8", "100", "--kernel", "sieve", "--with",
                                      executor, "--json")
                self.assertIn(result.code, (1, 2), result)
                document = json.loads(result.out)
                if result.code == 2:
                    self.assertIn("too large", document["error"])
                    continue
                jobs = document["jobs"]
                self.assertEqual([job["state"] for job in jobs], ["done", "failed", "done"])
                self.assertRegex(jobs[1]["error"], r"no memory for (a product of [0-9.]+ \w+: [0-9.]+ \w+ wanted|the list of primes)")

    @unittest.skipIf(SANITIZED, "the sanitizers reserve more address space than any limit allows")
    def test_memory_that_ends_on_the_way(self):
        """Each of them would fit alone. Those that don't fail with the size that was wanted; no thread dies of it, and what is done is right.
        How much is too little depends on the libraries, so it becomes more until it is just enough to start with."""
        good = self.run_json("run", "primes", "2e6", "--kernel", "sieve")["jobs"][0]
        self.assertEqual(good["primes"], 148933)
        failed = 0
        for kib in range(30000, 80000, 2000):
            result = self.limited(f"-v {kib}", "run", "primes", *["2e6"] * 4, "1000", "--kernel", "sieve", "--with", "thread-pool:4", "--json",
                                  env={"GLIBC_TUNABLES": "glibc.malloc.arena_max=1"})
            if result.code == 0:
                break
            if result.code != 1:
                continue
            document = result.document
            self.assertEqual((document["totals"]["workers_killed"], document["run"]["restarts"]), (0, 0))
            for job in document["jobs"][:-1]:
                if job["state"] == "done":
                    self.assertEqual([job[key] for key in ("primes", "digits", "head", "tail")],
                                     [good[key] for key in ("primes", "digits", "head", "tail")])
                else:
                    self.assertRegex(job["error"], "no memory for .*(wanted|already)")
                    failed += 1
        self.assertGreater(failed, 0, "no limit was too little for all of them and enough for some")

    def other_user(self):
        """Words to put before the program: another user, for the kernel counts no processes of root."""
        if os.geteuid() != 0 or not shutil.which("setpriv") or not shutil.which("prlimit"):
            self.skipTest("only root can become a user who has no processes yet")
        folder = Path(tempfile.mkdtemp(prefix="juggler-other-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        shutil.copy(JUGGLER, folder / "juggler")
        folder.chmod(0o755)
        uid = str(200000 + os.getpid())
        return folder / "juggler", ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"]

    @unittest.skipIf(SANITIZED, "the sanitizers' reports would go where another user can't write")
    def test_few_processes(self):
        """Fewer workers than wanted do all the work; where not even one can be made, that is said, with exit code 3."""
        program, as_other = self.other_user()

        def run(limit, *words):
            command = [*as_other, "prlimit", f"--nproc={limit}:{limit}", str(program), "run", *words, "--no-history"]
            return subprocess.run(command, cwd="/", env=environment(TMPDIR="/tmp"), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True,
                                  timeout=40 * SLOWNESS, check=False)
        for executor in ("process-pool:20", "thread-pool:20", "process-each", "thread-each", "process-batch:20"):
            for limit in (6, 8):
                with self.subTest(executor=executor, limit=limit):
                    result = run(limit, "primes", *["20000"] * 30, "--with", executor, "--json")
                    self.assertEqual(result.returncode, 0, result)
                    self.assertEqual(json.loads(result.stdout)["totals"]["done"], 30)
        for limit in (1, 2):
            with self.subTest(limit=limit):
                result = run(limit, "primes", "100", "1000", "--json")
                self.assertEqual(result.returncode, 3, result)
                self.assertRegex(result.stderr, r"could not be started|could be started")
                self.assertTrue(json.loads(result.stdout)["error"])


if __name__ == "__main__":
    unittest.main()
