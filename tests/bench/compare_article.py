#!/usr/bin/env python3
"""compare_article.py - make compare-article: the ways of the article, by juggler and by the article's programs in CPython, side by side.

    tests/bench/compare_article.py [--rounds N] [--seed N] [--readme FILE] [--only downloads,primes]

Every row is measured as a whole program, from its start to its exit, in rounds whose order is shuffled by a printed seed; the first round
warms up and is dropped; the median counts, with the least and the most. Both fetch the same twenty images from the same `juggler serve`, and
multiply the primes up to the same four limits. What they bring is compared. With --readme the table in that file, between its two
marks, is replaced.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import measure
from downloads import Server, brought

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BEGIN, END = "<!-- compare-article: begin -->", "<!-- compare-article: end -->"
LATENCY_MS, RATE = 200, "300K"
LIMITS = [line.split()[0] for line in (ROOT / "sample-data/article.limits").read_text().splitlines()
          if line.strip() and not line.startswith("#")]

# in the article; juggler's executor; the CPython program's; None: it has none
DOWNLOADS = [("one after another", "sequential", "sequential"),
             ("a thread each", "thread-each", "thread-each"),
             ("batches of ten threads", "thread-batch:10", "thread-batch:10"),
             ("a pool of ten threads", "thread-pool:10", "thread-pool:10"),
             ("the pool under the GIL", "thread-pool:10+gil", None),
             ("a pool of ten processes", "process-pool:10", "process-pool:10"),
             ("asynchronous, ten at a time", "event-loop:10", None)]
PRIMES = [("one after another", "sequential", "sequential"),
          ("a process each", "process-each", "process-each"),
          ("a pool of four processes", "process-pool:4", "process-pool:4"),
          ("four threads under the GIL", "thread-pool:4+gil", "thread-pool:4"),
          ("four threads without it", "thread-pool:4", None)]


class Downloads:
    name, title, rows = "downloads", "20 images", DOWNLOADS

    def __init__(self, juggler, folder):
        self.juggler, self.folder = juggler, folder
        self.server = Server(juggler, files=0, latency_ms=LATENCY_MS, rate=RATE)
        self.urls = folder / "urls"
        lines = [line.strip() for line in (ROOT / "sample-data/article.urls").read_text().splitlines()]
        paths = [line.split("/", 3)[3] for line in lines if line and not line.startswith("#")]
        self.urls.write_text("".join(f"{self.server.address}/{path}\n" for path in paths))
        self.expected = None

    def close(self):
        self.server.__exit__()

    def run(self, ours, spec):
        files = self.folder / "files"
        shutil.rmtree(files, ignore_errors=True)
        files.mkdir()
        command = ([self.juggler, "run", "download", self.urls, "--origin", "live", "--with", spec, "-o", files, "--progress", "none", "--no-history"]
                   if ours else ["python3", HERE / "article_downloads.py", spec, self.urls, files])
        result = measure.run([str(word) for word in command], self.folder / "out", watch_memory=False)
        got = brought(files)
        self.expected = self.expected or got
        if got != self.expected or got[0] != 20:
            raise measure.Failed(f"{spec} brought {got[0]} files of {got[1]} bytes, not 20 of {self.expected[1]}")
        return result.wall_s


class Primes:
    name, title, rows = "primes", "four products of primes", PRIMES

    def __init__(self, juggler, folder):
        self.juggler, self.folder, self.expected = juggler, folder, None

    def close(self):
        pass

    def run(self, ours, spec):
        command = ([self.juggler, "run", "primes", *LIMITS, "--with", spec, "--json", "--progress", "none", "--no-history"]
                   if ours else ["python3", str(HERE / "article_primes.py"), spec, *LIMITS])
        result = measure.run(command, self.folder / "out", watch_memory=False)
        with open(result.out, encoding="utf-8") as file:
            facts = ([(job["limit"], job["primes"], job["bits"]) for job in json.load(file)["jobs"]] if ours
                     else [tuple(map(int, line.split())) for line in file])
        self.expected = self.expected or facts
        if facts != self.expected:
            raise measure.Failed(f"{spec} computed other products")
        return result.wall_s


def measure_work(work, rounds, source, with_python):
    """{(ours, spec): [seconds, ...]}; the first round is thrown away."""
    entries = [(True, ours) for _, ours, _ in work.rows]
    entries += [(False, python) for _, _, python in work.rows if python and with_python]
    took = {entry: [] for entry in entries}
    for number in range(rounds + 1):
        source.shuffle(entries)
        for ours, spec in entries:
            print(f"  {work.name}, round {number} of {rounds}: {'juggler' if ours else 'CPython'} {spec}", file=sys.stderr, flush=True)
            seconds = work.run(ours, spec)
            if number:
                took[ours, spec].append(seconds)
    return took


def seconds_text(values):
    def one(value):
        return f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return f"{one(statistics.median(values))} s ({one(min(values))} – {one(max(values))})"


def ratio_text(values, base):
    """How many times as fast as base; where the two overlap nothing is said."""
    if values is base:
        return "1"
    if min(values) <= max(base) and min(base) <= max(values):
        return "no real difference"
    ratio = statistics.median(base) / statistics.median(values)
    return f"{ratio:.1f} ×" if ratio >= 1.05 else f"{ratio:.2f} ×"


def table_of(work, took, with_python):
    lines = [f"| {work.title} | `juggler` | time | speed-up |" + (" CPython | speed-up | CPython / `juggler` |" if with_python else ""),
             "|---|---|---:|---:|" + ("---:|---:|---:|" if with_python else "")]
    bases = {ours: took.get((ours, "sequential")) for ours in (True, False)}
    for said, ours, python in work.rows:
        mine = took[True, ours]
        line = f"| {said} | `{ours}` | {seconds_text(mine)} | {ratio_text(mine, bases[True])} |"
        if with_python and python:
            theirs = took[False, python]
            line += (f" {seconds_text(theirs)} | {ratio_text(theirs, bases[False])} |"
                     f" {statistics.median(theirs) / statistics.median(mine):.1f} |")
        elif with_python:
            line += " – | – | – |"
        lines.append(line)
    return "\n".join(lines)


def replace_in(path, text):
    old = path.read_text(encoding="utf-8")
    begin, end = old.index(BEGIN) + len(BEGIN), old.index(END)
    path.write_text(old[:begin] + "\n" + text + "\n" + old[end:], encoding="utf-8")


def python_version():
    if not shutil.which("python3"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        result = measure.run(["python3", "-c", "import platform; print(platform.python_implementation(), platform.python_version())"],
                             Path(folder) / "out", watch_memory=False)
        return Path(result.out).read_text(encoding="ascii").strip()


def closing(options, python, load):
    cores = len(os.sched_getaffinity(0))
    text = (f"Measured as whole programs on {cores} usable core{'s' if cores > 1 else ''}: medians of {options.rounds} rounds, least and most in "
            f"brackets; one more round before them warmed up. The order was shuffled by seed {options.seed}. The server waits {LATENCY_MS} ms "
            f"and sends {RATE}iB/s on each connection.")
    text += f" {python}." if python else " python3 is not installed here, so there are no figures of it."
    return text + (f" The machine was busy before the start (load {load:.1f})." if load > cores / 2 else "")


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 1 << 31))
    parser.add_argument("--readme", type=Path, help="the file whose table is replaced")
    parser.add_argument("--only", default="downloads,primes")
    parser.add_argument("--juggler", default=os.environ.get("JUGGLER", str(ROOT / "build/juggler")))
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    python, load, source = python_version(), os.getloadavg()[0], random.Random(options.seed)
    parts = []
    with tempfile.TemporaryDirectory(prefix="juggler-article-") as name:
        for kind in (Downloads, Primes):
            if kind.name not in options.only.split(","):
                continue
            work = kind(options.juggler, Path(name))
            try:
                parts.append(table_of(work, measure_work(work, options.rounds, source, bool(python)), bool(python)))
            finally:
                work.close()
    text = "\n\n".join(parts + [closing(options, python, load)])
    print(text)
    if options.readme:
        replace_in(options.readme, text)


if __name__ == "__main__":
    try:
        main()
    except measure.Failed as why:
        sys.exit(f"compare-article: {why}")
