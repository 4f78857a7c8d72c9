"""--sync: every file is on the disk before it has its name, and the folder with all names after the last of them. Seen by strace."""
import re
import shutil
import subprocess
import unittest

from cli.support import SANITIZED, Case, body_of


def can_trace():
    return shutil.which("strace") and subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL,
                                                     check=False).returncode == 0


@unittest.skipIf(SANITIZED, "LeakSanitizer does not work under strace")
class Sync(Case):
    def traced(self, *words, inject=()):
        """(result, calls): what every process of it did to files, in order: ("open", path), ("fsync", path), ("rename", from, to)."""
        if not can_trace():
            self.skipTest("strace is not installed, or may not trace here")
        log = self.folder / "trace"
        rules = [word for rule in inject for word in ("-e", rule)]
        tracer = ("strace", "-f", "-y", "-qq", "-o", log, "-e", "trace=fsync,fdatasync,renameat,renameat2")
        result = self.run_juggler(*words, before=(*tracer, *rules))
        calls = []
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if call := re.search(r"\bf(?:data)?sync\(\d+<([^>]*)>", line):
                calls.append(("fsync", call[1].removesuffix(" (deleted)")))
            elif call := re.search(r'\brenameat2?\(\d+<([^>]*)>, "([^"]*)", \d+<[^>]*>, "([^"]*)"', line):
                calls.append(("rename", f"{call[1]}/{call[2]}", f"{call[1]}/{call[3]}"))
        return result, calls

    def check_order(self, calls, count):
        renames = [(at, call) for at, call in enumerate(calls) if call[0] == "rename"]
        self.assertEqual(len(renames), count, calls)
        for at, (_, source, _) in renames:
            self.assertIn(("fsync", source), calls[:at], "the file is synced before it has its name")
        folder = str(self.output)
        of_folder = [at for at, call in enumerate(calls) if call == ("fsync", folder)]
        self.assertTrue(of_folder and of_folder[-1] > renames[-1][0], "the folder is synced after the last name")
        self.assertLess(len(of_folder), 4, "once for all of them, not for each")

    def test_downloads(self):
        site = self.site()
        urls = self.list_file(f"{site.url}/{i}.bin" for i in range(12))
        for executor in ("thread-pool:3", "process-pool:3", "event-loop:3"):
            with self.subTest(executor=executor):
                result, calls = self.traced("run", "download", urls, "--with", executor, "--sync", "-o", self.output)
                self.assertEqual(result.code, 0, result)
                self.check_order(calls, 12)
                self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(12)})

    def test_products(self):
        result, calls = self.traced("run", "primes", "100", "200", "300", "--sync", "-o", self.output)
        self.assertEqual(result.code, 0, result)
        self.check_order(calls, 3)

    def test_without_it_nothing_waits_for_the_disk(self):
        site = self.site()
        result, calls = self.traced("run", "download", site.url + "/a.bin", "-o", self.output)
        self.assertEqual(result.code, 0, result)
        self.assertEqual([call for call in calls if call[0] == "fsync" and call[1].startswith(str(self.output))], [])

    def test_a_file_that_cannot_be_synced_is_a_failed_job(self):
        """And here the folder can't either."""
        site = self.site()
        result, _ = self.traced("run", "download", site.url + "/a.bin", "--sync", "-o", self.output, "--json",
                                inject=("inject=fsync:error=EIO",))
        self.assertEqual(result.code, 3, result)
        self.assertIn("Input/output error", result.document["jobs"][0]["error"])
        self.assertEqual(self.files(), {})

    def test_a_folder_that_cannot_be_synced_is_told(self):
        """There is nothing to download, so it is the folder's failure alone."""
        self.output.mkdir()
        (self.output / "a.bin").write_bytes(b"was there")
        site = self.site()
        result, _ = self.traced("run", "download", site.url + "/a.bin", "--sync", "--no-clobber", "-o", self.output,
                                inject=("inject=fsync:error=EIO",))
        self.assertEqual(result.code, 3, result)
        self.assertIn("could not be synced to the disk: Input/output error", result.err)


if __name__ == "__main__":
    unittest.main()
