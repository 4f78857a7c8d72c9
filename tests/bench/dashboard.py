"""dashboard.py - the dashboard part of the bench: CPU time and memory of the app process, first frame, stalls, and what it costs a run."""
import json
import os
import select
import time
from pathlib import Path

import measure
from downloads import Server
from measure import median
from screen import Screen

FPS = 30
BUSY_LIMITS = ["1500000", "1500001", "1500002", "1500003"]  # long enough to be busy as long as it is watched
COST_LIMITS = ["201312", "182048", "194968", "188656"] # some seconds: a process's start is known to 10 ms


def measure_first_frame(bench):
    """The first frame is whole when its last row, the keys, has arrived."""
    took = []
    for number in range(bench.rounds * 5):
        bench.say(f"dashboard, first frame, {number + 1} of {bench.rounds * 5}")
        with Screen([bench.juggler]) as screen:
            screen.read_for(5, lambda: screen.has(b"juggler", b"DOWNLOADS", b"PRIMES", b"quit"))
            took.append(screen.chunks[-1][0])
    bench.table.add("dashboard 120x40: first frame after exec, median", median(took), at_most=0.05, absolute=True)
    bench.table.note(f"first frames took {min(took) * 1000:.0f} to {max(took) * 1000:.0f} ms")


def measure_app(bench):
    """Ten threads and four processes at work for as long as the app is watched; only the app process counts, not its children."""
    share, private_mb, pss_mb, rates = [], [], [], []
    with Server(bench.juggler, files=1000, latency_ms=500, rate=96 << 10) as server:
        urls = server.write_list(bench.folder / "busy")
        for number in range(bench.rounds):
            bench.say(f"dashboard, CPU time and memory, round {number + 1} of {bench.rounds}")
            command = [bench.juggler, "download", str(urls), "--with", "thread-pool:10", "-o", str(bench.fresh_folder()),
                       "primes", *BUSY_LIMITS, "--with", "process-pool:4", "--fps", str(FPS)]
            with Screen(command) as screen:
                screen.read_for(2)
                cpu, begin = measure.on_core_s(screen.pid), time.monotonic()
                screen.read_for(bench.watch_s)
                seconds = time.monotonic() - begin
                share.append((measure.on_core_s(screen.pid) - cpu) / seconds * 100)
                rates.append(len(screen.frames(begin - screen.exec_s)) / seconds)
                memory = measure.memory_kib(screen.pid)
                private_mb.append((memory["Private_Clean"] + memory["Private_Dirty"]) * 1024 / 1e6)
                pss_mb.append(memory["Pss"] * 1024 / 1e6)
                workers = sorted(measure.comm(pid) for pid in measure.tree(screen.pid))
                if sum(name.startswith("juggler:p") for name in workers) != 4:
                    raise measure.Failed(f"the dashboard had no four processes at work: {workers}")
    what = f"dashboard 120x40, 10 threads, 4 processes, {FPS} fps: "
    bench.table.add(what + "CPU of the app", median(share), unit="%", at_most=3, absolute=True)
    bench.table.add(what + "private memory of the app", median(private_mb), unit="MB", at_most=8, absolute=True)
    bench.table.add(what + "the same with its share of shared pages", median(pss_mb), unit="MB", at_most=8, absolute=True)
    bench.table.note(f"the app wrote {median(rates):.1f} frames a second while it was watched")


# --- what the dashboard costs a run ------------------------------------------------------------------------------------------

def started_s(pid):
    """When a process was started, in seconds since boot, to a clock tick (10 ms)."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return int(file.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")


def runner_life_s(screen, reads=True):
    """How long the runner lives: from when the kernel started it until it is reaped."""
    screen.wait_for(10, screen.runner, reads)
    runner = screen.runner()
    if not runner:
        raise measure.Failed("the dashboard started no run")
    born, pidfd = started_s(runner), os.pidfd_open(runner)
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    screen.wait_for(300, lambda: bool(poller.poll(0 if reads else 20)), reads)
    ended = time.clock_gettime(time.CLOCK_BOOTTIME)
    os.close(pidfd)
    return ended - born


def history():
    return Path(os.environ["XDG_STATE_HOME"]) / "juggler/history.jsonl"


def last_noted_s():
    return json.loads(history().read_text(encoding="utf-8").splitlines()[-1])["wall_s"]


def headless_s(bench, work):
    measure.run([bench.juggler, "run", *work, "--progress", "none"], bench.folder / "out", watch_memory=False)
    return last_noted_s()


def watched_s(bench, work):
    """Under the dashboard, at its own rate of frames."""
    before = history().stat().st_size
    with Screen([bench.juggler, *work]) as screen:
        screen.wait_for(300, lambda: history().stat().st_size > before)
    return last_noted_s()


def measure_cost(bench):
    """The same run under the dashboard and headless, in turns; the wall time of both is what the program itself says in its history. The
    least of each counts: what others do on the machine, this terminal included, only adds time."""
    works = {"primes, process-pool:4": ["primes", *COST_LIMITS * 2, "--with", "process-pool:4"],
             "the article's images, thread-pool:10": ["download", "--with", "thread-pool:10"]}
    for name, work in works.items():
        shown, plain = [], []
        for number in range(bench.rounds * 2):
            bench.say(f"dashboard, the cost of being watched, {name}, round {number + 1} of {bench.rounds * 2}")
            plain.append(headless_s(bench, work))
            shown.append(watched_s(bench, work))
        bench.table.add(f"under the dashboard: {name}", min(shown), min(plain), peer_name="headless", at_most=1.01)


def measure_unread(bench):
    """The same run in a terminal that reads, and in one that stops reading before the first frame is whole."""
    read, unread = [], []
    command = [bench.juggler, "primes", *COST_LIMITS, "--with", "process-pool:4", "--fps", str(FPS)]
    for number in range(bench.rounds * 2):
        bench.say(f"dashboard, a terminal that does not read, round {number + 1} of {bench.rounds * 2}")
        with Screen(command, size=(300, 100)) as screen:
            read.append(runner_life_s(screen))
        with Screen(command, size=(300, 100)) as screen:
            unread.append(runner_life_s(screen, reads=False))
    bench.table.add("primes, process-pool:4: speed in a terminal that does not read", 1 / min(unread), 1 / min(read),
                    peer_name="in one that does", unit="runs/s", at_least=0.99)


# --- a thousand workers ---------------------------------------------------------------------------------------------------------

def measure_stalls(bench):
    """A stall is what the gap between the end of a frame and the begin of the next has beyond the period of the frame rate."""
    worst, starts = [], []
    with Server(bench.juggler, files=5000, latency_ms=50, rate=0) as server:
        urls = server.write_list(bench.folder / "thousand")
        for number in range(bench.rounds):
            bench.say(f"dashboard, 1,000 workers and 5,000 jobs, round {number + 1} of {bench.rounds}")
            command = [bench.juggler, "download", str(urls), "--with", "thread-pool:1000", "--fps", str(FPS), "-o", str(bench.fresh_folder())]
            with Screen(command) as screen:
                screen.read_for(10, lambda: screen.runner())
                begin = time.monotonic() - screen.exec_s
                screen.read_for(120, lambda: not screen.runner())
                end = time.monotonic() - screen.exec_s
                frames = screen.frames()
                starts.append(end - begin)
            gaps = [later[0] - earlier[1] for earlier, later in zip(frames, frames[1:]) if later[0] > begin and earlier[0] < end]
            worst.append(max(gaps) - 1 / FPS)
    bench.table.add("1,000 workers, 5,000 jobs: longest stall of a frame", median(worst), at_most=0.05, absolute=True)
    bench.table.note(f"the run with 1,000 workers took {median(starts):.2f} s; stalls round by round, ms: "
                     + " ".join(f"{stall * 1000:.0f}" for stall in worst))


def measure_dashboard(bench):
    measure_first_frame(bench)
    measure_app(bench)
    measure_cost(bench)
    measure_unread(bench)
    measure_stalls(bench)
