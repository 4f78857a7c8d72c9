"""downloads.py - the download part of the bench: juggler beside curl, wget2, aria2c and CPython on the same list, off the built-in server.

juggler is measured with a pool of threads, and with an event loop, which is how `curl --parallel` works, beside that pool.

Every program gets a fresh folder, and what it fetched is counted: a program that did not bring all files, or other bytes, is no
peer. The list, the server and the file system are the same for all.
"""
import math
import os
import shutil
import subprocess
from pathlib import Path

import measure
from measure import median

HERE = Path(__file__).resolve().parent
LATENCY_S = 0.05
LOOP = "event-loop"


class Server:
    """juggler serve, for as long as the block lasts."""

    def __init__(self, juggler, *, files, latency_ms, rate):
        self.process = subprocess.Popen([juggler, "serve", "--files", str(files), "--latency", str(latency_ms), "--rate", str(rate)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.files = files
        if not self.address.startswith("http://"):
            raise measure.Failed("juggler serve printed no address")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()

    def write_list(self, path):
        """A list of all its synthetic files."""
        with open(path, "w", encoding="ascii") as file:
            file.writelines(f"{self.address}/synthetic/{n}\n" for n in range(self.files))
        return path


# --- the programs: each returns a command that puts the list's files into the folder --------------------------------------

def command_juggler(juggler, width, urls, folder, how="thread-pool"):
    return [juggler, "run", "download", str(urls), "--origin", "live", "--with", f"{how}:{width}", "-o", str(folder), "--json",
            "--progress", "none"]


def command_loop(juggler, width, urls, folder):
    return command_juggler(juggler, width, urls, folder, "event-loop")


def command_curl(_, width, urls, folder):
    config = Path(str(folder) + ".curl")
    with open(urls, encoding="ascii") as lines, open(config, "w", encoding="ascii") as file:
        file.writelines(f'url = "{url.strip()}"\noutput = "{folder}/{url.strip().rsplit("/", 1)[1]}"\n' for url in lines)
    return ["curl", "--parallel", "--parallel-max", str(width), "--silent", "--show-error", "--config", str(config)]


def command_wget2(_, width, urls, folder):
    return ["wget2", "--quiet", f"--max-threads={width}", "--input-file", str(urls), "--directory-prefix", str(folder)]


def command_aria2c(_, width, urls, folder):
    return ["aria2c", "--quiet", "--no-conf", "--file-allocation=none", f"--max-concurrent-downloads={width}",
            f"--input-file={urls}", f"--dir={folder}"]


def command_python(_, width, urls, folder):
    return ["python3", str(HERE / "article_downloads.py"), f"thread-pool:{width}", str(urls), str(folder)]


OURS = {"juggler": command_juggler, LOOP: command_loop}
PEERS = {"curl": command_curl, "wget2": command_wget2, "aria2c": command_aria2c, "python3": command_python}


def brought(folder):
    """Files and bytes in a folder."""
    sizes = [entry.stat().st_size for entry in os.scandir(folder)]
    return len(sizes), sum(sizes)


class Contest:
    """The same list, several programs, interleaved rounds."""

    def __init__(self, bench, server):
        self.bench, self.server = bench, server
        self.urls = server.write_list(bench.folder / "urls")
        self.expected = None

    def once(self, name, maker, width):
        folder = self.bench.fresh_folder()
        result = measure.run(maker(self.bench.juggler, width, self.urls, folder), self.bench.folder / "out")
        got = brought(folder)
        self.expected = self.expected or got
        if got != self.expected or got[0] != self.server.files:
            raise measure.Failed(f"{name} brought {got[0]} files of {got[1]} bytes, not {self.server.files} of {self.expected[1]}")
        return result

    def rounds(self, width, names, first_round_only=()):
        """{name: [Result, ...]}; what ours is comes first."""
        results = {}
        for number in range(self.bench.rounds):
            for name in [*OURS, *names]:
                if number and name in first_round_only:
                    continue
                self.bench.say(f"downloads, {name} at {width}, round {number + 1} of {self.bench.rounds}")
                maker = (OURS | PEERS)[name]
                try:
                    results.setdefault(name, []).append(self.once(name, maker, width))
                except measure.Failed as why:
                    if name in OURS:
                        raise
                    self.bench.table.note(f"no figure for {name} at width {width}: {why}")
        return results


def of(results, name, field):
    values = [getattr(result, field) for result in results.get(name, [])]
    return median(values) if values else None


def add_loop(bench, by_width):
    """The event loop against the limit, and against the pool of threads in the same rounds."""
    for width, bound in ((10, 1.08), (50, 1.15), (200, 2.0)):
        results = by_width[width]
        what = f"event-loop:{width}, {bench.files} files, 50 ms: "
        bench.table.add(what + "time", of(results, LOOP, "wall_s"), math.ceil(bench.files / width) * LATENCY_S, peer_name="ideal",
                        at_most=bound)
        for field, unit, words in (("cpu_s", "s", "CPU time"), ("memory_mb", "MB", "memory of all processes")):
            bench.table.add(what + words, of(results, LOOP, field), of(results, "juggler", field), peer_name="thread-pool", unit=unit,
                            at_most=1)


def with_latency(bench, installed):
    others = [name for name in installed if name != "curl"]
    table = bench.table
    memory = {}
    with Server(bench.juggler, files=bench.files, latency_ms=int(LATENCY_S * 1000), rate=0) as server:
        contest = Contest(bench, server)
        by_width = {width: contest.rounds(width, installed, others) for width in (200, 50, 10)}
    for width, bound in ((10, 1.05), (50, 1.05), (200, 1.4)):
        results = by_width[width]
        ideal = math.ceil(bench.files / width) * LATENCY_S
        what = f"{bench.files} files, 50 ms, width {width}: "
        table.add(what + "time", of(results, "juggler", "wall_s"), ideal, peer_name="ideal", at_most=bound)
        for name in results:
            if name not in OURS:
                table.peer(what + "time", of(results, name, "wall_s"), peer_name=name, against=ideal)
        memory[width] = of(results, "juggler", "memory_mb")
    add_loop(bench, by_width)
    curl_memory = of(by_width[200], "curl", "memory_mb")
    for width, results in sorted(by_width.items()):
        table.add(f"width {width}: memory of all processes", memory[width], curl_memory, peer_name="curl at 200", unit="MB", at_most=1)
        for name in results:
            if name not in OURS and name != "curl":
                table.peer(f"width {width}: memory of all processes", of(results, name, "memory_mb"), peer_name=name, unit="MB")
    for width, results in sorted(by_width.items()):
        table.add(f"width {width}: CPU time, children included", of(results, "juggler", "cpu_s"), of(results, "curl", "cpu_s"),
                  peer_name="curl", at_most=1.3)
        for name in results:
            if name not in OURS and name != "curl":
                table.peer(f"width {width}: CPU time, children included", of(results, name, "cpu_s"), peer_name=name)


def without_latency(bench, installed):
    with Server(bench.juggler, files=bench.files, latency_ms=0, rate=0) as server:
        contest = Contest(bench, server)
        results = contest.rounds(50, installed, [name for name in installed if name != "curl"])
    what = f"{bench.files} files, no latency, width 50: time"
    bench.table.add(what, of(results, "juggler", "wall_s"), of(results, "curl", "wall_s"), peer_name="curl", at_most=0.5)
    for name in results:
        if name not in OURS and name != "curl":
            bench.table.peer(what, of(results, name, "wall_s"), peer_name=name)


def measure_downloads(bench):
    installed = [name for name in PEERS if shutil.which(name)]
    for name in PEERS:
        if name not in installed:
            bench.table.note(f"{name} is not installed, so it was not measured")
    with_latency(bench, installed)
    without_latency(bench, installed)
