"""Servers that misbehave: each download ends in time, with a failure in words or a whole, right file; nothing else is left.

The servers are tests/servers/zoo.py; all are asked in one run, 64 at a time, by threads and by the event loop. test: limit 180
"""
import datetime
import gzip
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from cli.support import SANITIZED, SLOWNESS, Case, runner_of, unfit_to_show
from cli.zoo import Zoo, body, hostile, watch_peak

TIMEOUT_S = min(SLOWNESS, 3)
MAX_BYTES = 1 << 20
SLACK_BYTES = 64 << 10
MEMORY_BYTES = 64 << 20
# A stalled transfer is noticed within a second of its limit: so it has to be with one of the executors, the others may have met a busy
# moment of the machine.
ENDS_WITHIN_S, NEVER_LONGER_S = TIMEOUT_S + 1 + 0.5, 15
STALLED, BROKE, HEADER = f"no progress for {TIMEOUT_S} s", "the connection broke after", "the connection broke in the header"
LARGE, HEADERS, OTHER = r"larger than 1\.0 MiB", "headers larger than 256 KiB", "redirected to something other than http and https"
NOT_HTTP, NOT_RIGHT, LENGTH = "not an answer in HTTP", "not a right answer in HTTP: ", "contradicts itself about the length"
CHUNKS, ENCODING, LINE = "pieces .chunks. make no sense", "Transfer-Encoding", "a line of the header is too long"
DETOUR, NO_URL, HOPS = "redirected with a body larger than 64", "redirected to what is no URL", "more than 10 redirects"
NO_ANSWER, SHORT = "without an answer|the connection broke before", "short: "

# What is asked for, and what comes of it: the bytes of the file (a number: that many of body()), or a pattern of the error.
ZOO = {
    "ok/5000": 5000, "missing": "HTTP 404", "missing-endless": "HTTP 404", "short": "short: 50,000 of 100,000", "by-close": 30000,
    "chunked": 30000, "chunked-cut": BROKE, "endless": LARGE, "endless-close": LARGE, "promised-large": LARGE, "headers": HEADERS,
    "one-byte": STALLED, "silent": STALLED, "drip": STALLED, "loop": HOPS, "to-file": OTHER, "hop/3": 4000, "hop/100": HOPS,
    "empty": 0, "no-content": 0, "partial": "HTTP 206: a part", "reset": "short: 20,000 of 100,000", "gone": NO_ANSWER,
    "garbage": NOT_HTTP, "encoded": b"\x1f\x8b not really gzip", "auth": "HTTP 401",
    # lengths
    "length-negative": NOT_RIGHT, "length-plus": LENGTH, "length-huge": LARGE, "length-largest": LARGE, "length-words": NOT_RIGHT,
    "length-hex": LENGTH, "length-empty": NOT_RIGHT + "|" + LENGTH, "length-twice": 100, "length-two": LENGTH,
    "length-folded": LENGTH, "encoding-folded": LENGTH, "length-two-down": LENGTH, "length-list": LENGTH, "length-and-chunks": 3000, "chunks-and-length": 3000, "length-less": 100,
    "length-one-more": "short: 5,000 of 5,001",
    # chunks
    "chunk-bad-size": CHUNKS, "chunk-no-size": CHUNKS, "chunk-negative": CHUNKS, "chunk-huge": CHUNKS, "chunk-largest": STALLED,
    "chunk-no-end-of-line": CHUNKS, "chunk-cut-size": BROKE, "chunk-no-last": BROKE, "chunk-trailer": 100,
    "chunk-trailer-open": STALLED, "chunk-trailer-cut": BROKE, "chunk-trailer-large": CHUNKS, "chunk-tiny": 3000,
    "chunk-extension": 100, "trailer-endless": HEADERS, "extension-endless": STALLED, "size-endless": CHUNKS, "chunks-drip": STALLED,
    "encoding-unknown": ENCODING, "encoding-many": ENCODING, "encoding-not-gzip": ENCODING,
    # packed: stored as sent, but for a transfer encoding, which is no part of the file
    "gzip-bomb": hostile.bomb(), "transfer-bomb": LARGE, "transfer-gzip": 3000,
    # heads
    "head-cut": HEADER, "head-open": STALLED, "head-no-colon": NOT_RIGHT, "head-nul": NOT_RIGHT, "head-binary": 100,
    "head-folded": 100, "head-bare-lf": 100, "head-one-large": LINE, "head-name-large": 100, "head-many": 100,
    "head-too-many": HEADERS, "head-cookies": 100, "head-escape": 100, "head-drip": STALLED, "head-lines-drip": STALLED,
    "head-line-endless": LINE, "first-nothing": NO_ANSWER, "first-old": NOT_HTTP, "first-other": NOT_HTTP, "first-version": NOT_HTTP, "first-1.0": 4000,
    "first-no-status": NOT_HTTP, "first-short-status": NOT_HTTP, "first-long-status": NOT_HTTP, "first-large": LINE,
    "first-endless": NOT_HTTP,
    # before the answer
    "hints": 100, "hints-length": 100, "hints-only": STALLED, "hints-endless": HEADERS, "hints-drip": STALLED, "continue-many": 100,
    "switching": STALLED,
    # a header that would like to name the file
    "name-hidden": 100, "name-up": 100, "name-coded": 100, "name-escape": 100, "name-large": 100,
    # redirects
    "to-nowhere": "HTTP 302", "to-nothing": "HTTP 302", "to-ftp": OTHER, "to-gopher": OTHER, "to-dict": OTHER, "to-file-host": OTHER,
    "to-file-upper": OTHER, "to-script": OTHER, "to-data": OTHER, "to-bad-host": NO_URL, "to-bad-port": NO_URL,
    "to-closed-port": "could not connect to the server it was redirected to: refused", "to-injection": 100, "to-control": NO_URL,
    "to-blank": 100, "to-large": 100, "to-up": 100, "to-two": 100, "to-refresh": 100, "to-one-way": HOPS, "to-and-endless": DETOUR,
    "redirect-endless": DETOUR,
}
WHOLE_STATUSES = (200, 201, 202, 203, 207, 226, 299)
REDIRECTS = (300, 301, 302, 303, 305, 306, 307, 308, 399)
ERRORS = (304, 400, 401, 403, 404, 405, 407, 408, 410, 413, 416, 418, 421, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507,
          511, 599, 600, 999)
ZOO |= {f"status/{number}": 100 for number in WHOLE_STATUSES}
ZOO |= {f"status/{number}": OTHER for number in REDIRECTS}
ZOO |= {f"status/{number}": f"HTTP {number}$" for number in ERRORS}
# The header of /rst-after and /close-after ends behind byte 42.
CUTS = (0, 1, 12, 17, 30, 41, 42, 43, 100, 4000, 20000, 20041)
ZOO |= {f"close-after/{n}": NO_ANSWER if n < 17 else HEADER if n < 42 else SHORT for n in CUTS}
ZOO |= {f"rst-after/{n}": "the connection broke|" + NO_ANSWER if n < 42 else SHORT for n in CUTS}
# None of these has an end of its own.
GREEDY = ("endless", "endless-close", "headers", "hints-endless", "head-line-endless", "trailer-endless", "first-endless", "transfer-bomb",
          "redirect-endless", "missing-endless", "extension-endless", "size-endless", "gzip-bomb", "head-cookies", "first-large", "drip")


def name_of(animal):
    return animal.replace("/", "-") + ".bin"


class Misbehaving(Case):
    def setUp(self):
        super().setUp()
        self.soonest = {}
        self.zoo = Zoo()
        self.addCleanup(self.zoo.close)

    def download(self, animals, executor):
        """(process, names): a run that asks for all of these, each into a file of its own."""
        names = [name_of(animal) for animal in animals]
        urls = self.list_file(f"{self.zoo.url}/{animal}/{name}" for animal, name in zip(animals, names))
        return self.start("run", "download", urls, "--with", executor, "--timeout", TIMEOUT_S, "--retry", 0, "--max-size", MAX_BYTES,
                          "-o", self.output, "--json"), names

    @staticmethod
    def met_a_busy_moment(animal, job):
        """True when it ran out of time and should not have: the flood from the others. Such a one is asked again, alone."""
        return job["state"] == "failed" and ZOO[animal] != STALLED and re.search(STALLED + "|no answer$|not ready in time", job["error"])

    def assert_as_told(self, animal, expected, job):
        if isinstance(expected, str):
            self.assertEqual(job["state"], "failed", job)
            self.assertRegex(job["error"], expected)
            self.assertEqual(unfit_to_show(job["error"]), [])
        else:
            self.assertEqual(job["state"], "done", job)
        self.assertLess(job["seconds"], NEVER_LONGER_S * SLOWNESS, animal)
        self.soonest[animal] = min(job["seconds"], self.soonest.get(animal, job["seconds"]))

    def expected_files(self, names, before):
        files = {name: before for name in names} if before is not None else {}
        for name, expected in zip(names, ZOO.values()):
            if not isinstance(expected, str):
                files[name] = body(expected) if isinstance(expected, int) else expected
        return files

    def test_all_of_them(self):
        """First into an empty folder; then over good files, which stay where the new one did not come whole."""
        self.assertGreaterEqual(len(ZOO), 40)
        for executor, before in (("thread-pool:64", None), ("event-loop:64", b"good"), ("process-pool:16", b"good")):
            shutil.rmtree(self.output, ignore_errors=True)
            if before is not None:
                self.output.mkdir()
                for animal in ZOO:
                    (self.output / name_of(animal)).write_bytes(before)
            process, names = self.download(list(ZOO), executor)
            result = self.finish(process)
            self.assertEqual(result.code, 1, result)
            jobs = dict(zip(ZOO, result.document["jobs"], strict=True))
            for animal in [animal for animal, job in jobs.items() if self.met_a_busy_moment(animal, job)]:
                process, _ = self.download([animal], executor)
                jobs[animal] = self.finish(process).document["jobs"][0]
            for animal, expected in ZOO.items():
                with self.subTest(executor=executor, animal=animal):
                    self.assert_as_told(animal, expected, jobs[animal])
            self.assertEqual(unfit_to_show(result.err), [])
            files = self.files()
            for name, data in self.expected_files(names, before).items():
                with self.subTest(executor=executor, file=name):
                    self.assertTrue(files.pop(name, None) == data)
            self.assertEqual(list(files), [])
            self.assert_nothing_left()
        late = {animal: seconds for animal, seconds in self.soonest.items() if seconds > ENDS_WITHIN_S * SLOWNESS}
        self.assertEqual(late, {})

    def test_what_has_no_known_end_is_told(self):
        process, _ = self.download(["by-close", "first-1.0", "chunked", "ok/100"], "sequential")
        jobs = self.finish(process).document["jobs"]
        self.assertEqual([job.get("length_unverified", False) for job in jobs], [True, True, False, False])

    def test_64_greedy_ones_at_once(self):
        """Memory stays small, and of no body more is taken than its limit and a buffer."""
        animals = GREEDY * (64 // len(GREEDY))
        self.assertEqual(len(animals), 64)
        for executor in ("thread-pool:64", "event-loop:64"):
            with self.subTest(executor=executor):
                process, _ = self.download(animals, executor)
                peak = watch_peak(process, runner_of(process.pid))
                document = self.finish(process).document
                if not SANITIZED:
                    self.assertGreater(peak, 1 << 20)
                    self.assertLess(peak, MEMORY_BYTES)
                self.assertEqual(document["totals"]["done"] + document["totals"]["failed"], 64)
                for worker in document["workers"]:
                    jobs = sum(job["worker"] == worker["id"] for job in document["jobs"])
                    self.assertLessEqual(worker["bytes"], jobs * (MAX_BYTES + SLACK_BYTES))


# --- TLS ----------------------------------------------------------------------------------------------------------------

# Where systems keep the certificates that they trust.
TRUSTED = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem", "/etc/ssl/ca-bundle.pem")


def openssl(*words, **more):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, **more).stdout


def make_authority(folder):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", folder / "ca.key", "-out",
            folder / "ca.crt", "-days", 2, "-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE")


def make_certificate(folder, name, alternative, days=(-1, 1), own=False):
    """NAME.pem: a certificate with its key, signed by the authority, or by itself."""
    key, request, certificate = (folder / f"{name}.{kind}" for kind in ("key", "csr", "crt"))
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", request, "-subj",
            f"/CN={name}", "-addext", f"subjectAltName={alternative}")
    moments = [(datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=d)).strftime("%Y%m%d%H%M%SZ") for d in days]
    (folder / "index.txt").write_text("", encoding="ascii")
    (folder / "ca.cnf").write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nnew_certs_dir={folder}\nrand_serial=yes\n"
                                   "default_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n", encoding="ascii")
    signer = ("-selfsign", "-keyfile", key) if own else ("-cert", folder / "ca.crt", "-keyfile", folder / "ca.key")
    openssl("ca", "-batch", "-notext", "-config", folder / "ca.cnf", "-in", request, "-out", certificate, "-startdate", moments[0],
            "-enddate", moments[1], *signer)
    whole = folder / f"{name}.pem"
    whole.write_bytes(key.read_bytes() + certificate.read_bytes())
    return whole


HANDSHAKES_S = 3  # ten at once, by one process that plays all the servers: that is no answer within a second, now and then
LATE = f"no progress for {HANDSHAKES_S} s"


class Tls(Case):
    """The authority of the test is trusted by bind mounts over the system's list of authorities."""

    def setUp(self):
        super().setUp()
        if not shutil.which("openssl"):
            self.skipTest("no openssl here to make certificates with")
        self.trusted = [path for path in TRUSTED if Path(path).exists()]
        mount = "; ".join(f'mount --bind "$CA" {path} || exit 99' for path in self.trusted)
        self.before = ("unshare", "-rm", "sh", "-c", mount + '; exec "$@"', "sh")
        tried = shutil.which("unshare") and subprocess.run([*self.before, "true"], env={"CA": "/dev/null"}, check=False,
                                                           capture_output=True).returncode == 0
        if not tried or not self.trusted:
            self.skipTest("no user namespaces with mounts here, or no list of authorities")

    def test_certificates(self):
        folder = self.folder
        make_authority(folder)
        here = "IP:127.0.0.1"
        zoo = Zoo(make_certificate(folder, "right", here), make_certificate(folder, "expired", here, (-3, -2)),
                  make_certificate(folder, "early", here, (2, 3)), make_certificate(folder, "other", "DNS:other.example"),
                  make_certificate(folder, "own", here, own=True))
        self.addCleanup(zoo.close)
        cases = {f"{port}/ok/4000": expected for port, expected in
                 zip(zoo.tls_ports, (4000, "certificate: .*expired", "certificate: .*not yet valid",
                                     "certificate: .*(does not match|no alternative|mismatch)", "certificate: .*self.signed"))}
        right = zoo.tls_ports[0]
        cases |= {f"{right}/rst-after/100": "short: 58|broke", f"{right}/close-after/100": "short: 58|broke", f"{zoo.port}/ok/1": LATE + "|no answer$",
                  f"{right}/endless": LARGE, f"{right}/silent": LATE, f"{right}/to-file": OTHER}
        for executor in ("thread-pool:16", "event-loop:16"):
            result = self.run_juggler("run", "download", *(f"https://127.0.0.1:{rest}" for rest in cases), "--with", executor, "--json",
                                      "--retry", 0, "--timeout", HANDSHAKES_S, "--max-size", MAX_BYTES, "-o", self.output,
                                      before=self.before, env={"CA": folder / "ca.crt"})
            self.assertEqual(result.code, 1, result)
            for (rest, expected), job in zip(cases.items(), result.document["jobs"], strict=True):
                with self.subTest(executor=executor, rest=rest):
                    self.assertEqual(job["state"], "done" if isinstance(expected, int) else "failed", job)
                    self.assertRegex(job.get("error") or "", expected if isinstance(expected, str) else "^$")
            self.assertEqual(self.files(), {"4000": body(4000)})
            shutil.rmtree(self.output)


class Bomb(unittest.TestCase):
    def test_it_is_one(self):
        unpacked = gzip.decompress(hostile.bomb())
        self.assertEqual((len(unpacked), unpacked.count(0)), (hostile.BOMB_BYTES, hostile.BOMB_BYTES))
        self.assertLess(len(hostile.bomb()), MAX_BYTES)


if __name__ == "__main__":
    unittest.main()
