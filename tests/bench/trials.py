#!/usr/bin/env python3
"""trials.py - make trials: what curl, wget, aria2c (where they are installed) and juggler do with servers that misbehave.

    tests/bench/trials.py [--juggler FILE]

The servers are those of the tests (tests/servers/zoo.py), on loopback. Each trial starts a tool in an empty folder, with its default
options but for those that are named in the table, and tells its exit code and what lies there afterwards. A trial ends after
LIMIT_S seconds, and no file grows over FILE_BYTES. Prints a table in Markdown.
"""
import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 6
FILE_BYTES = 256 << 20
GOOD = b"good\n"
TOOLS = ("curl", "wget", "aria2c", "juggler")
# How each fetches URLs into files in the working folder: quietly, once, without settings of its user.
COMMANDS = {
    "curl": ["curl", "-q", "-sS", "--remote-name-all"],
    "wget": ["wget", "--no-config", "-q", "-t", "1"],
    "aria2c": ["aria2c", "--no-conf", "-q", "-m", "1"],
    "juggler": ["juggler", "run", "download", "-o", ".", "--retry", "0", "--no-history"],
}


class Bench:
    """A folder, the zoo beside it, and a tool to try."""

    def __init__(self, juggler, port):
        self.commands = dict(COMMANDS)
        self.commands["juggler"] = [juggler, *COMMANDS["juggler"][1:]]
        self.url = f"http://127.0.0.1:{port}"
        self.top = self.folder = None

    def start(self, tool, *words, before=()):
        environment = {"HOME": str(self.top), "PATH": os.environ["PATH"], "TMPDIR": str(self.top), "LC_ALL": "C.UTF-8"}
        return subprocess.Popen([*before, *self.commands[tool], *words], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES)))

    @staticmethod
    def end(process, limit_s=LIMIT_S):
        """"rc N", or that it had to be ended."""
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            return f"not done after {limit_s} s"
        return "ended by the trial's limit of " + size(FILE_BYTES) if code == -signal.SIGXFSZ else f"rc {code}"

    def run(self, tool, *words, limit_s=LIMIT_S):
        return self.end(self.start(tool, *words), limit_s)


def size(count):
    return f"{count:,} B"


def fit(name):
    """A file's name: control characters shown, the middle of a long one left out."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in name)
    return shown if len(shown) <= 40 else f"{shown[:12]}...{shown[-8:]} ({len(os.fsencode(name))} bytes)"


def lies_there(folder):
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            found.append(f"`{fit(path.name)}` (link)")
        elif path.read_bytes()[:8] == GOOD:
            found.append(f"`{fit(path.name)}` the good one")
        else:
            found.append(f"`{fit(path.name)}` {size(path.stat().st_size)}")
    return ", ".join(found) or "no file"


def simple(path, *shared, limit_s=LIMIT_S, **options):
    """A trial that fetches one URL: shared options, and a tool's own; a tool whose options are None is left out."""
    def trial(bench, tool):
        own = options.get(tool, ())
        if own is None:
            return "–"
        ended = bench.run(tool, *shared, *own, bench.url + path, limit_s=limit_s)
        return f"{ended}; {lies_there(bench.folder)}"
    return trial


def killed(bench, tool):
    process = bench.start(tool, bench.url + "/slow/file.bin")
    time.sleep(1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.5)
    return lies_there(bench.folder)


def over_good(path):
    def trial(bench, tool):
        (bench.folder / "file.bin").write_bytes(GOOD)
        force = {"wget": ["-O", "file.bin"], "aria2c": ["--allow-overwrite=true"]}.get(tool, [])
        ended = bench.run(tool, *force, path if "://" in path else bench.url + path)
        return f"{ended}; {lies_there(bench.folder)}"
    return trial


def same_name(bench, tool):
    urls = [bench.url + "/ok/3000/same.bin", bench.url + "/ok/4000/same.bin"]
    return f"{bench.run(tool, *(['-Z'] if tool == 'aria2c' else []), *urls)}; {lies_there(bench.folder)}"


def link(bench, tool):
    victim = bench.top / "victim"
    victim.write_bytes(GOOD)
    (bench.folder / "file.bin").symlink_to(victim)
    force = {"wget": ["-O", "file.bin"], "aria2c": ["--allow-overwrite=true"]}.get(tool, [])
    ended = bench.run(tool, *force, bench.url + "/ok/3000/file.bin")
    return f"{ended}; {'the victim is untouched' if victim.read_bytes() == GOOD else 'followed, the victim overwritten'}"


def password(bench, tool):
    process = bench.start(tool, bench.url.replace("://", "://me:hushhush@") + "/drip/file.bin")
    time.sleep(1)
    line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return "in /proc/PID/cmdline" if b"hushhush" in line else "not in /proc/PID/cmdline"


def calls(bench, tool):
    if not shutil.which("strace"):
        return "–"
    log = bench.top / "strace.log"
    traced = ("strace", "-f", "-o", str(log), "-e", "trace=fsync,fdatasync,rename,renameat,renameat2")
    bench.end(bench.start(tool, bench.url + "/ok/5000/file.bin", before=traced), 10)
    text = log.read_text(encoding="utf-8", errors="replace")
    return f"{text.count('sync(')} / {sum(text.count(call) for call in ('rename(', 'renameat(', 'renameat2('))}"


MAX = {"curl": ["--max-filesize", "1000000"], "wget": ["-Q1m"], "aria2c": None, "juggler": ["--max-size", "1000000"]}
UNPACK = MAX | {"curl": ["--compressed", *MAX["curl"]], "wget": ["--compression=auto", *MAX["wget"]]}
NAMED = {"curl": ["-J"], "wget": ["--content-disposition"]}
TRIALS = [
    ("endless chunked body, limit 1 MB (`--max-filesize`, `-Q`, –, `--max-size`)", simple("/endless/file.bin", limit_s=4, **MAX)),
    ("gzip bomb of 200 MiB, limit 1 MB (`--compressed`, `--compression=auto`)", simple("/gzip-bomb/file.bin", **UNPACK)),
    ("body shorter than its Content-Length", simple("/short/file.bin")),
    ("header cut before its end", simple("/head-cut/file.bin")),
    ("two different Content-Lengths", simple("/length-two-down/file.bin")),
    ("Content-Length: 0x64", simple("/length-hex/file.bin")),
    ("body that ends with the connection", simple("/by-close/file.bin")),
    ("redirect to file:///etc/hostname (`curl -L`)", simple("/to-file/file.bin", curl=["-L"])),
    ("endless body of a redirect (`curl -L`)", simple("/redirect-endless/file.bin", limit_s=4, curl=["-L"])),
    ("kill -9 after a second of two", killed),
    ("a good file, then a short body (`wget -O`, `--allow-overwrite`)", over_good("/short/file.bin")),
    ("a good file, then connection refused (the same)", over_good("http://127.0.0.1:1/file.bin")),
    ("two URLs with one last segment", same_name),
    ("a link lies at the name (the same)", link),
    ("Content-Disposition `.bashrc` (`-J`, `--content-disposition`)", simple("/name-hidden/file.bin", **NAMED)),
    ("Content-Disposition with ESC (the same)", simple("/name-escape/file.bin", **NAMED)),
    ("last segment of 300 characters", simple("/ok/3000/" + "x" * 300)),
    ("10 bytes a second, no end in sight (juggler: `--timeout 2`)", simple("/drip/file.bin", juggler=["--timeout", "2"])),
    ("password in the URL", password),
    ("calls of fsync / rename for a file", calls),
]


def version_of(tool, command):
    words = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0].split()
    return f"{tool} {next((word for word in words if word[:1].isdigit()), '')}"


def try_all(bench, tools):
    for name, trial in TRIALS:
        row = []
        for tool in tools:
            with tempfile.TemporaryDirectory(prefix="trial-") as top:
                bench.top, bench.folder = Path(top), Path(top) / "out"
                bench.folder.mkdir()
                row.append(trial(bench, tool))
        print(f"| {name} | {' | '.join(cell.replace('|', '/') for cell in row)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--juggler", default=str(ROOT / "build/juggler"))
    juggler = str(Path(parser.parse_args().juggler).resolve())
    tools = [tool for tool in TOOLS if tool == "juggler" or shutil.which(tool)]
    zoo = subprocess.Popen([sys.executable, ROOT / "tests/servers/zoo.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        bench = Bench(juggler, int(zoo.stdout.readline()))
        print(f"| trial | {' | '.join(version_of(tool, juggler if tool == 'juggler' else tool) for tool in tools)} |")
        print("|---" * (len(tools) + 1) + "|")
        try_all(bench, tools)
        for tool in TOOLS:
            if tool not in tools:
                print(f"\n{tool} is not installed here.")
    finally:
        zoo.stdin.close()
        zoo.wait()


if __name__ == "__main__":
    main()
