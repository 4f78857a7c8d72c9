"""screen.py - a program in a pseudo-terminal, 120x40 unless said otherwise, and when what it wrote arrived.

The child notes the clock in a pipe right before exec, so a frame's age counts from exec, not from the fork of this interpreter. The
reader does nothing but read and note the time; a frame is a burst of output, ended by FRAME_GAP_S of silence.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import measure

COLUMNS, ROWS = 120, 40
FRAME_GAP_S = 0.004


class Screen:
    """The dashboard, or another program that ends with q, from its start to its end."""

    def __init__(self, command, size=(COLUMNS, ROWS), environment=()):
        self.chunks = []  # (seconds since exec, bytes)
        self.size, self.environment = size, dict(environment)
        read_end, write_end = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self.become(command, write_end)
        os.close(write_end)
        self.exec_s = struct.unpack("d", os.read(read_end, 8))[0]
        os.close(read_end)

    def become(self, command, write_end):
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", self.size[1], self.size[0], 0, 0))
            environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES", "LC_ALL")}
            environment.update(self.environment, TERM="xterm-256color", LANG="C.UTF-8")
            os.write(write_end, struct.pack("d", time.monotonic()))
            os.execve(command[0], command, environment)
        finally:
            os._exit(127)

    def read_for(self, seconds, until=None):
        """Reads for so long, or until until() is true; False when the program has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and until()):
            if not select.select([self.fd], [], [], 0.02)[0]:
                continue
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                return False
            if not data:
                return False
            self.chunks.append((time.monotonic() - self.exec_s, data))
        return True

    def wait_for(self, seconds, until, reads=True):
        """The same for a condition; without reading, if the terminal is to be one that does not. True: it holds."""
        if reads:
            self.read_for(seconds, until)
            return bool(until())
        end = time.monotonic() + seconds
        while not until() and time.monotonic() < end:
            time.sleep(0.005)
        return bool(until())

    def type(self, keys):
        os.write(self.fd, keys)

    def has(self, *words):
        text = b"".join(data for _, data in self.chunks)
        return all(word in text for word in words)

    def runner(self):
        """The pid of the process that carries out the run; None before and after it."""
        return next((pid for pid in measure.children(self.pid) if measure.comm(pid) == "juggler:runner"), None)

    def frames(self, begin_s=0.0, end_s=float("inf")):
        """[(begin, end), ...] of the bursts in seconds since exec."""
        bursts = []
        for at, _ in self.chunks:
            if bursts and at - bursts[-1][1] < FRAME_GAP_S:
                bursts[-1][1] = at
            else:
                bursts.append([at, at])
        return [burst for burst in bursts if begin_s <= burst[0] <= end_s]

    def close(self):
        """q, and if that is not enough, the hard way."""
        try:
            os.write(self.fd, b"q")
        except OSError:
            pass
        alive = self.read_for(5)
        if alive:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()
