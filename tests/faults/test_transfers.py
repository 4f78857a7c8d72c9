"""Sixty-four threads that download at once, for long: nothing of libcurl is shared between them, so nothing goes wrong.

Programs that share connections between threads crash under this. It is for ThreadSanitizer most of all (tests/threaded.list).
KILLS=4000 make test-faults makes it 10,000 transfers a thread."""
import os
import shutil
import unittest

from cli.support import Case

THREADS, EACH = 64, 10


class Transfers(Case):
    def test_64_threads(self):
        rounds = max(1, int(os.environ.get("JUGGLER_KILLS", "0")) // 4)
        numbers = range(THREADS * EACH)
        urls = self.list_file([f"http://x.invalid/synthetic/{i}" for i in numbers])
        expected = None
        for _ in range(rounds):
            document = self.run_json("run", "download", urls, "--origin", "builtin", "--latency", 0, "--rate", 0, "--with",
                                     f"thread-pool:{THREADS}", "--retry", 0, "-o", self.output)
            self.assertEqual(document["totals"]["done"], THREADS * EACH)
            self.assertEqual(document["totals"]["attempts"], THREADS * EACH)
            sizes = {name: len(data) for name, data in self.files().items()}
            self.assertEqual(sizes, {job["file"]: job["bytes"] for job in document["jobs"]})
            self.assertEqual(expected or sizes, sizes)  # each number's size is its own
            self.assertEqual(set(sizes), {str(i) for i in numbers})
            expected = sizes
            shutil.rmtree(self.output)


if __name__ == "__main__":
    unittest.main()
