"""What is written about the command line: help, manual page and completions name the same commands and options."""
import re
import unittest

from cli.support import ROOT, Case

COMMANDS = ("run", "compare", "history", "replay", "serve", "doctor")
PAGES = ("docs/juggler.1", "docs/completions/juggler.bash", "docs/completions/_juggler", "docs/completions/juggler.fish")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8").replace("\\-", "-")


class TestDocs(Case):
    def options(self):
        texts = [self.run_juggler(*command, "--help").out for command in ((), *((name,) for name in COMMANDS))]
        found = {name for text in texts for name in re.findall(r"--([a-z][a-z-]+)", text)}
        self.assertGreater(len(found), 25)
        return found

    def test_every_option_is_in_every_page(self):
        options = self.options()
        for page in PAGES:
            text = text_of(page)
            prefix = r"(?:-l |--)" if page.endswith("fish") else "--"
            missing = sorted(name for name in options if not re.search(prefix + re.escape(name) + r"(?![a-z-])", text))
            self.assertEqual(missing, [], page)

    def test_no_page_names_an_option_that_is_not_there(self):
        options = self.options()
        for page in PAGES[:3]:
            named = set(re.findall(r"--([a-z][a-z-]+[a-z])(?![a-z-])", text_of(page)))
            self.assertEqual(sorted(named - options), [], page)

    def test_every_command_is_in_every_page(self):
        for page in PAGES:
            for name in (*COMMANDS, "download", "primes", "counter", "event-loop"):
                self.assertRegex(text_of(page), rf"(?<![a-z]){name}(?![a-z])", page)
            self.assertIn("+gil", text_of(page), page)

    def test_what_shows_it_is_there(self):
        """docs/reliability.md names a test for every hazard: the file has to exist."""
        tables = re.findall(r"^\| what could go wrong .*\n\|---.*\n((?:\|.*\n)+)", text_of("docs/reliability.md"), re.MULTILINE)
        shown = [row.split("|")[4] for table in tables for row in table.splitlines()]
        self.assertGreater(len(shown), 48)
        for words in shown:
            names = re.findall(r"`(unit|cli|tui|faults|fuzz)/(\w+)`", words)
            self.assertTrue(names or "`tests/fuzz`" in words, words)
            for room, name in names:
                prefix = "fuzz" if room == "fuzz" else "test"
                self.assertTrue(list((ROOT / "tests" / room).glob(f"{prefix}_{name}.*")), f"{room}/{name}")


if __name__ == "__main__":
    unittest.main()
