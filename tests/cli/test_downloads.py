"""juggler run download: inputs, options and what they change, files, exit codes. test: limit 180"""
import os
import subprocess
import unittest
from pathlib import Path

from cli.support import ROOT, SLOWNESS, Case, body_of, environment


def article_urls():
    text = (ROOT / "sample-data/article.urls").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def missing(handler, hit):
    handler.answer(404, b"no such thing")


def flaky(handler, hit):
    """Fails the first two times."""
    handler.answer(503, b"sorry") if hit <= 2 else handler.answer(200, body_of(handler.path))


def broken(handler, hit):
    handler.answer(500, b"sorry")


def short(handler, hit):
    """Promises more than it sends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 5000)
    handler.close_connection = True


def moved(handler, hit):
    handler.answer(302, b"there", "Location: /elsewhere/another-name.html")


class Downloads(Case):
    def test_the_sample(self):
        """Twenty pictures from the built-in origin, byte for byte."""
        document = self.run_json("run", "download", "-o", self.output, "--latency", 20, "--rate", 0)
        urls = article_urls()
        self.assertEqual([job["input"] for job in document["jobs"]], urls)
        names = [url.rsplit("/", 1)[1] for url in urls]
        self.assertEqual([job["file"] for job in document["jobs"]], names)
        self.assertEqual(self.files(), {name: (ROOT / "sample-data/images" / name).read_bytes() for name in names})
        self.assertEqual(document["run"]["output"], str(self.output))

    def test_the_temporary_folder_is_removed_with_a_note(self):
        result = self.run_juggler("run", "download", "--latency", 0, "--rate", 0)
        self.assertEqual(result.code, 0, result)
        self.assertIn("temporary folder", result.err)
        self.assertIn("removed", result.err)
        self.assertIn("20 of 20 done", result.out)
        self.assert_nothing_left()

    def test_with_a_folder_there_is_no_note(self):
        site = self.site()
        result = self.run_juggler("run", "download", site.url + "/x", "-o", self.output)
        self.assertEqual((result.code, result.err), (0, ""), result)

    def test_where_a_list_may_come_from(self):
        """URLs, files and standard input, mixed, in the order given; comments, blank lines, CR LF, byte-order mark."""
        site = self.site()
        first = self.list_file([b"\xef\xbb\xbf# a list\r", b"\r", site.url.encode() + b"/1.bin\r",
                                b"  " + site.url.encode() + b"/2.bin \t"])
        document = self.run_json("run", "download", site.url + "/0.bin", first, "-", "-o", self.output,
                                 text=f"{site.url}/3.bin\n#x\n{site.url}/4.bin")
        self.assertEqual([job["file"] for job in document["jobs"]], [f"{i}.bin" for i in range(5)])
        self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(5)})

    def test_some_failed(self):
        """Exit code 1; the others are there, and nothing of those that failed."""
        site = self.site(missing=missing, short=short, broken=broken)
        urls = [site.url + path for path in ("/good.bin", "/missing/a", "/short/b", "/broken/c", "/fine.bin")]
        document = self.run_json("run", "download", *urls, "-o", self.output, "--retry", 0, code=1)
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "failed", "failed", "failed", "done"])
        self.assertEqual(self.files(), {"good.bin": body_of("/good.bin"), "fine.bin": body_of("/fine.bin")})
        self.assertTrue(all(job["error"] for job in document["jobs"][1:4]))

    def test_retry(self):
        for retries, state, attempts in ((0, "failed", 1), (1, "failed", 2), (2, "done", 3), (5, "done", 3)):
            with self.subTest(retries=retries):
                site = self.site(flaky=flaky, missing=missing)
                document = self.run_json("run", "download", site.url + "/flaky/x", "--retry", retries,
                                         code=0 if state == "done" else 1)
                job = document["jobs"][0]
                self.assertEqual((job["state"], job["attempts"], site.hits_of("/flaky")), (state, attempts, attempts))
                self.assertEqual(document["totals"]["attempts"], attempts)

    def test_what_is_not_transient_is_not_tried_again(self):
        site = self.site(missing=missing)
        job = self.run_json("run", "download", site.url + "/missing/x", "--retry", 5, code=1)["jobs"][0]
        self.assertEqual((job["attempts"], site.hits_of("/missing")), (1, 1))

    def test_timeout(self):
        """No progress for that long ends an attempt."""
        site = self.site()
        job = self.run_json("run", "download", site.url + "/hold/x", "--timeout", 1, "--retry", 0, "-o", self.output,
                            code=1)["jobs"][0]
        self.assertEqual(job["state"], "failed")
        self.assertGreater(job["seconds"], 0.9)
        self.assertLess(job["seconds"], 5 * SLOWNESS)
        self.assertEqual(self.files(), {})

    def test_max_size(self):
        site = self.site()
        urls = [f"{site.url}/bytes/{size}" for size in (1023, 1024, 1025, 500000)]
        document = self.run_json("run", "download", *urls, "--max-size", "1K", "-o", self.output, code=1)
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "done", "failed", "failed"])
        self.assertEqual({name: len(data) for name, data in self.files().items()}, {"1023": 1023, "1024": 1024})

    def test_files_are_replaced_whole(self):
        site = self.site(broken=broken)
        self.output.mkdir()
        (self.output / "a.bin").write_bytes(b"old" * 10000)
        (self.output / "b.bin").write_bytes(b"old")
        self.run_json("run", "download", site.url + "/a.bin", site.url + "/broken/b.bin", "--retry", 0, "-o", self.output,
                      code=1)
        self.assertEqual(self.files(), {"a.bin": body_of("/a.bin"), "b.bin": b"old"})

    def test_no_clobber(self):
        site = self.site()
        self.output.mkdir()
        (self.output / "a.bin").write_bytes(b"mine")
        document = self.run_json("run", "download", site.url + "/a.bin", site.url + "/b.bin", "--no-clobber", "-o",
                                 self.output)
        self.assertEqual(self.files(), {"a.bin": b"mine", "b.bin": body_of("/b.bin")})
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "done"])
        self.assertEqual((site.hits_of("/a.bin"), site.hits_of("/b.bin")), (0, 1))

    def test_own_urls_go_to_the_builtin_origin_if_asked(self):
        """Scheme and host are replaced, the path is kept."""
        urls = ["https://nowhere.invalid/synthetic/3", "http://nowhere.invalid:81/6022/5941812700_0f634b136e_b.jpg?x=y",
                "http://nowhere.invalid/none"]
        document = self.run_json("run", "download", *urls, "--origin", "builtin", "--latency", 0, "--rate", 0, "-o",
                                 self.output, code=1)
        self.assertEqual([job["input"] for job in document["jobs"]], urls)
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "done", "failed"])
        self.assertEqual(document["jobs"][2]["http_status"], 404)
        files = self.files()
        self.assertTrue(20000 <= len(files["3"]) <= 160000)
        name = "5941812700_0f634b136e_b.jpg"
        self.assertEqual(files[name], (ROOT / "sample-data/images" / name).read_bytes())

    def test_latency(self):
        urls = [f"http://x.invalid/synthetic/{i}" for i in range(4)]
        document = self.run_json("run", "download", *urls, "--origin", "builtin", "--latency", 300, "--rate", 0, "--with",
                                 "sequential")
        for job in document["jobs"]:
            self.assertGreaterEqual(job["seconds"], 0.295)
        self.assertGreaterEqual(document["run"]["wall_s"], 1.18)
        together = self.run_json("run", "download", *urls, "--origin", "builtin", "--latency", 300, "--rate", 0, "--with",
                                 "thread-each")
        self.assertLess(together["run"]["wall_s"], document["run"]["wall_s"] / 1.5)

    def test_rate(self):
        document = self.run_json("run", "download", "http://x.invalid/synthetic/1", "--origin", "builtin", "--latency", 0,
                                 "--rate", "64K")
        job = document["jobs"][0]
        self.assertGreater(job["seconds"], 0.8 * job["bytes"] / 65536)
        self.assertLess(job["seconds"], (1.3 * job["bytes"] / 65536 + 0.5) * SLOWNESS)

    def test_progress(self):
        slow = ["run", "download", "http://x.invalid/synthetic/1", "--origin", "builtin", "--rate", 0, "--latency", 2600,
                "-o", self.output]
        processes = {how: self.start(*slow, "--progress", how) for how in ("lines", "bars", "none", "auto")}
        said = {}
        for how, process in processes.items():
            result = self.finish(process)
            self.assertEqual(result.code, 0, result)
            said[how] = result.err
        self.assertEqual(said["none"], "")
        for how in ("lines", "auto"):
            self.assertRegex(said[how], r"\A(download [^\r\n\x1b]*0 of 1 done[^\r\n\x1b]*\n)+\Z")
        self.assertIn("\r", said["bars"])
        self.assertGreater(said["bars"].count("0 of 1 done"), 10)

    def test_names_come_from_the_list_alone(self):
        """Neither a redirect nor a header has a say."""
        site = self.site(moved=moved, named=lambda handler,
                         hit: handler.answer(200, b"x", 'Content-Disposition: attachment; filename=".bashrc"'))
        document = self.run_json("run", "download", site.url + "/moved/mine.bin", site.url + "/named/mine.txt", "-o",
                                 self.output)
        self.assertEqual([job["file"] for job in document["jobs"]], ["mine.bin", "mine.txt"])
        self.assertEqual(self.files(), {"mine.bin": body_of("/elsewhere/another-name.html"), "mine.txt": b"x"})

    def test_redirects_stay_with_http(self):
        site = self.site(away=lambda handler, hit: handler.answer(302, b"", "Location: file:///etc/hostname"),
                         round=lambda handler, hit: handler.answer(302, b"", "Location: " + handler.path))
        document = self.run_json("run", "download", site.url + "/away/a", site.url + "/round/b", "--retry", 0, "-o",
                                 self.output, code=1)
        self.assertEqual([job["state"] for job in document["jobs"]], ["failed", "failed"])
        self.assertEqual(self.files(), {})

    def test_nothing_listens_there(self):
        job = self.run_json("run", "download", "http://127.0.0.1:1/x", "--retry", 0, code=1)["jobs"][0]
        self.assertEqual((job["state"], job["attempts"], job["http_status"]), ("failed", 1, None))

    def test_what_stands_in_the_way(self):
        """Links are not followed, and neither folders nor pipes are replaced or waited for."""
        site = self.site()
        victim = self.folder / "victim"
        victim.write_bytes(b"precious")
        self.output.mkdir()
        os.symlink(victim, self.output / "link")
        os.mkfifo(self.output / "pipe")
        (self.output / "folder").mkdir()
        names = ("link", "pipe", "folder", "free")
        document = self.run_json("run", "download", *(f"{site.url}/{name}" for name in names), "-o", self.output, code=1)
        self.assertEqual(victim.read_bytes(), b"precious")
        self.assertEqual([job["state"] for job in document["jobs"]], ["failed", "failed", "failed", "done"])
        self.assertEqual(sorted(os.listdir(self.output)), sorted(names))

    def test_an_output_folder_that_is_there_keeps_what_is_in_it(self):
        site = self.site()
        self.output.mkdir()
        (self.output / "other").write_bytes(b"other")
        self.run_json("run", "download", site.url + "/x", "-o", self.output)
        self.assertEqual(self.files(), {"other": b"other", "x": body_of("/x")})

    def test_streams_that_are_closed(self):
        """Without stdin or stderr it works; without stdout the result can't be written, and that is said."""
        site = self.site()
        for closed, code in (("<&-", 0), ("2>&-", 0), (">&-", 3), ("<&- >&- 2>&-", 3)):
            with self.subTest(closed=closed):
                out = self.work / f"out{len(closed)}{code}{closed[0]}"
                result = self.run_juggler("run", "download", site.url + "/x", "-o", out,
                                          before=("sh", "-c", f'exec "$@" {closed}', "sh"))
                self.assertEqual(result.code, code, result)
                self.assertEqual(self.files(out), {"x": body_of("/x")})

    def test_sample_data_is_found_from_anywhere(self):
        """By the program's own place, whatever the working folder and however it is called."""
        link = self.work / "linked"
        os.symlink(os.environ.get("JUGGLER", ROOT / "build/juggler"), link)
        result = subprocess.run([link, "run", "download", "--latency", "0", "--rate", "0", "--json"], cwd="/",
                                env=environment(XDG_STATE_HOME=self.state), capture_output=True, check=False)
        self.assertEqual(result.returncode, 0, result)
        result = self.run_juggler("run", "download", env={"JUGGLER_DATA": str(Path("/nonexistent"))})
        self.assertEqual(result.code, 3, result)
        self.assertIn("/nonexistent", result.err)


if __name__ == "__main__":
    unittest.main()
