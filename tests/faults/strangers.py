"""strangers.py - dead workers' and runners' numbers are given to strangers while keys, widths and ends do their killing. Run by
test_number_reuse.py as the first process of a pid namespace, in which the next number can be chosen (ns_last_pid).

A stranger does nothing, in a session of its own, whose number is that of its group, too. It dies of whatever it is sent: none may."""
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from cli.dashboard import Dashboard
from cli.support import JUGGLER, children_of, environment, is_alive, runner_of, wait_for, workers_of

LAST_PID = Path("/proc/sys/kernel/ns_last_pid")
DOWN = "\033OB"
WIDTH = 6
KEY_TRIES = 10
A_ROUND = 8  # numbers that a round gives away, at least


class Watch:
    """Processes by handles of theirs: a number alone could be a successor's already."""

    def __init__(self, pids):
        self.handles = {}
        for pid in pids:
            try:
                self.handles[pid] = os.pidfd_open(pid)
            except ProcessLookupError:
                continue

    def ended(self, within_s=0):
        """The numbers of those that ended by now, or of the first that does."""
        ready = select.select(list(self.handles.values()), [], [], within_s)[0]
        return [pid for pid, handle in self.handles.items() if handle in ready]

    def wait(self, count, what):
        """The numbers of those that ended, as soon as there are so many; the others are watched no more."""
        gone = wait_for(lambda: len(found := self.ended()) >= count and found, what)
        for handle in self.handles.values():
            os.close(handle)
        return gone


class Strangers:
    def __init__(self):
        self.pids = []

    def take(self, pid):
        """Makes a process with this number, which nobody has; False if somebody else was quicker."""
        for _ in range(10):
            if os.path.exists(f"/proc/{pid}"):
                return False
            LAST_PID.write_text(str(pid - 1), encoding="ascii")
            child = os.fork()
            if child == 0:
                os.setsid()
                while True:
                    signal.pause()
            if child == pid:
                self.pids.append(pid)
                return True
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return False

    def take_when_free(self, pids):
        """The numbers of these, who have ended, as soon as they were waited for. Returns how many it got: a successor may have been quicker."""
        for pid in pids:
            wait_for(lambda gone=pid: not os.path.exists(f"/proc/{gone}") or is_alive(gone), f"{pid} to be waited for")
        return sum(self.take(pid) for pid in pids)

    def assert_unharmed(self, when):
        for pid in self.pids:
            got, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
            if got:
                sys.exit(f"{when}: the stranger with the number {pid}, which had been a worker's or a runner's, was sent a "
                         f"signal: wait status {status:#x}")

    def leave(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.pids = []


def limits_file(folder):
    path = Path(folder) / "limits.txt"
    path.write_text("60000\n" * 5000, encoding="ascii")
    return path


# --- the dashboard ----------------------------------------------------------------------------------------------------

class Stage:
    """A lane of processes, and what is done to it; each returns the numbers of those that are gone by it."""

    def __init__(self, shown, source):
        self.shown, self.source = shown, source

    def workers(self):
        return wait_for(lambda: len(found := workers_of(self.shown.pid)) == WIDTH and found, f"{WIDTH} workers", 30)

    def by_key(self):
        """k takes nobody who was not on the screen yet, so it is pressed until somebody dies, as a person would."""
        before = Watch(self.workers())
        for _ in range(KEY_TRIES):
            self.shown.type(DOWN + "k")
            if before.ended(within_s=1):
                break
        return before.wait(1, "a death by the key")

    def by_others(self):
        victim = self.source.choice(self.workers())
        watch = Watch([victim])
        os.kill(victim, signal.SIGKILL)
        return watch.wait(len(watch.handles), "a death")

    def by_fewer(self):
        """Two leave by themselves; the seats that they had are empty when k and the end come."""
        before = Watch(self.workers())
        self.shown.type("pp")
        left = before.wait(2, "two to leave")
        self.shown.type("k" + DOWN + "k")
        return left

    def more_again(self):
        self.shown.type(f"{WIDTH}\r")
        self.workers()

    def by_its_runner(self):
        """The runner is killed, and its workers with it."""
        runner = runner_of(self.shown.pid)
        watch = Watch([runner, *self.workers()])
        os.kill(runner, signal.SIGKILL)
        return watch.wait(len(watch.handles), "the end of a runner and its workers")

    def end(self):
        """One that can't leave by itself: so the runner kills whoever is still there."""
        for pid in workers_of(self.shown.pid)[:1]:
            os.kill(pid, signal.SIGSTOP)
        self.shown.type("x")
        wait_for(lambda: not children_of(self.shown.pid, "juggler:runner"), "the run to stop")


def play_dashboard(folder, rounds, source):
    strangers = Strangers()
    shown = Dashboard("primes", limits_file(folder), "--with", f"process-pool:{WIDTH}", "--no-history", "--no-config", cwd=folder)
    stage = Stage(shown, source)
    taken = played = 0
    while played < rounds or (taken < A_ROUND * rounds and played < 2 * rounds):  # on a busy machine a round gives fewer away
        played += 1
        taken += strangers.take_when_free(stage.by_key())
        taken += strangers.take_when_free(stage.by_others())
        shown.type("kk" + DOWN + "k")
        taken += strangers.take_when_free(stage.by_fewer())
        shown.type("k" + DOWN + "k" + DOWN + "k")
        strangers.assert_unharmed("k, with two seats empty")
        stage.more_again()
        taken += strangers.take_when_free(stage.by_its_runner())
        shown.type(DOWN + "k")
        strangers.assert_unharmed("k, after the runner's end")
        taken += strangers.take_when_free(stage.by_fewer())
        stage.end()
        strangers.assert_unharmed("x, with two seats empty")
        shown.type("r")
        stage.more_again()
    taken += strangers.take_when_free(stage.by_its_runner())
    shown.type("q")
    wait_for(lambda: not shown.alive(), "the end")
    strangers.assert_unharmed("q")
    strangers.leave()
    shown.close()
    return taken


# --- a run without a screen -------------------------------------------------------------------------------------------

def play_run(folder, source):
    """Stopped twice, so that nobody is waited for: whoever is left is killed, and those only."""
    strangers = Strangers()
    pid = os.posix_spawn(JUGGLER, [JUGGLER, "run", "primes", str(limits_file(folder)), "--with", f"process-pool:{WIDTH}",
                                   "--no-history", "--no-config", "--progress", "none"], environment(),
                         file_actions=[(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)])
    first = wait_for(lambda: len(found := workers_of(pid)) == WIDTH and found, "workers")
    watch = Watch(source.sample(first, 3))
    for victim in watch.handles:
        os.kill(victim, signal.SIGKILL)
    taken = strangers.take_when_free(watch.wait(len(watch.handles), "their deaths"))
    others = wait_for(lambda: len(found := workers_of(pid)) == WIDTH and found, "workers again")
    runner = runner_of(pid)
    watch = Watch([runner, *others])
    os.kill(runner, signal.SIGKILL)
    taken += strangers.take_when_free(watch.wait(len(watch.handles), "the runner's end, and its workers'"))
    wait_for(lambda: workers_of(pid), "a runner again")
    for _ in range(2):
        os.kill(pid, signal.SIGINT)
    status = os.waitpid(pid, 0)[1]
    strangers.assert_unharmed("two times Ctrl-C")
    strangers.leave()
    if os.waitstatus_to_exitcode(status) != 130:
        sys.exit(f"a run that was stopped ended with the wait status {status:#x}")
    return taken


def main(folder, rounds, seed):
    source = random.Random(seed)
    begin = time.monotonic()
    taken = play_run(folder, source) + play_dashboard(folder, rounds, source)
    print(f"figure: {taken} numbers of dead workers and runners were given to strangers, who all live; "
          f"{time.monotonic() - begin:.1f} s", flush=True)
    if taken < A_ROUND * rounds:
        sys.exit(f"too few numbers were given away to prove anything: {taken}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
