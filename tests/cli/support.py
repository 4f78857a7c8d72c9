"""support.py - what the tests of the command line and of faults share: the program, a web server, processes, known results.

The program is driven as a script would drive it: arguments in, stdout, stderr and exit code out. The server runs in threads
of the test; its bodies follow from the path alone, so that every file can be checked without keeping it. Nothing here
sleeps in the hope of something: wait_for looks until it is so, or fails with what was expected.
"""
import csv
import functools
import hashlib
import http.server
import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("JUGGLER_ROOT", Path(__file__).resolve().parent.parent.parent))
JUGGLER = os.environ.get("JUGGLER", str(ROOT / "build/juggler"))
SANITIZED = bool(os.environ.get("JUGGLER_SAN"))
SLOWNESS = {"address": 3, "thread": 6}.get(os.environ.get("JUGGLER_SAN", ""), 1)
RUN_LIMIT_S = 40 * SLOWNESS
ARTICLE_LIMITS = [50328, 22756, 39371, 44832]
EXECUTORS = ["sequential", "thread-each", "thread-batch:3", "thread-pool:4", "process-each", "process-batch:3",
             "process-pool:4"]
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


# --- known results ----------------------------------------------------------------------------------------------------

@functools.lru_cache
def prime_products():
    """{limit: row} of tests/data/prime-products.csv, which was computed independently of the program."""
    with open(ROOT / "tests/data/prime-products.csv", newline="", encoding="ascii") as file:
        return {int(row["limit"]): row for row in csv.DictReader(file)}


@functools.lru_cache(None)
def product_facts(limit):
    """(primes, bits, digits, head, tail) of the product of the primes up to limit, by Python's own integers."""
    sieve = bytearray([1]) * (limit + 1)
    product, count = 1, 0
    for i in range(2, limit + 1):
        if sieve[i]:
            product, count = product * i, count + 1
            sieve[i * i::i] = bytes(len(range(i * i, limit + 1, i)))
    text = str(product)
    return count, product.bit_length(), len(text), text[:12], text[-12:]


# --- chance -----------------------------------------------------------------------------------------------------------

def new_seed():
    """For random.Random: JUGGLER_SEED, or another every time; it is printed."""
    seed = int(os.environ.get("JUGGLER_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"seed {seed}", flush=True)
    return seed


# --- waiting ----------------------------------------------------------------------------------------------------------

def wait_for(condition, what, limit_s=20):
    """Looks until condition() is true, and returns what it was; fails after limit_s."""
    deadline = time.monotonic() + limit_s * SLOWNESS
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit_s * SLOWNESS} s: {what}")
        time.sleep(0.005)


# --- processes --------------------------------------------------------------------------------------------------------

def process_stat(pid):
    """(name, state, parent) or None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    name = text[text.index("(") + 1:text.rindex(")")]
    state, parent = text[text.rindex(")") + 2:].split()[:2]
    return name, state, int(parent)


def children_of(pid, name=""):
    """Pids of the living children whose name begins so."""
    found = []
    for entry in os.listdir("/proc"):
        stat = process_stat(entry) if entry.isdigit() else None
        if stat and stat[2] == pid and stat[1] not in "ZX" and stat[0].startswith(name):
            found.append(int(entry))
    return sorted(found)


def family_of(pid):
    """pid and all its living descendants."""
    parents = {int(entry): process_stat(entry) for entry in os.listdir("/proc") if entry.isdigit()}
    family, size = {pid}, 0
    while len(family) != size:
        size = len(family)
        family |= {p for p, stat in parents.items() if stat and stat[2] in family}
    return sorted(p for p in family if parents.get(p) and parents[p][1] not in "ZX")


def is_alive(pid):
    stat = process_stat(pid)
    return bool(stat) and stat[1] not in "ZX"


def marked(mark):
    """Pids of the living processes with JUGGLER_MARK=mark in their environment: whoever their parents are then."""
    found, wanted = [], f"JUGGLER_MARK={mark}".encode()
    for entry in os.listdir("/proc"):
        try:
            marks = Path(f"/proc/{entry}/environ").read_bytes().split(b"\0") if entry.isdigit() else []
            if wanted in marks and is_alive(entry):
                found.append(int(entry))
        except OSError:
            continue
    return found


def threads_of(pid):
    """How many it has; 0: it is gone. ThreadSanitizer makes some of its own, which are called as the program is, or the process: not counted."""
    try:
        names = [Path(f"/proc/{pid}/task/{tid}/comm").read_bytes() for tid in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return 0
    return 1 + sum(not name.startswith(b"juggler") for name in names) if os.environ.get("JUGGLER_SAN") == "thread" else len(names)


def kill(pid, number=signal.SIGKILL):
    """True if it was still there to be sent a signal."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def leads_its_group(pid):
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def runners_of(app):
    """Who was forked by a runner just now is still called as it is, and the app's child when that is dead; but its group is another's."""
    return [pid for pid in children_of(app, "juggler:runner") if leads_its_group(pid)]


def runner_of(app):
    """The pid of the app's runner, as soon as there is one."""
    return wait_for(lambda: runners_of(app), "a runner")[0]


def workers_of(app):
    """Pids of the process workers at this moment."""
    return [worker for runner in children_of(app, "juggler:runner") for worker in children_of(runner, "juggler:p")]


# --- a web server -----------------------------------------------------------------------------------------------------

def body_of(path):
    """2 to 6 KB that follow from the path alone; /bytes/N has N of them."""
    size = 2000 + int.from_bytes(hashlib.sha256(path.encode()).digest()[:2], "big") % 4000
    if path.startswith("/bytes/"):
        size = int(path.split("/")[2])
    block = hashlib.sha256(b"body of " + path.encode()).digest()
    return (block * (size // len(block) + 1))[:size]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, *fields):
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n" + "".join(f + "\r\n" for f in fields) + "\r\n"
        self.wfile.write(head.encode() + body)

    def do_GET(self):  # pylint: disable=invalid-name
        site = self.server.site
        with site.lock:
            site.hits[self.path] = site.hits.get(self.path, 0) + 1
            hit = site.hits[self.path]
        behave = next((f for start, f in site.behaviours.items() if self.path.startswith(start)), None)
        if behave:
            behave(self, hit)
        else:
            self.answer(200, body_of(self.path))

    def log_message(self, *args):  # pylint: disable=arguments-differ
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def handle_error(self, request, client_address):
        pass  # a client that was killed is what some tests are about


class Site:
    """A server on loopback; `behaviours` says what paths with this beginning do, the others have a body.
    close() lets go of the requests that are held."""

    def __init__(self, behaviours=None):
        self.behaviours = {"/hold": Site.hold} | (behaviours or {})
        self.hits = {}
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.site = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def hold(handler, hit):
        """No byte is sent before the site is closed."""
        handler.server.site.released.wait(300)
        handler.close_connection = True

    def hits_of(self, start):
        with self.lock:
            return sum(count for path, count in self.hits.items() if path.startswith(start))

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


# --- the program ------------------------------------------------------------------------------------------------------

def unfit_to_show(text):
    """The characters in it that could do something to a terminal: control characters, or one that turns the direction."""
    return [c for c in text if (ord(c) < 32 and c != "\n") or 0x7f <= ord(c) < 0xa0 or c == "\u202e"]


class Result:
    """How a program ended and what it said."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def document(self):
        """stdout as the one JSON document that it has to be."""
        return json.loads(self.out)

    def __repr__(self):
        return f"exit code {self.code}\nstdout:\n{self.out[-2000:]}\nstderr:\n{self.err[-2000:]}"


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUGGLER_DATA")}
    return kept | {name: str(value) for name, value in more.items()}


class Case(unittest.TestCase):
    """A test with a folder of its own (self.folder), which is also where the program is started, its temporary folder
    (self.temporary), which has to be empty afterwards, and the folder of its history (self.state)."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="case-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.work = self.folder / "work"
        self.work.mkdir()
        self.output = self.work / "out"
        self.state = self.folder / "state"

    def start(self, *words, before=(), stdin=subprocess.DEVNULL, **more):
        """Starts the program; it is ended with the test, if it hasn't."""
        settings = environment(**({"TMPDIR": self.temporary, "XDG_STATE_HOME": self.state} | more.pop("env", {})))
        process = subprocess.Popen([*before, JUGGLER, *map(str, words)], stdin=stdin,
                                   stdout=more.pop("stdout", subprocess.PIPE),
                                   stderr=more.pop("stderr", subprocess.PIPE), cwd=self.work, env=settings, **more)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream and not stream.closed:
                stream.close()

    @staticmethod
    def finish(process, limit_s=None):
        """Waits for the end of a program that start() began."""
        try:
            out, err = process.communicate(timeout=limit_s or RUN_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"not done after {limit_s or RUN_LIMIT_S} s; it said: {out!r} {err!r}") from None
        return Result(process.returncode, (out or b"").decode(), (err or b"").decode())

    def run_juggler(self, *words, text=None, before=(), **more):
        """Runs the program to its end. text: for its standard input."""
        process = self.start(*words, before=before, stdin=subprocess.DEVNULL if text is None else subprocess.PIPE, **more)
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode()
            process.stdin.write(data)
            process.stdin.close()
            process.stdin = None
        return self.finish(process)

    def run_json(self, *words, code=0, **more):
        result = self.run_juggler(*words, "--json", **more)
        self.assertEqual(result.code, code, result)
        return result.document

    def site(self, **behaviours):
        site = Site({"/" + name: f for name, f in behaviours.items()})
        self.addCleanup(site.close)
        return site

    def list_file(self, lines, name="list.txt"):
        path = self.folder / name
        path.write_bytes(b"".join((line if isinstance(line, bytes) else str(line).encode()) + b"\n" for line in lines))
        return path

    def files(self, folder=None):
        """What is in the output folder: {name: bytes}, hidden names too."""
        folder = folder or self.output
        return {entry.name: entry.read_bytes() for entry in folder.iterdir()} if folder.exists() else {}

    def names(self, folder=None):
        """The names of finished files in the output folder. While a run goes on others come and go there, hidden ones."""
        folder = folder or self.output
        return {name for name in os.listdir(folder) if not name.startswith(".")} if folder.exists() else set()

    def assert_nothing_left(self):
        self.assertEqual(os.listdir(self.temporary), [], "the temporary folder is empty afterwards")

    def assert_product(self, job, limit):
        """A job of a JSON report is what is known of this limit."""
        row = prime_products().get(limit)
        known = (int(row["primes"]), int(row["bits"]), int(row["digits"]), row["first12"],
                 row["last12"]) if row else product_facts(limit)
        self.assertEqual((job["primes"], job["bits"], job["digits"], job["head"], job["tail"]), known, job)

    def assert_product_file(self, data, limit):
        row = prime_products()[limit]
        self.assertEqual(data[-1:], b"\n")
        self.assertEqual(hashlib.sha256(data[:-1]).hexdigest(), row["sha256_decimal"], f"the product of {limit}")
