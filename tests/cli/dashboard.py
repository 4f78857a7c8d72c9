"""dashboard.py - the dashboard in a pseudo-terminal, driven and drained but not read: for trials of what it leaves and what it costs.

A shell leads the session and outlives the program, as it does for a person; so the terminal stays when the program goes. What a screen
shows is for tests/tui to say."""
import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios
import threading
import time
from pathlib import Path

from cli.support import JUGGLER, environment, is_alive, marked, process_stat, wait_for

TAIL_BYTES = 1 << 16
# To open the terminal makes it the session's own. What was standard input is held open by whoever drives this, until the end.
# The program's number is told before it is the program: it may be dead before anybody could look for it.
LEADER = 'exec 8<&0 <"$1" >"$1" 2>&1; shift; sh -c \'echo $$ >"$0"; exec "$@"\' "$@"; read -r line <&8'


def read_line(path):
    """Without its end; "": it has none yet."""
    text = Path(path).read_text(encoding="ascii")
    return text[:-1] if text.endswith("\n") else ""


class Dashboard:
    """The program with these words, in a terminal of its own. close() ends what is left of it."""

    def __init__(self, *words, cwd, size=(120, 36), **env):
        self.master, self.terminal = pty.openpty()
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.settings = termios.tcgetattr(self.terminal)
        self.hold, held = os.pipe()[::-1]
        self.bytes, self.tail = 0, b""
        self.mark = f"{os.getpid()}.{time.monotonic_ns()}"
        with tempfile.NamedTemporaryFile(prefix="pid-") as told:
            self.leader = subprocess.Popen(["/bin/sh", "-c", LEADER, "leader", os.ttyname(self.terminal), told.name, JUGGLER,
                                            *map(str, words)], stdin=held, cwd=cwd, start_new_session=True,
                                           env=environment(TERM="xterm-256color", JUGGLER_MARK=self.mark, **env))
            os.close(held)
            threading.Thread(target=self._drain, daemon=True).start()
            self.pid = int(wait_for(lambda: read_line(told.name), "the program's number"))
        wait_for(lambda: not is_alive(self.pid) or process_stat(self.pid)[0] != "sh", "the program in its terminal")

    def _drain(self):
        while True:
            try:
                got = os.read(self.master, TAIL_BYTES)
            except OSError:
                return
            self.bytes += len(got)
            self.tail = (self.tail + got)[-TAIL_BYTES:]

    def type(self, keys):
        os.write(self.master, keys.encode())

    def unread(self):
        """Bytes of keys that the program has not taken yet."""
        return struct.unpack("i", fcntl.ioctl(self.terminal, termios.FIONREAD, bytes(4)))[0]

    def alive(self):
        return is_alive(self.pid)

    def family(self):
        """All that came of the program, whoever its parent is now: the session's leader apart, which has the same mark."""
        return [pid for pid in marked(self.mark) if pid != self.leader.pid]

    def settings_restored(self):
        return termios.tcgetattr(self.terminal) == self.settings

    def left_the_screen(self):
        """Its last words about the alternate screen and about the cursor are that it leaves the one and shows the other."""
        tail = self.tail
        return (tail.rfind(b"\033[?1049l") >= tail.rfind(b"\033[?1049h") and
                tail.rfind(b"\033[?25h") >= tail.rfind(b"\033[?25l"))

    def close(self):
        if self.alive():
            os.kill(self.pid, 9)
        os.close(self.hold)
        self.leader.wait()
        os.close(self.terminal)
        os.close(self.master)


# --- what it costs ----------------------------------------------------------------------------------------------------

def descriptors_of(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def resident_kib(pid):
    """Memory that is no file's and no board's. What a runner has from its app counts in both: which of those pages they still share is a
    matter of when who wrote to them, and says nothing of growth."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("RssAnon:")), 0)
    except OSError:
        return 0
