"""kill -9 on the program itself: within a second no process of it is left, and the output folder has whole files only.

test: limit 240
"""
import fcntl
import os
import random
import signal
import statistics
import time
import unittest

from cli.dashboard import Dashboard
from cli.others import MUCH, Others
from cli.support import (SANITIZED, SLOWNESS, Case, body_of, children_of, family_of, kill, marked, new_seed, product_facts,
                         runner_of, wait_for)
from faults import shim

LONG = "JUGGLER_KILLS" in os.environ
ROUNDS = max(5, int(os.environ.get("JUGGLER_KILLS", "0")) // 10)  # of each kind; `make test-faults` asks for more: 240 in all
GONE_WITHIN_S = 1.0


def shared_memory():
    """What has a name, or a number, and would stay when all that use it are gone."""
    with open("/proc/sysvipc/shm", encoding="ascii") as table:
        segments = [line.split()[1] for line in table.readlines()[1:]]
    return sorted(os.listdir("/dev/shm")), segments


class AppKilled(Case):
    took = []  # seconds, by all kills

    def setUp(self):
        super().setUp()
        self.shared = shared_memory()

    def tearDown(self):
        """Others may make some and remove it meanwhile; ours would have its name."""
        names, segments = shared_memory()
        self.assertEqual([name for name in names if name not in self.shared[0] and "juggler" in name], [])
        self.assertLessEqual(len(segments), len(self.shared[1]))

    def start(self, *words, **more):
        """As ever; all that comes of it can be told by a mark in its environment, whoever its parent is then."""
        self.mark = f"{os.getpid()}.{time.monotonic_ns()}"
        return super().start(*words, env={"JUGGLER_MARK": self.mark} | more.pop("env", {}), **more)

    def kill_app(self, process):
        """Ends it outright; within a second none of its processes is left. Returns those there were."""
        family = marked(self.mark)
        process.kill()
        self.wait_until_none_of(lambda: marked(self.mark))
        process.wait()
        return family

    def wait_until_none_of(self, processes):
        """Ten seconds at most, one in the middle, and one each where the cores are ours: the dead need one to die on, and the guard looks after them last."""
        others, began = Others(), time.monotonic()
        wait_for(lambda: not processes(), f"none of {processes()} is left", 10)
        took = time.monotonic() - began
        self.took.append(took)
        self.assertLess(statistics.median(self.took), GONE_WITHIN_S * SLOWNESS)
        if took >= GONE_WITHIN_S * SLOWNESS:
            self.assertGreater(others.cores(), MUCH, f"it took {took:.2f} s")

    def settled(self, out):
        """The files, as soon as nothing unfinished is left there."""
        def whole():
            names = os.listdir(out) if out.exists() else []
            return not any(name.startswith(".") for name in names)
        wait_for(whole, f"no temporary file in {out}", 3)
        return self.files(out)

    def test_while_it_downloads(self):
        seed = new_seed()
        source = random.Random(seed)
        for turn in range(ROUNDS):
            for executor in ("thread-pool:8", "process-pool:8", "process-each"):
                with self.subTest(turn=turn, executor=executor, seed=seed):
                    def slowly(handler, hit):
                        body = body_of(handler.path)
                        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode())
                        for at in range(0, len(body), 500):
                            handler.wfile.write(body[at:at + 500])
                            handler.server.site.released.wait(0.003)
                    site = self.site(slowly=slowly)
                    urls = self.list_file(f"{site.url}/slowly/{i}.bin" for i in range(150))
                    out = self.work / f"{turn}{executor}"
                    process = self.start("run", "download", urls, "--with", executor, "-o", out)
                    enough = source.randint(0, 60)
                    wait_for(lambda: len(self.names(out)) >= enough and site.hits_of("/slowly"), f"{enough} files")
                    family = self.kill_app(process)
                    self.assertGreater(len(family), 2)
                    for name, data in self.settled(out).items():
                        self.assertEqual(data, body_of(f"/slowly/{name}"), name)

    def test_those_who_die_last_leave_nothing(self):
        """A worker that the kernel has not come to yet begins a file when the program is long gone; here the test does, in its place."""
        def half(handler, hit):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + bytes(8000))
            handler.server.site.released.wait(60)
        site = self.site(half=half)
        out = self.work / "out"
        process = self.start("run", "download", site.url + "/first", site.url + "/half", "--with", "thread-pool:1", "-o", out)
        begun = wait_for(lambda: [part for part in out.glob(".*.part") if site.hits_of("/half")], "half a file")[0]
        folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_SH)
        process.kill()
        process.wait()
        time.sleep(0.3)  # longer than anybody would look who does not wait for the lock
        begun.with_name(begun.name.replace("1.part", "2.part")).write_bytes(b"half")
        fcntl.flock(folder, fcntl.LOCK_UN)
        self.assertEqual(list(self.settled(out)), ["first"])

    def test_while_it_computes(self):
        digits, tail = product_facts(10000)[2], product_facts(10000)[4]
        for executor in ("thread-pool:3", "process-pool:3"):
            for turn in range(ROUNDS):
                with self.subTest(turn=turn, executor=executor):
                    out = self.work / f"{turn}{executor}"
                    process = self.start("run", "primes", *["10000"] * 20, "30000000", "30000000", "--with", executor, "-o",
                                         out)
                    wait_for(lambda: len(self.names(out)) >= turn, f"{turn} products")
                    self.kill_app(process)
                    for name, data in self.settled(out).items():
                        self.assertEqual((len(data), data[-13:]), (digits + 1, tail.encode() + b"\n"), name)

    def test_at_any_moment(self):
        """From its first moments on, with the built-in origin and a temporary folder."""
        seed = new_seed()
        source = random.Random(seed)
        for turn in range(5 * ROUNDS if LONG else 15):
            with self.subTest(turn=turn, seed=seed):
                process = self.start("run", "download", "--latency", "20", "--with",
                                     source.choice(("thread-pool:10", "process-pool:10")))
                time.sleep(source.uniform(0, 0.12))  # the moment is what is tried out
                self.kill_app(process)

    def test_the_dashboard_and_its_terminal(self):
        """From its first frame on: the settings are as before, the other screen is left, the cursor is seen, nobody is left."""
        seed = new_seed()
        source = random.Random(seed)
        for turn in range(2 * ROUNDS if LONG else 3):
            with self.subTest(turn=turn, seed=seed):
                shown = Dashboard("--no-history", "--no-config", cwd=self.work, TMPDIR=self.temporary, XDG_STATE_HOME=self.state)
                try:
                    wait_for(lambda here=shown: b"\033[?1049h" in here.tail, "its screen")
                    time.sleep(source.uniform(0, 0.3))  # the moment is what is tried out
                    kill(shown.pid)
                    self.wait_until_none_of(shown.family)
                    wait_for(lambda here=shown: here.settings_restored() and here.left_the_screen(), "the terminal in order", 3)
                finally:
                    shown.close()

    def test_the_temporary_folder_goes_too(self):
        site = self.site()
        process = self.start("run", "download", *(f"{site.url}/{i}.bin" for i in range(5)), site.url + "/hold/x")
        wait_for(lambda: site.hits_of("/hold"), "a request that is held")
        wait_for(lambda: any(self.names(self.temporary / entry) for entry in os.listdir(self.temporary)), "a file")
        self.kill_app(process)
        wait_for(lambda: not os.listdir(self.temporary), "the temporary folder is gone", 3)

    @unittest.skipIf(SANITIZED, "the sanitizers bring an allocator of their own")
    def test_right_behind_the_making_of_the_temporary_folder(self):
        """The moment is hit exactly (tests/tools/faults.c); the dashboard makes more than one. The guard was there before."""
        if not shim.library():
            self.skipTest("no compiler for tests/tools/faults.c")
        process = self.start("run", "download", env=shim.environment(shim.new_counts(self.folder / "counts"), "mkdir", -signal.SIGKILL, 1, 1))
        self.assertEqual(self.finish(process).code, -signal.SIGKILL)
        wait_for(lambda: not os.listdir(self.temporary), "the temporary folder is gone", 3)
        faulty = shim.environment(shim.new_counts(self.folder / "counts"), "mkdir", -signal.SIGKILL, 2, 2)
        shown = Dashboard("--no-history", "--no-config", cwd=self.work, TMPDIR=self.temporary, XDG_STATE_HOME=self.state, **faulty)
        try:
            wait_for(lambda: not shown.alive(), "its death")
            wait_for(lambda: not os.listdir(self.temporary), "both folders are gone", 3)
        finally:
            shown.close()

    def test_by_the_name_of_the_temporary_folder_stands_something_else(self):
        """A link, to a private folder even, or a folder that others may look into: what is in there is nobody's to empty."""
        site = self.site()
        for kind in ("link", "folder"):
            with self.subTest(kind=kind):
                held = site.hits_of("/hold")
                process = self.start("run", "download", site.url + "/hold/x")
                wait_for(lambda: site.hits_of("/hold") > held, "a request that is held")  # pylint: disable=cell-var-from-loop
                ours = next(self.temporary.glob("juggler-*"))
                victim = self.work / kind
                victim.mkdir(mode=0o700 if kind == "link" else 0o755)
                (victim / "file").write_text("precious", encoding="ascii")
                ours.rename(self.work / f"moved-{kind}")
                if kind == "link":
                    ours.symlink_to(victim)
                else:
                    victim = victim.rename(ours)
                self.kill_app(process)
                self.assertEqual((victim / "file").read_text(encoding="ascii"), "precious")
                for path in (self.temporary / ours.name).glob("*"):
                    path.unlink()
                os.remove(ours) if kind == "link" else ours.rmdir()  # pylint: disable=expression-not-assigned

    def test_its_guard_was_killed_before(self):
        """Another one has taken its place."""
        site = self.site()
        process = self.start("run", "download", site.url + "/hold/x")
        wait_for(lambda: site.hits_of("/hold"), "a request that is held")
        guard = wait_for(lambda: children_of(process.pid, "juggler:guard"), "a guard")[0]
        kill(guard)
        wait_for(lambda: children_of(process.pid, "juggler:guard") not in ([guard], []), "another guard")
        self.kill_app(process)
        wait_for(lambda: not os.listdir(self.temporary), "the temporary folder is gone", 3)

    def test_what_is_left_serves_the_next_run(self):
        """Files that were whole are kept by --no-clobber, the others are fetched: an interrupted list is continued."""
        site = self.site()
        paths = [f"/{i}.bin" for i in range(10)]
        process = self.start("run", "download", *(site.url + path for path in paths[:5]), site.url + "/hold/5.bin", "-o",
                             self.output, "--with", "sequential")
        wait_for(lambda: site.hits_of("/hold"), "a request that is held")
        self.kill_app(process)
        document = self.run_json("run", "download", *(site.url + path for path in paths), "-o", self.output, "--no-clobber")
        self.assertEqual(document["totals"]["done"], 10)
        self.assertEqual(self.files(), {path[1:]: body_of(path) for path in paths})
        self.assertEqual([site.hits_of(path) for path in paths], [1] * 10)

    def test_serve(self):
        process = self.start("serve")
        self.assertTrue(process.stdout.readline())
        self.assertGreater(len(self.kill_app(process)), 1)

    def test_the_origin_is_killed(self):
        """Downloads from it fail, the run ends, and says so."""
        process = self.start("run", "download", "--latency", "3000", "--retry", "0", "--json")
        runner = runner_of(process.pid)  # it is made when the origin has told where it is
        origin = wait_for(lambda: self.listeners(process.pid), "the origin", 5)[0]
        self.assertIn(origin, family_of(process.pid), runner)
        kill(origin)
        result = self.finish(process)
        self.assertEqual(result.code, 1, result)
        self.assertEqual(result.document["totals"]["failed"], 20)

    @staticmethod
    def listeners(app):
        """Those of the app's family that hold a listening socket."""
        with open("/proc/net/tcp", encoding="ascii") as table:
            links = {f"socket:[{line.split()[9]}]" for line in table.readlines()[1:] if line.split()[3] == "0A"}
        found = []
        for pid in family_of(app):
            try:
                if any(os.readlink(f"/proc/{pid}/fd/{fd}") in links for fd in os.listdir(f"/proc/{pid}/fd")):
                    found.append(pid)
            except OSError:
                continue
        return found


if __name__ == "__main__":
    unittest.main()
