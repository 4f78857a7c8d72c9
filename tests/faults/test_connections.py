"""Sockets: none is shared between processes, and none that breaks takes a worker with it."""
import os
import signal
import socket
import struct
import unittest

from cli.support import SLOWNESS, Case, body_of, runner_of, wait_for, workers_of

RESETS = int(os.environ.get("JUGGLER_KILLS", "0")) * 50 or 150 // SLOWNESS


def sockets_of(pid):
    """The inodes of a process's sockets."""
    found = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{fd}")
        except OSError:
            continue
        if target.startswith("socket:"):
            found.add(target)
    return found


def reset(handler, _):
    """The head and a part of the body, and then an RST instead of an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


class Connections(Case):
    def held(self, executor, count):
        site = self.site()
        process = self.start("run", "download", "--with", executor, "-o", self.output, "--json", "--no-history",
                             *[f"{site.url}/hold/{i}" for i in range(count)])
        wait_for(lambda: site.hits_of("/hold") == count, f"{count} requests")
        return site, process

    def test_no_socket_is_shared_between_processes(self):
        """A handle or a connection that crossed a fork would be in two of them."""
        _, process = self.held("process-pool:4", 4)
        workers = workers_of(process.pid)
        self.assertEqual(len(workers), 4)
        sockets = [sockets_of(pid) for pid in [process.pid, runner_of(process.pid), *workers]]
        self.assertEqual(sockets[1], set(), "the runner connects to nobody")
        for i, own in enumerate(sockets):
            self.assertTrue(i < 2 or own)
            for other in sockets[i + 1:]:
                self.assertEqual(own & other, set())
        process.send_signal(signal.SIGINT)
        self.finish(process)

    def test_connections_that_are_reset(self):
        """Not one of them is a SIGPIPE that kills, or an alarm that jumps somewhere."""
        for executor in ("thread-pool:8", "process-pool:2", "event-loop:8"):
            with self.subTest(executor=executor):
                site = self.site(reset=reset)
                urls = self.list_file([*(f"{site.url}/reset/{i}" for i in range(RESETS)), site.url + "/good"])
                result = self.run_juggler("run", "download", urls, "--with", executor, "--retry", "0", "--json", "-o", self.output)
                self.assertEqual(result.code, 1, result)
                totals = result.document["totals"]
                self.assertEqual((totals["done"], totals["failed"], totals["workers_killed"]), (1, RESETS, 0))
                self.assertEqual(result.document["run"]["restarts"], 0)
                self.assertEqual(self.files(), {"good": body_of("/good")})
                (self.output / "good").unlink()

    def test_a_signal_of_a_broken_pipe_ends_nobody(self):
        for executor in ("process-pool:2", "thread-pool:2"):
            with self.subTest(executor=executor):
                site, process = self.held(executor, 2)
                for pid in [runner_of(process.pid), *workers_of(process.pid)]:
                    os.kill(pid, signal.SIGPIPE)
                site.close()
                document = self.finish(process).document
                self.assertEqual(document["totals"]["workers_killed"], 0)
                self.assertEqual(document["run"]["restarts"], 0)


if __name__ == "__main__":
    unittest.main()
