"""juggler serve, juggler doctor, --help and --version."""
import hashlib
import http.client
import os
import re
import signal
import socket
import threading
import time
import unittest

from cli.support import ROOT, SLOWNESS, Case, children_of, wait_for


class Serve(Case):
    def serve(self, *words):
        """(process, port) of a server that is ready."""
        process = self.start("serve", *words)
        line = process.stdout.readline().decode()
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)\n", line)
        self.assertTrue(match, line)
        return process, int(match[1])

    @staticmethod
    def get(port, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20 * SLOWNESS)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    def test_what_it_serves(self):
        _, port = self.serve("--latency", "0", "--rate", "0")
        name = "5941812700_0f634b136e_b.jpg"
        self.assertEqual(self.get(port, "/6022/" + name), (200, (ROOT / "sample-data/images" / name).read_bytes()))
        sizes = set()
        for i in (0, 1, 2, 4999):
            status, body = self.get(port, f"/synthetic/{i}")
            self.assertEqual(status, 200)
            self.assertTrue(20000 <= len(body) <= 160000)
            self.assertEqual(self.get(port, f"/synthetic/{i}")[1], body)
            sizes.add((len(body), hashlib.sha256(body).hexdigest()))
        self.assertEqual(len(sizes), 4)
        for path in ("/", "/synthetic/5000", "/synthetic/-1", "/synthetic/", "/synthetic/1x", "/6022/nothing.jpg",
                     "/../../etc/passwd", "/images/" + name):
            self.assertEqual(self.get(port, path)[0], 404, path)

    def test_the_files_and_the_port_that_were_asked_for(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]
        _, port = self.serve("--files", "3", "--latency", "0", "--rate", "0", "--port", free)
        self.assertEqual(port, free)
        self.assertEqual([self.get(port, f"/synthetic/{i}")[0] for i in (0, 2, 3)], [200, 200, 404])

    def test_a_port_that_is_taken(self):
        _, port = self.serve()
        result = self.run_juggler("serve", "--port", port)
        self.assertEqual((result.code, result.out), (3, ""), result)
        self.assertIn(str(port), result.err)

    def test_latency_and_rate(self):
        _, port = self.serve("--latency", "300", "--rate", "100K")
        began = time.monotonic()
        _, body = self.get(port, "/synthetic/0")
        took = time.monotonic() - began
        self.assertGreaterEqual(took, 0.295 + 0.8 * len(body) / 102400)
        self.assertLess(took, (1 + 1.5 * len(body) / 102400) * SLOWNESS)

    def test_many_wait_at_once(self):
        _, port = self.serve("--latency", "400", "--rate", "0")
        began, got = time.monotonic(), []
        threads = [threading.Thread(target=lambda i=i: got.append(self.get(port, f"/synthetic/{i}")[0])) for i in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(got, [200] * 50)
        self.assertLess(time.monotonic() - began, 8 * SLOWNESS)

    def test_it_listens_on_loopback_for_its_own_name_only(self):
        _, port = self.serve("--latency", "0")
        self.assertEqual(self.get(port, "/synthetic/0", Host="evil.example")[0], 403)
        self.assertEqual(self.get(port, "/synthetic/0", Host=f"localhost:{port}")[0], 200)
        self.assertEqual(self.get(port, "/synthetic/0", "HEAD"), (200, b""))
        self.assertIn(self.get(port, "/synthetic/0", "POST")[0], (405, 501))
        for line in open("/proc/net/tcp", encoding="ascii").read().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            if state == "0A" and int(address.split(":")[1], 16) == port:
                self.assertEqual(address.split(":")[0], "0100007F")

    def test_it_stops_when_told(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process, port = self.serve()
            process.send_signal(number)
            result = self.finish(process, 5 * SLOWNESS)
            self.assertEqual((result.code, result.out, result.err), (128 + number, "", ""), result)
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()

    def test_it_stops_with_its_program(self):
        process, port = self.serve()
        self.assertTrue(children_of(process.pid))
        process.kill()
        process.wait()

        def refused():
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return False
            except OSError:
                return True
        wait_for(refused, "nobody listens there", 2)

    def test_a_run_against_it(self):
        _, port = self.serve("--latency", "5", "--rate", "0")
        urls = self.list_file(f"http://127.0.0.1:{port}/synthetic/{i}" for i in range(200))
        document = self.run_json("run", "download", urls, "--with", "thread-pool:20", "-o", self.output)
        self.assertEqual(document["totals"]["done"], 200)
        self.assertEqual(self.get(port, "/synthetic/117")[1], (self.output / "117").read_bytes())


class Others(Case):
    def test_help(self):
        """For the program and for each command; it starts with examples."""
        for words, has in (([], "juggler doctor"), (["run"], "--with"), (["run", "download"], "--latency"),
                           (["run", "primes"], "--kernel"),
                           (["serve"], "--port"), (["doctor"], "usable cores")):
            for option in ("--help", "-h"):
                with self.subTest(words=words, option=option):
                    result = self.run_juggler(*words, option)
                    self.assertEqual((result.code, result.err), (0, ""), result)
                    self.assertTrue(result.out.startswith("Examples:\n"), result)
                    self.assertIn(has, result.out)
                    self.assertLessEqual(max(map(len, result.out.splitlines())), 80)

    def test_help_names_every_option(self):
        text = self.run_juggler("run", "--help").out
        for option in ("--with", "--output", "--json", "--csv", "--kernel", "--product", "--origin", "--latency", "--rate",
                       "--retry", "--timeout",
                       "--max-size", "--no-clobber", "--progress"):
            self.assertIn(option, text)

    def test_version(self):
        for words in ([], ["run"], ["serve"], ["doctor"], ["run", "primes"]):
            for option in ("--version", "-V"):
                result = self.run_juggler(*words, option)
                self.assertEqual((result.code, result.err), (0, ""), result)
                self.assertRegex(result.out, r"\Ajuggler \d+\.\d+\.\d+ .*libcurl.*\n\Z")

    def test_doctor(self):
        result = self.run_juggler("doctor")
        self.assertIn(result.code, (0, 3), result)
        self.assertEqual(result.err, "")
        for word in ("cores", "schedstat", "terminal", "locale", "libcurl", "primesieve", "GMP", "files"):
            self.assertIn(word, result.out)
        self.assertEqual(result.code == 3, bool(re.search(r"^bad ", result.out, re.MULTILINE)), result)

    def test_doctor_sees_what_is_missing(self):
        result = self.run_juggler("doctor", env={"JUGGLER_DATA": "/nonexistent"})
        self.assertEqual(result.code, 3, result)
        self.assertRegex(result.out, r"(?m)^bad .*sample data.*/nonexistent")

    def test_doctor_sees_the_affinity(self):
        result = self.run_juggler("doctor", before=("taskset", "-c", "0"))
        self.assertRegex(result.out, r"cores +1 usable")
        document = self.run_json("run", "primes", "100", before=("taskset", "-c", "0"))
        self.assertEqual(document["run"]["usable_cores"], 1)

    def test_full_standard_output(self):
        """A result that can't be written: exit code 3, and the reason."""
        run = ["run", "primes", "100"]
        for words in ([*run, "--json"], [*run, "--csv"], run, ["--help"], ["run", "--help"], ["--version"], ["doctor"],
                      ["serve"]):
            with self.subTest(words=words), open("/dev/full", "wb") as full:
                result = self.run_juggler(*words, stdout=full)
                self.assertEqual(result.code, 3, result)
                self.assertIn("No space left", result.err)

    def test_a_reader_that_went_away(self):
        """A broken pipe is an error like others, and nothing dies of SIGPIPE."""
        reader, writer = os.pipe()
        os.close(reader)
        process = self.start("run", "primes", "100", "--json", stdout=writer)
        os.close(writer)
        result = self.finish(process)
        self.assertEqual(result.code, 3, result)
        self.assertIn("pipe", result.err)


if __name__ == "__main__":
    unittest.main()
