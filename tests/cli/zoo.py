"""zoo.py - the zoo of misbehaving servers (tests/servers/zoo.py) as a process of its own beside a test."""
import subprocess
import sys

from cli.support import ROOT, wait_for

sys.path.insert(0, str(ROOT / "tests/servers"))
import hostile  # noqa: E402,F401 pylint: disable=wrong-import-position,unused-import
from connection import body  # noqa: E402,F401 pylint: disable=wrong-import-position,unused-import


class Zoo:
    """Starts the zoo, with a port for TLS for each certificate."""

    def __init__(self, *certificates):
        self.process = subprocess.Popen([sys.executable, str(ROOT / "tests/servers/zoo.py"), *map(str, certificates)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port, *self.tls_ports = map(int, self.process.stdout.readline().split())
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def peak_bytes(pid):
    """The most memory that this process has had, or 0 when it has gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def watch_peak(process, pid):
    """The most memory that pid has had when the program ends."""
    peak = 0

    def ended():
        nonlocal peak
        peak = max(peak, peak_bytes(pid))
        return process.poll() is not None
    wait_for(ended, "the end of the run", 30)
    return peak
