"""measure.py - how the bench measures a program: time, CPU time, and the memory of all its processes together.

Memory is the sum of the proportional set sizes (Pss of /proc/PID/smaps_rollup: private pages, and of every shared page its share) of a
process and everything below it, sampled; the largest sum counts. CPU time is user and system time from wait4, with all children
that were reaped. Time is from before the start to the exit of the whole program, as somebody at a prompt would see it.
"""
import os
import select
import statistics
import subprocess
import time

SAMPLE_S = 0.04


class Failed(Exception):
    """What was to be measured did not do its work."""


def children(pid):
    """The pids of the children of all threads of a process."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:
        pass
    return found


def tree(pid):
    """A process and everything below it."""
    pids = [pid]
    for each in pids:
        pids += children(each)
    return pids


def comm(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def memory_kib(pid):
    """{"Pss": KiB, "Private_Dirty": KiB, ...} of one process; empty when it is gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            lines = [line.split() for line in file if line.endswith("kB\n")]
    except OSError:
        return {}
    return {words[0].rstrip(":"): int(words[1]) for words in lines}


def tree_pss_mb(pid):
    return sum(memory_kib(each).get("Pss", 0) for each in tree(pid)) * 1024 / 1e6


def on_core_s(pid):
    """Seconds the only thread of a process has been on a core."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0]) / 1e9


def cpu_s(pid):
    """Seconds that all threads of a process have been on a core."""
    seconds = 0.0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                seconds += int(file.read().split()[0]) / 1e9
    except OSError:
        pass
    return seconds


def waits(pid):
    """How often the only thread of a process has waited for something so far."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches:"))


def threads(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


class Result:
    """One finished program."""

    def __init__(self, wall_s, cpu_s, memory_mb, code, out):
        self.wall_s, self.cpu_s, self.memory_mb, self.code, self.out = wall_s, cpu_s, memory_mb, code, out


def run(command, out_path, watch_memory=True, ok_codes=(0,), limit_s=600):
    """Runs a command to its end, its stdout into a file; raises Failed when it fails or takes too long."""
    with open(out_path, "wb") as out, open(str(out_path) + ".err", "wb") as errors:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        pidfd = os.pidfd_open(process.pid)
        poller = select.poll()
        poller.register(pidfd, select.POLLIN)
        memory_mb = 0.0
        while not poller.poll(SAMPLE_S * 1000 if watch_memory else limit_s * 1000):
            memory_mb = max(memory_mb, tree_pss_mb(process.pid))
            if time.monotonic() - begin > limit_s:
                process.kill()
        wall_s = time.monotonic() - begin
        os.close(pidfd)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ok_codes:
        with open(str(out_path) + ".err", encoding="utf-8", errors="replace") as file:
            raise Failed(f"{command[0]} ended with {process.returncode}: {file.read()[-400:].strip()}")
    return Result(wall_s, usage.ru_utime + usage.ru_stime, memory_mb, process.returncode, out_path)


def median(values):
    return statistics.median(values)
