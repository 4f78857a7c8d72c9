"""primes.py - the primes part of the bench: the article's limits, the article's kernel, and the article's own program in CPython."""
import json
import shutil
from pathlib import Path

import measure
from measure import median

HERE = Path(__file__).resolve().parent
LIMITS = ["50328", "22756", "39371", "44832"]
TIMES = 3 # these take a third of a second, so they can be measured more often


def run_json(bench, executor):
    """(the run's own account, wall time of the whole program)"""
    result = measure.run([bench.juggler, "run", "primes", *LIMITS, "--kernel", "trial", "--with", executor, "--json", "--progress", "none"],
                         bench.folder / "out", watch_memory=False)
    with open(result.out, encoding="utf-8") as file:
        return json.load(file), result.wall_s


def facts(account):
    return [(job["limit"], job["primes"], job["bits"]) for job in account["jobs"]]


def measure_ideal(bench):
    """process-each against what sequential took, interleaved. Returns (wall times of the whole program, facts)."""
    ratios, took, ideals, walls = [], [], [], []
    for number in range(bench.rounds * TIMES):
        bench.say(f"primes, sequential and process-each, round {number + 1} of {bench.rounds * TIMES}")
        one_by_one, _ = run_json(bench, "sequential")
        seconds = [job["seconds"] for job in one_by_one["jobs"]]
        ideal = max(max(seconds), sum(seconds) / one_by_one["run"]["usable_cores"])
        at_once, wall_s = run_json(bench, "process-each")
        ideals.append(ideal)
        took.append(at_once["run"]["wall_s"])
        ratios.append(took[-1] / ideal)
        walls.append(wall_s)
    bench.table.add("the article's limits, process-each: time", median(took), median(ideals), peer_name="ideal", at_most=1.1)
    bench.table.note(f"process-each over ideal, round by round: {' '.join(f'{ratio:.2f}' for ratio in ratios)}")
    return walls, facts(at_once)


def measure_python(bench, walls, expected):
    if not shutil.which("python3"):
        bench.table.note("python3 is not installed, so it was not measured")
        return
    for how in ("sequential", "process-each"):
        took = []
        for number in range(bench.rounds):
            bench.say(f"primes, the article's program in CPython, {how}, round {number + 1} of {bench.rounds}")
            result = measure.run(["python3", str(HERE / "article_primes.py"), how, *LIMITS], bench.folder / "out", watch_memory=False)
            took.append(result.wall_s)
            with open(result.out, encoding="ascii") as file:
                if [tuple(map(int, line.split())) for line in file] != expected:
                    raise measure.Failed("the article's program in CPython and juggler computed different products")
        bench.table.add(f"the article's limits, process-each beside CPython, {how}", median(walls), median(took), peer_name="python3",
                        at_most=0.1)


def measure_primes(bench):
    walls, expected = measure_ideal(bench)
    measure_python(bench, walls, expected)
