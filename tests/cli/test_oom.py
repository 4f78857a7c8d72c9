"""When memory runs out the kernel is offered runners and workers, never the program with the screen or its guard."""
import signal
import unittest
from pathlib import Path

from cli.support import Case, children_of, runner_of, wait_for, workers_of

OFFERED = 500


def score_of(pid):
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text(encoding="ascii"))


class OutOfMemory(Case):
    def test_what_can_be_spared_is_offered(self):
        own = score_of("self")
        for executor in ("process-pool:3", "thread-pool:3", "event-loop:3"):
            with self.subTest(executor=executor):
                site = self.site()
                process = self.start("run", "download", "--with", executor, "-o", self.output,
                                     *[f"{site.url}/hold/{i}" for i in range(3)])
                wait_for(lambda here=site: here.hits_of("/hold") == 3, "three requests")
                spared = [runner_of(process.pid), *workers_of(process.pid)]
                self.assertEqual(len(spared), 4 if executor.startswith("process") else 1)
                for pid in spared:
                    self.assertEqual(score_of(pid), OFFERED)
                for pid in [process.pid, *children_of(process.pid, "juggler:guard")]:
                    self.assertEqual(score_of(pid), own)
                process.send_signal(signal.SIGINT)
                self.finish(process)


if __name__ == "__main__":
    unittest.main()
