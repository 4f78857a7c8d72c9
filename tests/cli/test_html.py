"""What --report writes: one self-contained page, parsed here, and tried in headless Chromium where that is installed. test: limit 240"""
import html.parser
import os
import re
import shutil
import subprocess
import unittest

from cli.support import ARTICLE_LIMITS, RUN_LIMIT_S, Case, unfit_to_show, wait_for

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
WHY = "Chromium is not installed (apt-get install chromium)"
VOID = {"meta", "br", "hr", "img", "input", "link"}
PAGE_BYTES_MAX = 2_000_000
MEASURE = """<script>document.title = [innerWidth, document.documentElement.scrollWidth,
getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color].join("|")</script>"""


class Page(html.parser.HTMLParser):
    """A page, with what is to be held against it."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.elements, self.words = [], [], [], []
        self.feed(text)
        self.close()
        self.wrong += [f"{tag} is not closed" for tag in self.open]
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.elements.append((tag, dict(attrs)))
        if len(dict(attrs)) != len(attrs):
            self.wrong.append(f"{tag} has an attribute twice")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> in the wrong place, line {self.getpos()[0]}")

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def number_of(self, tag, css):
        return sum(css in (attributes.get("class") or "").split() for attributes in self.all(tag))


class Pages(Case):
    def page(self, *words, code=0, **more):
        """Runs it, and reads the page that it leaves."""
        path = self.folder / "page.html"
        result = self.run_juggler(*words, "--report", path, "--progress", "none", **more)
        self.assertEqual(result.code, code, result)
        return self.read(path)

    def read(self, path):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        self.assertEqual(page.wrong, [])
        self.assertEqual(unfit_to_show(text), [])
        self.assertLess(len(text), PAGE_BYTES_MAX)
        self.assert_self_contained(text, page)
        self.assert_accessible(page)
        return page

    def assert_self_contained(self, text, page):
        tags = {tag for tag, _ in page.elements}
        self.assertEqual(tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "use", "image"}, set())
        for tag, attributes in page.elements:
            for name in attributes:
                self.assertNotIn(name, ("src", "href", "srcset", "action", "xlink:href", "style", "background"), tag)
                self.assertFalse(name.startswith("on"), (tag, name))
        self.assertEqual([found for found in re.findall(r"url\(([^)]*)\)", text) if not found.startswith("#p-")], [])
        self.assertNotIn("@import", text)
        policy = [attributes["content"] for attributes in page.all("meta") if attributes.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(policy, ["default-src 'none'; style-src 'unsafe-inline'"])

    def assert_accessible(self, page):
        self.assertTrue(page.all("html")[0]["lang"])
        self.assertIn("width=device-width", [a["content"] for a in page.all("meta") if a.get("name") == "viewport"][0])
        for attributes in page.all("th"):
            self.assertIn(attributes.get("scope"), ("row", "col"))
        pictures = [attributes for attributes in page.all("svg") if attributes.get("aria-hidden") != "true"]
        for attributes in pictures:
            self.assertEqual(attributes.get("role"), "img")
        self.assertGreaterEqual(len(page.all("title")), 1 + len(pictures))
        identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        self.assertEqual(len(identifiers), len(set(identifiers)))

    # --- what is on it ------------------------------------------------------------------------------------------------

    def test_a_run(self):
        page = self.page("run", "primes", *ARTICLE_LIMITS, "--with", "process-pool:2")
        for words in ("Products of primes under process-pool:2", "4 of 4 jobs done", "Best possible", "Where the workers' time went",
                      "What every worker did", "on a core", "50328", "5,164 primes", "Usable cores", "Kernel", "Processor"):
            self.assertIn(words, page.text)
        self.assertNotIn(os.uname().nodename, page.text.split())
        self.assertGreaterEqual(page.number_of("path", "run"), 2)
        self.assertIn(f"Linux {os.uname().release} {os.uname().machine}", page.text)

    def test_a_run_of_every_kind(self):
        site = self.site()
        urls = [f"{site.url}/{i}" for i in range(6)]
        for words in (("download", *urls, "--with", "thread-batch:4"), ("download", *urls, "--with", "event-loop:3"),
                      ("primes", 20000, 20000, "--with", "thread-pool:2+gil"), ("counter", "--with", "thread-pool:2")):
            with self.subTest(words=words):
                page = self.page("run", *words)
                self.assertIn(words[-1], page.text)
                self.assertGreater(len(page.all("path")), 4)

    def test_a_refusal_leaves_no_page(self):
        result = self.run_juggler("run", "primes", "x", "--report", self.folder / "page.html")
        self.assertEqual(result.code, 2)
        self.assertFalse((self.folder / "page.html").exists())

    def test_interrupted(self):
        site = self.site()
        path = self.folder / "page.html"
        process = self.start("run", "download", f"{site.url}/a", f"{site.url}/hold/1", "--with", "sequential", "--report", path)
        wait_for(lambda: site.hits_of("/hold"), "the second request")
        process.terminate()
        self.assertEqual(self.finish(process).code, 143)
        page = self.read(path)
        self.assertIn("Interrupted: what had ended by then is below.", page.text)
        self.assertIn("1 of 2 jobs done", page.text)

    def test_a_comparison(self):
        page = self.page("compare", "primes", *ARTICLE_LIMITS, "--with", "sequential,thread-pool:2,process-pool:2", "--repeat", 2,
                         "--seed", 77)
        for words in ("Products of primes, carried out in 3 ways", "sequential", "thread-pool:2", "process-pool:2", "speed-up",
                      "What was possible", "shuffled by seed 77", "Making a thread", "Making a process", "Usable cores"):
            self.assertIn(words, page.text)
        self.assertEqual(len(page.all("tr")), 4)
        self.assertEqual(sum(attributes.get("preserveAspectRatio".lower()) == "none" for attributes in page.all("svg")), 3)

    def test_a_sweep_has_its_curve(self):
        page = self.page("compare", "primes", *[20000] * 6, "--with", "thread-pool", "--sweep", "1,2,3,4", "--repeat", 1)
        self.assertIn("How it scales", page.text)
        self.assertEqual(len([a for a in page.all("circle") if a.get("class") == "point"]), 4)

    def test_hostile_text_is_shown_and_does_nothing(self):
        site = self.site()
        secret = site.url.replace("http://", "http://somebody:opensesame@")
        names = self.list_file([f"{site.url}/<script>alert(1)</script>?a=\"'><img/onerror=x>&lt;", f"{secret}/\u202egpj.exe".encode()],
                               name="<b>list\u202e.txt")
        page = self.page("run", "download", names, "--with", "thread-pool:2")
        self.assertIn("<script>alert(1)</script>", page.text)
        self.assertIn("\\u{202E}gpj.exe", page.text)
        self.assertNotIn("opensesame", page.text)
        page = self.page("compare", "download", names, "--with", "sequential", "--repeat", 1)
        self.assertEqual(page.all("b"), [])

    def test_thousands_of_jobs(self):
        names = self.list_file([f"http://anywhere.example/synthetic/{i}" for i in range(5000)])
        page = self.page("run", "download", names, "--origin", "builtin", "--latency", 5, "--rate", 0, "--with", "thread-pool:100")
        self.assertIn("5000 of 5000 jobs done", page.text)
        self.assertIn("The first 40 workers; 60 more are not drawn.", page.text)
        self.assertIn("4800 more are not listed.", page.text)

    # --- in a browser ---------------------------------------------------------------------------------------------------

    def chromium(self, *words):
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                   "--disable-crash-reporter", "--disable-breakpad", "--disable-dev-shm-usage", "--disable-extensions",
                   "--disable-background-networking", "--disable-component-update", f"--user-data-dir={self.folder}/profile"]
        done = subprocess.run([*command, *map(str, words)], capture_output=True, timeout=2 * RUN_LIMIT_S, check=True)
        return done.stdout.decode()

    def measured(self, path, width, *words):
        """The width of the window, how far the page reaches, its ground and its ink."""
        copy = path.with_suffix(".measured.html")
        text = path.read_text(encoding="utf-8")
        copy.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", MEASURE + "</body>"),
                        encoding="utf-8")
        dumped = self.chromium(f"--window-size={width},800", *words, "--dump-dom", copy.as_uri())
        inner, reach, ground, ink = re.search(r"<title>(\d+\|\d+\|rgb[^<]*)</title>", dumped)[1].split("|")
        return int(inner), int(reach), ground, ink

    @unittest.skipUnless(CHROMIUM, WHY)
    def test_browser_a_comparison_is_one_sheet(self):
        self.page("compare", "primes", *ARTICLE_LIMITS, "--repeat", 1)
        path = self.folder / "page.html"
        self.chromium("--no-pdf-header-footer", f"--print-to-pdf={self.folder}/page.pdf", path.as_uri())
        pages = re.findall(rb"/Type\s*/Page\b", (self.folder / "page.pdf").read_bytes())
        self.assertEqual(len(pages), 1)

    @unittest.skipUnless(CHROMIUM, WHY)
    def test_browser_a_sweep_is_one_sheet_and_fits_a_phone(self):
        self.page("compare", "primes", *[20000] * 8, "--with", "thread-pool", "--sweep", "1,2,3,4,5,6,7,8", "--repeat", 1)
        path = self.folder / "page.html"
        self.chromium("--no-pdf-header-footer", f"--print-to-pdf={self.folder}/page.pdf", path.as_uri())
        self.assertEqual(len(re.findall(rb"/Type\s*/Page\b", (self.folder / "page.pdf").read_bytes())), 1)
        inner, reach, *_ = self.measured(path, 360)
        self.assertLessEqual(inner, 500)
        self.assertLessEqual(reach, inner)

    @unittest.skipUnless(CHROMIUM, WHY)
    def test_browser_a_run_fits_a_phone_in_light_and_dark(self):
        site = self.site()
        self.page("run", "download", f"{site.url}/{'long' * 60}.jpg", *[f"{site.url}/{i}" for i in range(20)], "--with", "thread-batch:7")
        path = self.folder / "page.html"
        grounds = []
        for scheme in (0, 1):  # dark, light
            inner, reach, ground, ink = self.measured(path, 360, f"--blink-settings=preferredColorScheme={scheme}")
            self.assertLessEqual(inner, 500)
            self.assertLessEqual(reach, inner, "it would scroll sideways")
            grounds.append((sum(map(int, re.findall(r"\d+", ground)[:3])), sum(map(int, re.findall(r"\d+", ink)[:3]))))
        (dark_ground, dark_ink), (light_ground, light_ink) = grounds
        self.assertLess(dark_ground, 150)
        self.assertGreater(dark_ink, 500)
        self.assertGreater(light_ground, 700)
        self.assertLess(light_ink, 200)

    @unittest.skipUnless(CHROMIUM, WHY)
    def test_browser_reads_what_was_written(self):
        self.page("run", "primes", *ARTICLE_LIMITS, "--with", "thread-pool:4")
        path = self.folder / "page.html"
        dumped = Page(self.chromium("--dump-dom", path.as_uri()))
        written = Page(path.read_text(encoding="utf-8"))
        self.assertEqual([tag for tag, _ in dumped.elements], [tag for tag, _ in written.elements])


if __name__ == "__main__":
    unittest.main()
