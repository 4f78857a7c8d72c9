"""crowds.py - the dashboard with hundreds and a thousand workers on 160x50: CPU time and memory of the app alone, frames; beside htop and btop,
which look at the same workers at the same time, as often, on as many rows.

Only the app process counts, not the work it watches. Every figure is the median of rounds. Behind every frame the app waits once for the
next, so its waits are its frames; of those in which nothing has changed the terminal sees nothing.
"""
import shutil
import time
from contextlib import ExitStack

import measure
from downloads import Server
from measure import median
from screen import Screen

SIZE = (160, 50)
WORKERS, JOBS = 1000, 5000
LIMIT = 200000  # half a second of computing each: with a thousand on a few cores nobody is done while it is watched
PEER_EVERY_MS = 500
SETTLE_S = 3


def limits_list(bench):
    path = bench.folder / "limits"
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{LIMIT + i % 97}\n" for i in range(JOBS))
    return str(path)


class Work:
    """A run to watch: its arguments, and what has to be there for as long as the block lasts."""

    def __init__(self, bench, kind, workers):
        self.bench, self.kind, self.workers, self.stack = bench, kind, workers, ExitStack()

    def __enter__(self):
        if self.kind == "download":  # slow enough to move all the time
            server = self.stack.enter_context(Server(self.bench.juggler, files=JOBS, latency_ms=200, rate=6 << 10))
            urls = str(server.write_list(self.bench.folder / "crowd"))
            self.words = ["download", urls, "--with", f"thread-pool:{self.workers}", "-o", str(self.bench.fresh_folder())]
        else:
            self.words = ["primes", limits_list(self.bench), "--with", f"{self.kind}-pool:{self.workers}"]
        return self

    def __exit__(self, *unused):
        self.stack.close()

    def crew(self, screen):
        """Workers that exist."""
        runner = screen.runner()
        if not runner:
            return 0
        return len(measure.children(runner)) if self.kind == "process" else measure.threads(runner) - 1

    def start(self, fps):
        """The dashboard at this work, when all its workers are there. Paused until then: whoever computes takes the cores from the one who
        makes the others."""
        screen = Screen([self.bench.juggler, *self.words, "--fps", str(fps)], size=SIZE)
        screen.wait_for(10, lambda: self.crew(screen) > 0)
        screen.type(b" ")
        held = screen.wait_for(10, lambda: screen.has(b"paused"))
        if not screen.wait_for(90, lambda: self.crew(screen) >= self.workers) or not held:
            there = self.crew(screen)
            screen.close()
            raise measure.Failed(f"{there} of {self.workers} workers came to life")
        screen.type(b" ")
        screen.read_for(SETTLE_S)
        return screen


class Figures:
    """What was found out about the app, round by round."""

    def __init__(self):
        self.share, self.rates, self.private_mb, self.pss_mb = [], [], [], []

    def watch(self, screen, seconds):
        cpu, waits, begin = measure.on_core_s(screen.pid), measure.waits(screen.pid), time.monotonic()
        screen.read_for(seconds)
        took = time.monotonic() - begin
        memory = measure.memory_kib(screen.pid)
        self.share.append((measure.on_core_s(screen.pid) - cpu) / took * 100)
        self.rates.append((measure.waits(screen.pid) - waits) / took)
        self.private_mb.append((memory["Private_Clean"] + memory["Private_Dirty"]) * 1024 / 1e6)
        self.pss_mb.append(memory["Pss"] * 1024 / 1e6)


def watch_rounds(bench, name, kind, workers, fps):
    figures = Figures()
    for number in range(bench.rounds):
        bench.say(f"dashboard, {name}, {fps} fps, round {number + 1} of {bench.rounds}")
        with Work(bench, kind, workers) as work, work.start(fps) as screen:
            figures.watch(screen, bench.watch_s)
    return figures


def measure_crowd(bench, name, kind, workers):
    figures = watch_rounds(bench, name, kind, workers, 20)
    what = f"{name}, 160x50, 20 fps: "
    bench.table.add(what + "CPU of the app", median(figures.share), unit="%", at_most=6, absolute=True)
    bench.table.add(what + "private memory of the app", median(figures.private_mb), unit="MB", at_most=24, absolute=True)
    bench.table.add(what + "the same with its share of shared pages", median(figures.pss_mb), unit="MB", at_most=24, absolute=True)
    bench.table.add(what + "frames a second", median(figures.rates), unit="/s", at_least=18, absolute=True)


def measure_sixty(bench, name, kind, workers):
    figures = watch_rounds(bench, name, kind, workers, 60)
    bench.table.add(f"{name}, 160x50, 60 fps: frames a second", median(figures.rates), unit="/s", at_least=57, absolute=True)
    bench.table.add(f"{name}, 160x50, 60 fps: CPU of the app", median(figures.share), unit="%")


# --- htop and btop ---------------------------------------------------------------------------------------------------------------

def htop(bench):
    path = shutil.which("htop")
    settings = {"HTOPRC": str(bench.folder / "htoprc"), "HOME": str(bench.folder)}
    return ([path, "-d", str(PEER_EVERY_MS // 100)], settings) if path else None


def btop(bench):
    path = shutil.which("btop")
    folder = bench.folder / "config" / "btop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "btop.conf").write_text(f"update_ms = {PEER_EVERY_MS}\nshown_boxes = \"cpu mem proc\"\n", encoding="ascii")
    return ([path, "--utf-force"], {"XDG_CONFIG_HOME": str(folder.parent), "HOME": str(bench.folder)}) if path else None


PEERS = {"htop": htop, "btop": btop}


def shares(screens, seconds):
    """CPU share of each, over the same time, while all are read."""
    before, begin = {name: measure.cpu_s(screen.pid) for name, screen in screens.items()}, time.monotonic()
    while time.monotonic() - begin < seconds:
        for screen in screens.values():
            screen.read_for(0.02)
    took = time.monotonic() - begin
    return {name: (measure.cpu_s(screen.pid) - before[name]) / took * 100 for name, screen in screens.items()}


def measure_peers(bench, kind):
    """All of them show the workers of the dashboard's own run, twice a second."""
    found = {name: peer(bench) for name, peer in PEERS.items()}
    rows = {name: [] for name in ["juggler", *PEERS]}
    for number in range(bench.rounds):
        bench.say(f"dashboard beside htop and btop, 1,000 {kind} workers, round {number + 1} of {bench.rounds}")
        with ExitStack() as stack:
            work = stack.enter_context(Work(bench, kind, WORKERS))
            screens = {"juggler": stack.enter_context(work.start(1000 // PEER_EVERY_MS))}
            for name, peer in found.items():
                if peer:
                    screens[name] = stack.enter_context(Screen(peer[0], size=SIZE, environment=peer[1]))
            shares(screens, SETTLE_S)
            for name, share in shares(screens, bench.watch_s).items():
                rows[name].append(share)
    for name in PEERS:
        what = f"1,000 {kind} workers, 160x50, twice a second: CPU"
        if rows[name]:
            bench.table.add(what, median(rows["juggler"]), median(rows[name]), peer_name=name, unit="%", at_most=1)
        else:
            bench.table.note(f"{name} is not installed: nothing to compare with")


def measure_crowds(bench):
    measure_crowd(bench, "1,000 threads that download, 5,000 URLs", "download", WORKERS)
    measure_crowd(bench, "500 threads that download, 5,000 URLs", "download", 500)
    measure_crowd(bench, "1,000 threads that compute, 5,000 limits", "thread", WORKERS)
    measure_crowd(bench, "1,000 processes that compute, 5,000 limits", "process", WORKERS)
    measure_sixty(bench, "10 threads that compute", "thread", 10)
    measure_sixty(bench, "1,000 threads that compute", "thread", WORKERS)
    measure_peers(bench, "process")
    measure_peers(bench, "thread")
    bench.table.note("btop has no rows for threads: of 1,000 threads it shows one process")
