"""The built-in server, as others on this machine and beyond meet it: on loopback alone, for GET and HEAD, with nothing but its own files; and clients that
say nothing keep nobody from his files."""
import socket
import unittest

from cli.support import ROOT, Case, wait_for

IDLE = 500
HALF = b"GET /synthetic/1 HTTP/1.1\r\nHo"
WHOLE = b"GET /synthetic/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Origin(Case):
    def serve(self, *words):
        """The port of a server that runs until the end of the test."""
        process = self.start("serve", "--latency", "0", "--rate", "0", *words)
        self.process = process
        return int(process.stdout.readline().decode().rsplit(":", 1)[1].strip(" /\n"))

    @staticmethod
    def ask(port, request, limit_s=5):
        """The status of the answer to these bytes; None: there was no answer."""
        with socket.create_connection(("127.0.0.1", port), limit_s) as connection:
            connection.sendall(request)
            try:
                line = connection.makefile("rb").readline()
            except (TimeoutError, ConnectionError):
                return None
        return int(line.split()[1]) if line.startswith(b"HTTP/") else None

    def test_idle_connections_do_not_stop_a_run(self):
        """Five hundred of them: silent, half a request, or a request whose answer is never read."""
        port = self.serve()
        idle = []
        for i in range(IDLE):
            idle.append(socket.create_connection(("127.0.0.1", port)))
            idle[-1].sendall((b"", HALF, WHOLE)[i % 3])
        urls = self.list_file(f"http://127.0.0.1:{port}/synthetic/{i}" for i in range(100))
        for executor in ("thread-pool:10", "event-loop:20"):
            result = self.run_juggler("run", "download", urls, "--with", executor, "--retry", "0", "--timeout", "5", "--json")
            self.assertEqual((result.code, result.document["totals"]["done"]), (0, 100), result)
        for connection in idle:
            connection.close()

    def test_requests_that_are_refused(self):
        port = self.serve()
        local = b"Host: 127.0.0.1\r\n\r\n"
        for request, status in (
                (b"GET /synthetic/1 HTTP/1.1\r\n" + local, 200),
                (b"HEAD /synthetic/1 HTTP/1.1\r\n" + local, 200),
                (b"GET /synthetic/1 HTTP/1.1\r\nHost: rebound.example\r\n\r\n", 403),
                (b"GET /synthetic/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: rebound.example\r\n\r\n", {400, 403}),
                (b"GET http://rebound.example/synthetic/1 HTTP/1.1\r\n" + local, {400, 403, 404}),
                (b"GET /synthetic/1 HTTP/1.1\r\n\r\n", {400, 403}),
                (b"POST /synthetic/1 HTTP/1.1\r\nContent-Length: 0\r\n" + local, 405),
                (b"PUT /synthetic/1 HTTP/1.1\r\nContent-Length: 1000000000\r\n" + local, 405),
                (b"DELETE /synthetic/1 HTTP/1.1\r\n" + local, 405),
                (b"TRACE /synthetic/1 HTTP/1.1\r\n" + local, 405),
                (b"CONNECT example.org:443 HTTP/1.1\r\n" + local, {400, 405}),
                (b"GET /synthetic/1 HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + local, {400}),
                (b"GET /synthetic/1 HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 44\r\n" + local + WHOLE, {400}),
                (b"GET /synthetic/1 HTTP/1.1\r\nContent-Length: 44\r\nContent-Length: 0\r\n" + local + WHOLE, {400}),
                (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400, None})):
            with self.subTest(request=request):
                self.assertIn(self.ask(port, request), status if isinstance(status, set) else {status})

    def test_nothing_but_its_own_files(self):
        """However it is written, no way leads out of what it serves."""
        port = self.serve()
        for path in ("/", "/..", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/etc/passwd", "/..%2f..%2fetc%2fpasswd",
                     "/%00", "/..\\..\\etc\\passwd", "/synthetic/../../etc/passwd", "/synthetic/-1", "/synthetic/99999999999999999999",
                     "/synthetic/1/../../../etc/passwd", "/article.urls", f"/{ROOT}/README.md", "/.", "/images", "/proc/self/environ", "/" + "a" * 5000):
            with self.subTest(path=path):
                status = self.ask(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                self.assertIn(status, {404, 400, 414, 431})

    def test_it_listens_on_loopback_alone(self):
        port = self.serve()
        found = []
        for table, loopback in (("/proc/net/tcp", "0100007F"), ("/proc/net/tcp6", "0" * 24 + "01000000")):
            try:
                with open(table, encoding="ascii") as lines:
                    found += [(row.split()[1].split(":")[0], loopback) for row in list(lines)[1:]
                              if row.split()[1].endswith(f":{port:04X}") and row.split()[3] == "0A"]
            except FileNotFoundError:
                continue
        self.assertTrue(found)
        for address, loopback in found:
            self.assertEqual(address, loopback)

    def test_it_ends_with_clients_waiting(self):
        port = self.serve()
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        self.process.terminate()
        wait_for(lambda: self.process.poll() is not None, "its end", 2)
        for connection in idle:
            connection.close()


if __name__ == "__main__":
    unittest.main()
