"""What workers give up before their first job: no new privileges, no core files, no more descriptors than they can need, and system calls
that their work has no use for."""
import ctypes
import errno
import platform
import signal
import struct
import unittest
from pathlib import Path

from cli.support import Case, children_of, runner_of, wait_for, workers_of

FOR_FILES = 1 << 1 | 1 << 2 | 1 << 3  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: what root needs to write into others' folders
NEEDED_BY = {1: 272, 5: 336}  # descriptors of a process with so many workers in it: 64 and 4 for each, and four times that


def status_of(pid, name):
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(name + ":"):
            return line.split()[1]
    raise AssertionError(f"this kernel does not tell {name}")


def capabilities_of(pid):
    """All that it has, or could take again."""
    return int(status_of(pid, "CapEff"), 16) | int(status_of(pid, "CapPrm"), 16) | int(status_of(pid, "CapInh"), 16)


def limits_of(pid, name):
    """(soft, hard) as the kernel writes them."""
    for line in Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return tuple(line[len(name):].split()[:2])
    raise AssertionError(f"no limit {name}")


def refuse_filters():
    """From now on this process, and what it becomes, is refused seccomp(2): by a filter, as containers do it."""
    number = {"x86_64": 317, "aarch64": 277}[platform.machine()]
    lines = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50000 | errno.EPERM), (0x06, 0, 0, 0x7fff0000)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    libc = ctypes.CDLL(None, use_errno=True)
    words = struct.pack("H6xP", len(lines), ctypes.addressof(program))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, words, 0, 0):  # no new privileges, then the filter
        raise OSError(ctypes.get_errno(), "prctl")


class WorkerRights(Case):
    def at_work(self, executor, workers):
        """(app, runner, process workers) of a run whose jobs are all being waited for."""
        site = self.site()
        process = self.start("run", "download", "--with", executor, "-o", self.output, "--no-history",
                             *[f"{site.url}/hold/{i}" for i in range(workers)])
        wait_for(lambda: site.hits_of("/hold") == workers, f"{workers} requests")
        return process, runner_of(process.pid), workers_of(process.pid)

    def check(self, pid, descriptors):
        self.assertEqual(status_of(pid, "NoNewPrivs"), "1")
        self.assertEqual(capabilities_of(pid) & ~FOR_FILES, 0)
        self.assertEqual(limits_of(pid, "Max core file size"), ("0", "0"))
        self.assertEqual(limits_of(pid, "Max open files"), (str(descriptors), str(descriptors)))
        self.assertLessEqual(len(list(Path(f"/proc/{pid}/fd").iterdir())), descriptors)

    def filters_here(self):
        """True where the kernel, or the container, lets a program filter its calls: by the program's own word, which doctor tries."""
        line = next(line for line in self.run_juggler("doctor").out.splitlines() if "call filter" in line)
        return line.startswith("ok ")

    def check_filtered(self, pid, filtered):
        """2: by a list of its own; and nobody else has got one by that."""
        self.assertEqual(status_of(pid, "Seccomp"), "2" if filtered else status_of("self", "Seccomp"))

    def leave(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)

    def test_process_workers(self):
        process, runner, workers = self.at_work("process-pool:3", 3)
        self.assertEqual(len(workers), 3)
        for pid in [runner, *workers]:
            self.check(pid, NEEDED_BY[1])
        filtered = self.filters_here()
        for pid in workers:
            self.check_filtered(pid, filtered)
        for pid in [process.pid, runner]:
            self.check_filtered(pid, False)
        self.leave(process)

    def test_workers_that_compute(self):
        for words in (["primes", "20000000", "20000001", "--kernel", "trial"], ["counter", "--adds", "200000000000"]):
            with self.subTest(work=words[0]):
                process = self.start("run", *words, "--with", "process-pool:2", "--no-history")
                workers = wait_for(lambda app=process.pid: len(found := workers_of(app)) == 2 and found, "two workers")
                if self.filters_here():
                    wait_for(lambda here=workers: all(status_of(pid, "Seccomp") == "2" for pid in here), "their filters")
                    self.assertEqual([capabilities_of(pid) for pid in workers], [0, 0])
                self.leave(process)

    def test_where_filters_are_refused_the_work_goes_on(self):
        """As in a container that refuses seccomp: the same results, and doctor says so in words."""
        if not self.filters_here():
            self.skipTest("filters are refused here anyway")
        document = self.run_json("run", "primes", "1000", "2000", "--with", "process-pool:2", "--no-history", preexec_fn=refuse_filters)
        self.assertEqual(document["totals"]["done"], 2)
        doctor = self.run_juggler("doctor", preexec_fn=refuse_filters)
        self.assertRegex(doctor.out, r"(?m)^note  call filter    seccomp: Operation not permitted, so workers that are processes may ask")

    def test_a_process_of_threads_has_what_its_threads_need(self):
        process, runner, workers = self.at_work("thread-pool:5", 5)
        self.assertEqual(workers, [])
        self.check(runner, NEEDED_BY[5])
        self.leave(process)

    def test_a_process_worker_may_take_what_there_was(self):
        """Address space: a runaway product fails in its worker before the machine runs out. The runner computes nothing and has no limit."""
        process = self.start("run", "primes", "3000000", "3000001", "--kernel", "trial", "--with", "process-pool:2", "--no-history")
        workers = wait_for(lambda: (found := workers_of(process.pid)) and len(found) == 2 and found, "two workers")
        wait_for(lambda: all(limits_of(pid, "Max address space")[0] != "unlimited" for pid in workers), "their limits")
        total = 1024 * int(next(line.split()[1] for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
                                if line.startswith("MemTotal:")))
        for pid in workers:
            soft, hard = limits_of(pid, "Max address space")
            self.assertEqual(soft, hard)
            used = 4096 * int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0])
            self.assertLess(int(soft) - used, total + (300 << 20))
            self.assertGreater(int(soft) - used, 64 << 20)
        self.assertEqual(limits_of(runner_of(process.pid), "Max address space")[0], limits_of("self", "Max address space")[0])
        self.leave(process)

    def test_the_built_in_server(self):
        process = self.start("serve", "--port", "0")
        origin = wait_for(lambda: children_of(process.pid, "juggler:origin"), "the server")[0]
        wait_for(lambda: status_of(origin, "NoNewPrivs") == "1", "no new privileges")
        process.send_signal(signal.SIGINT)
        self.finish(process)

    def test_the_program_itself_keeps_what_it_was_given(self):
        process, _, _ = self.at_work("process-pool:1", 1)
        self.assertEqual(status_of(process.pid, "NoNewPrivs"), status_of("self", "NoNewPrivs"))
        self.leave(process)


if __name__ == "__main__":
    unittest.main()
