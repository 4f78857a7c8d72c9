"""others.py - how much of the usable cores was taken by others while a test measured time (tests/unit/others.h, in Python).

A test that compares times may skip where that was much: never without this proof.
"""
import os
import time

MUCH = 0.3  # more cores than this taken by others, and times say nothing


def busy_s():
    """Seconds that the cores we may use were busy for anybody, another machine (steal) included."""
    ticks = 0
    usable = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    with open("/proc/stat", encoding="ascii") as file:
        for line in file:
            name, *counts = line.split()
            if name in usable:
                user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, counts[:8])
                ticks += user + nice + system + irq + softirq + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def own_s():
    return sum(os.times()[:4])  # ours, and that of the children that were waited for


class Others:
    def __init__(self):
        self.begin, self.busy, self.own = time.monotonic(), busy_s(), own_s()

    def cores(self):
        """So many cores were taken by others since then, on average."""
        return max(0.0, (busy_s() - self.busy - (own_s() - self.own)) / max(1e-9, time.monotonic() - self.begin))

    def skip_if_much(self, test, what):
        """To be called where a time is not as it should be."""
        cores = self.cores()
        if cores > MUCH:
            test.skipTest(f"others took {cores:.1f} of the usable cores meanwhile: {what}")
