#!/usr/bin/env python3
"""run.py - make bench: how fast and how small, beside curl, wget2, aria2c, CPython, htop and btop, where they are installed.

    tests/bench/run.py [--quick] [--rounds N] [--only downloads,primes,dashboard,crowds] [--json FILE] [--strict]

Everything that is compared is measured in this one run, in rounds that take turns; medians count. Everything goes over loopback, off
`juggler serve`. wget2, aria2c and CPython, of which nothing is asked, download once. Times are those of whole programs, so a machine
that is busy with something else shows in them; the table says how busy it was.
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import measure
from crowds import measure_crowds
from dashboard import measure_dashboard
from downloads import measure_downloads
from primes import measure_primes
from table import Table

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = {"downloads": measure_downloads, "primes": measure_primes, "dashboard": measure_dashboard,
         "crowds": measure_crowds}
ROOM_BYTES = 2 << 30


class Bench:
    """What all parts share."""

    def __init__(self, options, folder):
        self.juggler = str(Path(options.juggler).resolve())
        self.rounds = options.rounds or (1 if options.quick else 3)
        self.files = 1000 if options.quick else 5000
        self.watch_s = 4 if options.quick else 8
        self.folder = folder
        self.table = Table()

    def fresh_folder(self):
        """Where a run's files go: empty, and in memory if there is room."""
        folder = self.folder / "files"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    @staticmethod
    def say(text):
        print(text, file=sys.stderr, flush=True)


def room():
    """Where there is room for the files, in memory if possible, so that no disk is measured."""
    shm = "/dev/shm"
    return shm if os.access(shm, os.W_OK) and shutil.disk_usage(shm).free > ROOM_BYTES else None


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round, 1000 files")
    parser.add_argument("--rounds", type=int, default=0, help="default 3")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    parser.add_argument("--juggler", default=os.environ.get("JUGGLER", ROOT / "build/juggler"))
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a bound is missed")
    options = parser.parse_args(arguments)
    if not set(options.only.split(",")) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    return options


def measure_parts(bench, names):
    """Part by part; one that fails does not keep the others from being measured. Returns how many failed."""
    failed = 0
    for name in names:
        try:
            PARTS[name](bench)
        except measure.Failed as why:
            failed += 1
            bench.table.note(f"{name} could not be measured: {why}")
    return failed


def main():
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(143))
    if not os.access(options.juggler, os.X_OK):
        sys.exit(f"{options.juggler} is not there: make")
    with tempfile.TemporaryDirectory(prefix="juggler-bench-", dir=room()) as folder:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_STATE_HOME"] = folder  # nobody's settings, and nobody's history
        bench = Bench(options, Path(folder))
        before = os.getloadavg()[0]
        failed = measure_parts(bench, options.only.split(","))
    cores = len(os.sched_getaffinity(0))
    bench.table.note(f"{cores} usable cores; {bench.rounds} rounds; load average before the start {before:.1f}"
                     + (", so the machine was busy and the times are too long" if before > cores / 2 else ""))
    bench.table.show()
    if options.json:
        bench.table.save(options.json)
    missed = bench.table.missed()
    print(f"{sum(row['values'].get('met') is True for row in bench.table.rows)} bounds met, {len(missed)} missed")
    return 1 if failed or (options.strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
