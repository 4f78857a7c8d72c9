"""A dead worker's number is somebody else's: nobody who only has that number is sent a signal.

test: limit 150

Workers and runners die by the key k, by others' kills, by smaller widths; the kernel is made to give their numbers to strangers while k, widths and
ends go on killing (strangers.py). `make test-faults` does it for KILLS=200 a tenth as many rounds. Needs a pid namespace, in which the next number
can be chosen."""
import os
import shutil
import subprocess
import sys
import unittest

from cli.support import ROOT, SLOWNESS, Case, environment, new_seed

LONG = "JUGGLER_KILLS" in os.environ
ROUNDS = max(1, int(os.environ["JUGGLER_KILLS"]) // 10) if LONG else 1
NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")


def way_in():
    """The command that starts a program in a pid namespace whose next number can be chosen; or None."""
    if not shutil.which("unshare"):
        return None
    for way in (NAMESPACE, (*NAMESPACE, "--map-root-user")):
        probe = subprocess.run([*way, "sh", "-c", "echo 500 >/proc/sys/kernel/ns_last_pid && ls -d /proc/1"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if probe.returncode == 0:
            return way
    return None


class NumberReuse(Case):
    def test_strangers_live(self):
        way = way_in()
        if not way:
            self.skipTest("no pid namespace here (unshare --pid --mount-proc), or its next number can't be chosen")
        seed = new_seed()
        result = subprocess.run([*way, sys.executable, ROOT / "tests/faults/strangers.py", self.work, str(ROUNDS), str(seed)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                                timeout=(60 + 20 * ROUNDS) * SLOWNESS,
                                env=environment(PYTHONPATH=ROOT / "tests", TMPDIR=self.temporary, XDG_STATE_HOME=self.state))
        print(result.stdout, flush=True)
        self.assertEqual(result.returncode, 0, (seed, result.stdout[-2000:]))


if __name__ == "__main__":
    unittest.main()
