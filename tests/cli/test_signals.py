"""Being told to stop: what was done is printed, the exit code says which signal it was, a second one ends it at once."""
import csv
import io
import json
import os
import signal
import sys
import time
import unittest

from cli.support import SLOWNESS, Case, body_of, family_of, is_alive, process_stat, runner_of, wait_for

POOLS = ("sequential", "thread-each", "thread-pool:4", "thread-batch:3", "process-each", "process-pool:4", "process-batch:3")


def pending(pid, number):
    """Whether a signal that was sent has not been taken yet."""
    for line in open(f"/proc/{pid}/status", encoding="ascii"):
        if line.startswith("ShdPnd:"):
            return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return False


class Signals(Case):
    def started(self, words, site, fine):
        """A run of which `fine` jobs are done and others will never be."""
        process = self.start(*words)
        wait_for(lambda: len(self.names()) == fine and site.hits_of("/hold") > 0,
                 f"{fine} files and a request that is held")
        return process

    def urls(self, site):
        return self.list_file([f"{site.url}/{i}.bin" for i in range(3)] + [f"{site.url}/hold/{i}" for i in range(5)])

    def test_downloads(self):
        for executor in POOLS:
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(executor=executor, signal=number.name):
                    for file in self.files():
                        (self.output / file).unlink()
                    site = self.site()
                    process = self.started(["run", "download", self.urls(site), "--with", executor, "-o", self.output,
                                            "--json"], site, 3)
                    family = family_of(process.pid)
                    process.send_signal(number)
                    began = time.monotonic()
                    result = self.finish(process)
                    self.assertLess(time.monotonic() - began, 3 * SLOWNESS)
                    self.assertEqual(result.code, 128 + number, result)
                    document = json.loads(result.out)
                    self.assertIs(document["run"]["interrupted"], True)
                    self.assertEqual([job["state"] for job in document["jobs"]], ["done"] * 3 + ["queued"] * 5)
                    self.assertEqual((document["totals"]["done"], document["totals"]["failed"]), (3, 0))
                    for job in document["jobs"][3:]:
                        self.assertEqual((job["worker"], job["start_s"], job["seconds"], job["bytes"]), (None,) * 4)
                    self.assertEqual(self.files(), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(3)})
                    wait_for(lambda left=family: not any(map(is_alive, left)), "no process left", 2)

    def test_primes(self):
        """A short job is done, one of hours is not, and the signal takes effect at once."""
        for executor in ("thread-pool:2", "process-pool:2", "process-each"):
            with self.subTest(executor=executor):
                process = self.start("run", "primes", "100", "40000000", "--with", executor, "-o", self.output)
                wait_for(lambda: "product-100.txt" in self.names(), "the first product")
                process.send_signal(signal.SIGINT)
                result = self.finish(process, 5 * SLOWNESS)
                self.assertEqual(result.code, 130, result)
                self.assertIn("25 prime numbers found", result.out)
                self.assertIn("1 of 2 done", result.out)
                self.assertEqual(set(self.files()), {"product-100.txt"})
                (self.output / "product-100.txt").unlink()

    def test_the_second_one_stops_at_once(self):
        """The runner can't answer, for it is stopped; still what was done is printed, and it was the first signal."""
        for executor in ("process-pool:4", "thread-pool:4"):
            for form in ("--json", "--csv", "--progress=none"):
                with self.subTest(executor=executor, form=form):
                    site = self.site()
                    out = self.work / (executor + form)
                    words = ["run", "download", self.urls(site), "--with", executor, "-o", out, form]
                    process = self.start(*words)
                    wait_for(lambda: len(self.names(out)) == 3 and site.hits_of("/hold") == 4, "three files, and all workers at the next ones")
                    family = family_of(process.pid)
                    os.kill(runner_of(process.pid), signal.SIGSTOP)
                    process.send_signal(signal.SIGINT)
                    wait_for(lambda: not pending(process.pid, signal.SIGINT) or not is_alive(process.pid), "it is taken")
                    process.send_signal(signal.SIGTERM)
                    result = self.finish(process, 5 * SLOWNESS)
                    self.assertEqual(result.code, 130, result)
                    self.check_report(form, result)
                    wait_for(lambda: not any(map(is_alive, family)), "no process left", 2)
                    self.assertEqual(self.files(out), {f"{i}.bin": body_of(f"/{i}.bin") for i in range(3)})

    def check_report(self, form, result):
        """Three jobs are done and five are not, in any form of report."""
        states = ["done"] * 3 + ["queued"] * 5
        if form == "--json":
            self.assertEqual([job["state"] for job in result.document["jobs"]], states)
            self.assertEqual((result.document["run"]["interrupted"], result.document["run"]["state"]), (True, "stopped"))
        elif form == "--csv":
            self.assertEqual([row["state"] for row in csv.DictReader(io.StringIO(result.out))], states)
        else:
            self.assertIn("3 of 8 done", result.out)

    def start_ignoring(self, number):
        """A run that was started with this signal ignored, and has a request that is held."""
        site = self.site()
        process = self.start("run", "download", site.url + "/hold/x", site.url + "/1.bin", "--json",
                             before=("sh", "-c", f'trap "" {number.name[3:]}; exec "$@"', "sh"))
        wait_for(lambda: site.hits_of("/hold"), "a request that is held")
        return process

    def test_a_hang_up_that_is_ignored_does_not_end_it(self):
        """nohup."""
        process = self.start_ignoring(signal.SIGHUP)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process).code, 143)

    def test_an_interrupt_ends_a_background_job_too(self):
        """A shell ignores SIGINT for the background jobs of its scripts; kill -INT is meant all the same."""
        process = self.start_ignoring(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)

    def test_children_can_be_waited_for(self):
        """SIGCHLD that was inherited as ignored takes nothing away: it is known what a child died of."""
        ignoring = ("import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
                    "os.execvp(sys.argv[1], sys.argv[1:])")
        process = self.start("run", "primes", self.list_file([30000] * 60), "--with", "thread-pool:2", "--json", "-o",
                             self.output, before=(sys.executable, "-c", ignoring))
        wait_for(lambda: len(self.names()) >= 5, "five products")
        os.kill(runner_of(process.pid), signal.SIGKILL)
        result = self.finish(process)
        self.assertEqual((result.code, result.document["run"]["restarts"]), (0, 1), result)
        self.assertIn("signal 9", result.err)

    def test_a_runner_that_does_not_answer_is_ended(self):
        site = self.site()
        process = self.start("run", "download", self.urls(site), "--with", "thread-pool:4", "-o", self.output, "--json")
        # Who asks for the next one has put down the one before, in the board, too.
        wait_for(lambda: len(self.names()) == 3 and site.hits_of("/hold") == 4, "three files, and all workers at the next ones")
        runner = runner_of(process.pid)
        os.kill(runner, signal.SIGSTOP)
        wait_for(lambda: process_stat(runner)[1] == "T", "a stopped runner")
        process.send_signal(signal.SIGTERM)
        result = self.finish(process, 5 * SLOWNESS)
        self.assertEqual(result.code, 143, result)
        self.assertEqual(result.document["totals"]["done"], 3)

    def test_the_temporary_folder_goes_all_the_same(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                site = self.site()
                process = self.start("run", "download", self.urls(site))
                wait_for(lambda here=site: here.hits_of("/hold") == 5, "all requests")
                self.assertEqual(len(os.listdir(self.temporary)), 1)
                process.send_signal(number)
                result = self.finish(process)
                self.assertEqual(result.code, 128 + number, result)
                self.assert_nothing_left()

    def test_a_signal_after_the_end_changes_nothing(self):
        result = self.run_juggler("run", "primes", "100", before=("sh", "-c", '"$@"; code=$?; kill -0 $$; exit $code', "sh"))
        self.assertEqual(result.code, 0, result)

    def test_interrupt_by_the_terminal_reaches_the_app_alone(self):
        """The workers of a run are not in the process group that Ctrl-C is sent to; the run ends in order."""
        site = self.site()
        process = self.start("run", "download", self.urls(site), "--with", "process-pool:8", "-o", self.output, "--json",
                             start_new_session=True)
        wait_for(lambda: site.hits_of("/hold") == 5 and len(self.names()) == 3, "all requests")
        family = family_of(process.pid)
        self.assertEqual([pid for pid in family if os.getpgid(pid) == process.pid], [process.pid])
        os.killpg(process.pid, signal.SIGINT)
        result = self.finish(process)
        self.assertEqual(result.code, 130, result)
        self.assertEqual(result.document["totals"]["workers_killed"], 0)
        self.assertEqual({worker["exit"] for worker in result.document["workers"]}, {"stopped"})


if __name__ == "__main__":
    unittest.main()
