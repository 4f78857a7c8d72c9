"""The kernel's OOM killer comes: it takes the worker that is too large, and neither the program nor what others have in hand.

The limit is that of a memory control group made for this, within the one that the test itself is in. The program looks at what the
machine has before it starts anything, and does not know of such a limit: so its workers meet it in the middle of their work."""
import os
import unittest
from pathlib import Path

from cli.support import SANITIZED, Case

LIMIT_BYTES = 32 << 20
TOO_LARGE = 100_000_000  # the list of its primes alone takes 46 MB
SMALL = [1000, 2000, 3000, 4000]
DEATHS_MAX = 3


def own_group():
    """(version, folder) of the memory control group that this process is in, or None."""
    for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return 1, Path("/sys/fs/cgroup/memory" + path)
        if not controllers and "memory" in controllers_of(Path("/sys/fs/cgroup" + path)):
            return 2, Path("/sys/fs/cgroup" + path)
    return None


def controllers_of(folder):
    try:
        return (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
    except OSError:
        return []


class Group:
    """A memory control group with a limit. close() removes it, when it is empty."""
    LIMITS = {1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), 2: ("memory.max", "memory.swap.max")}

    def __init__(self):
        self.version, parent = own_group()
        self.folder = parent / f"juggler-test-{os.getpid()}"
        self.folder.mkdir()
        try:
            self.limit()
        except OSError:
            self.close()
            raise

    def limit(self):
        memory, swap = self.LIMITS[self.version]
        (self.folder / memory).write_text(str(LIMIT_BYTES), encoding="ascii")
        if (self.folder / swap).exists():
            (self.folder / swap).write_text(str(LIMIT_BYTES if self.version == 1 else 0), encoding="ascii")

    def enter(self):
        (self.folder / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def kills(self):
        """How often the OOM killer came."""
        text = (self.folder / ("memory.oom_control" if self.version == 1 else "memory.events")).read_text(encoding="ascii")
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("oom_kill ")))

    def close(self):
        self.folder.rmdir()


@unittest.skipIf(SANITIZED, "a sanitizer takes memory of its own")
class OutOfMemoryKill(Case):
    def setUp(self):
        super().setUp()
        try:
            self.group = Group()
        except (OSError, TypeError) as error:
            self.skipTest(f"no memory control group can be made here: {error}")
        self.addCleanup(self.group.close)

    def test_who_is_too_large_is_killed(self):
        """Three times, as for any other job that kills its workers; the others are done and the report is written."""
        before = 0
        for executor in ("process-pool:2", "thread-pool:2"):
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", *SMALL, TOO_LARGE, "--kernel", "sieve", "--with", executor, "--no-history",
                                         code=1, preexec_fn=self.group.enter)
                *small, large = document["jobs"]
                self.assertEqual(large["state"], "poisoned", large)
                self.assertRegex(large["error"], r"3 workers died while they ran it, the last of signal 9 \(Killed\)")
                self.assertEqual(large["deaths"], DEATHS_MAX)
                for job, limit in zip(small, SMALL):
                    self.assertEqual((job["state"], job.get("deaths", 0)), ("done", 0), job)
                    self.assert_product(job, limit)
                kills = self.group.kills()
                self.assertEqual(kills - before, DEATHS_MAX, "kills by the kernel")
                before = kills
                self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
