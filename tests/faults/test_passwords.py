"""A password in a URL is found nowhere: not in what is printed or written, not in a command line, an environment, the board or a file. Nor is what
a query calls a token.

It is looked for while its downloads are held by the server, and afterwards. test: limit 120
"""
import os
import re
import signal
import unittest
from base64 import b64encode
from pathlib import Path

from cli.support import Case, family_of, wait_for

PASSWORD, MOVED, TOKEN = "canaryNightingale42", "canaryGoldfinch77", "canaryMagpie99"  # of the list, of a redirect, and in a query
FORMS = [(), ("--json",), ("--csv",)]


def spellings(word):
    """As it is, percent-encoded, and as the header that it is sent in has it."""
    plain = word.encode()
    header = b64encode(f"{'me' if word == PASSWORD else 'you'}:{word}".encode())
    return [plain, "".join(f"%{byte:02x}" for byte in plain).encode(), header[:-4]]


CANARIES = spellings(PASSWORD) + spellings(MOVED) + spellings(TOKEN)


def board_of(pid):
    """The bytes of its shared board, as its memory has it."""
    found = b""
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        if "memfd:juggler-board" in line and line.split()[1].startswith("r"):
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            with open(f"/proc/{pid}/mem", "rb") as memory:
                memory.seek(start)
                found += memory.read(end - start)
    return found


class Passwords(Case):
    def setUp(self):
        super().setUp()
        self.seen = []

        def moved(handler, hit):
            self.seen.append(handler.headers.get("Authorization", ""))
            there = f"http://you:{MOVED}@{handler.headers['Host']}"
            handler.answer(302, b"", f"Location: {there}{handler.path.removeprefix('/moved')}")

        def missing(handler, hit):
            handler.answer(404, f"no {PASSWORD} {MOVED}".encode())
        self.server = self.site(moved=moved, missing=missing)
        host = self.server.url.removeprefix("http://")
        self.own = f"http://me:{PASSWORD}@{host}"

    def urls(self, *more):
        paths = ["/x", "/missing/y", "/moved/z", "/moved/missing/w", f"/bytes/100?token={TOKEN}&size=3", f"/missing/v?X-Amz-Signature={TOKEN}#key={TOKEN}",
                 *more]
        return [self.own + path for path in paths] + [f"http://me:{PASSWORD}@127.0.0.1:1/refused", f"http://{PASSWORD}@127.0.0.1:1/user-only"]

    def assert_clean(self, what, data):
        data = data.encode() if isinstance(data, str) else data
        for canary in CANARIES:
            self.assertNotIn(canary.lower(), data.lower(), f"a password in {what}")

    def assert_files_clean(self, *folders):
        for folder in folders:
            for parent, _, names in os.walk(folder):
                for name in names:
                    self.assert_clean(name, name)
                    try:
                        self.assert_clean(Path(parent) / name, (Path(parent) / name).read_bytes())
                    except FileNotFoundError:
                        continue  # a file that is done has its other name now

    def options(self, i):
        return ["--retry", "0", "-o", self.output, "--trace", self.work / f"{i}.trace", "--record", self.work / f"{i}.rec", "--report",
                self.work / f"{i}.html"]

    def test_in_what_is_written(self):
        for i, form in enumerate(FORMS):
            for source in (self.urls(), [self.list_file(self.urls())]):
                with self.subTest(form=form, count=len(source)):
                    for kind in ("trace", "rec", "html"):
                        (self.work / f"{i}.{kind}").unlink(missing_ok=True)
                    result = self.run_juggler("run", "download", *source, *form, *self.options(i))
                    self.assertEqual(result.code, 1, result)
                    self.assert_clean("stdout", result.out)
                    self.assert_clean("stderr", result.err)
                    self.assertTrue((self.output / "x").exists() and (self.output / "z").exists())
            for kind in ("trace", "rec", "html"):
                self.assertGreater((self.work / f"{i}.{kind}").stat().st_size, 100)
            replayed = self.run_juggler("replay", self.work / f"{i}.rec", *form)
            self.assert_clean("the replay", replayed.out + replayed.err)
        self.assert_clean("the history", self.run_juggler("history", "--json").out)
        self.assertTrue(any(self.state.rglob("*")), "a history was written")
        self.assert_files_clean(self.work, self.state, self.temporary)
        self.assertTrue(all(seen.startswith("Basic ") for seen in self.seen), "the server was told it")

    def test_in_what_is_refused(self):
        for url in (f"http://me:{PASSWORD}@/x", f"http://me:{PASSWORD}@ho st/x", f"ftp://me:{PASSWORD}@host/x", f"http://me:{PASSWORD}@h:99999/x",
                    f"http://me:{PASSWORD}@[::1/x", f"http://me:{PASSWORD}@h/x\ty", f"http://me:{PASSWORD}@me:{PASSWORD}@/",
                    f"http://me:s/{PASSWORD}@h/x", f"http://h:99999/x?token={TOKEN}"):
            for source in (url, self.list_file([self.own + "/x", url])):
                for command in ("run", "compare"):
                    result = self.run_juggler(command, "download", source)
                    self.assertEqual(result.code, 2, result)
                    self.assert_clean(url, result.out + result.err)

    def test_in_what_was_typed_wrong(self):
        url = f"http://me:{PASSWORD}@host/x?token={TOKEN}"
        for words in ([url], ["run", url], ["run", "primes", url], ["run", "download", url[7:]], ["run", "download", "http:/" + url[7:]],
                      ["run", "download", "--with", url], ["run", "download", "--output", url], ["replay", url], ["compare", "download", "h" + url],
                      ["--theme", url], ["run", "download", "--" + url]):
            for form in ([], ["--json"]):
                with self.subTest(words=words, form=form):
                    result = self.run_juggler(*words, *form)
                    self.assertEqual(result.code, 2, result)
                    self.assert_clean(words, result.out + result.err)

    def test_while_it_runs(self):
        """Each process of the run: its command line, its environment, the board; and the files that are open for writing."""
        for executor in ("thread-pool:10", "process-pool:10", "event-loop:10"):
            for form, source in enumerate((self.urls("/hold/1", "/moved/hold/2"), [self.list_file(self.urls("/hold/1", "/moved/hold/2"))])):
                with self.subTest(executor=executor, form=form):
                    held = self.server.hits_of("/hold")
                    record = self.work / f"{executor[:3]}{form}.rec"
                    process = self.start("run", "download", *source, "--with", executor, "--retry", 0, "--record", record)
                    wait_for(lambda: self.server.hits_of("/hold") >= held + 2, "two downloads that are held")
                    boards = self.look_at(process)
                    self.assertGreaterEqual(boards, 2, "the app and its runner have the board")
                    self.assert_files_clean(self.temporary, self.state, self.work)
                    process.send_signal(signal.SIGINT)
                    result = self.finish(process)
                    self.assert_clean("what it said", result.out + result.err)

    def look_at(self, process):
        boards = 0
        for pid in family_of(process.pid):
            for name in ("cmdline", "environ", "comm", "status"):
                self.assert_clean(f"{name} of {pid}", Path(f"/proc/{pid}/{name}").read_bytes())
            for task in os.listdir(f"/proc/{pid}/task"):
                self.assert_clean(f"the name of {task}", Path(f"/proc/{pid}/task/{task}/comm").read_bytes())
            board = board_of(pid)
            self.assert_clean(f"the board in {pid}", board)
            boards += len(board) > 4096
        return boards

    def test_those_in_netrc_are_not_sent(self):
        """The list says who is asked, and as whom; what lies in somebody's home for other programs is none of the list's business."""
        told = []

        def asked(handler, hit):
            told.append(handler.headers.get("Authorization"))
            handler.answer(200, b"whole")
        site = self.site(asked=asked)
        for host in ("machine 127.0.0.1", "default"):
            (self.work / ".netrc").write_text(f"{host} login me password {PASSWORD}\n", encoding="utf-8")
            result = self.run_juggler("run", "download", site.url + "/asked/x", "-o", self.output, env={"HOME": self.work})
            self.assertEqual(result.code, 0, result)
        self.assertEqual(told, [None, None])

    def test_others_see_that_something_was_there(self):
        process = self.start("run", "download", self.own + "/hold/1?mail=a@b")
        wait_for(lambda: self.server.hits_of("/hold"), "a download that is held")
        line = Path(f"/proc/{process.pid}/cmdline").read_text(encoding="utf-8")
        self.assertTrue(re.search(r"http://x+@127\.0\.0\.1:\d+/hold/1\?mail=a@b", line), line)


if __name__ == "__main__":
    unittest.main()
