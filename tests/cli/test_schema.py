"""Every JSON that the program prints, held against the schemas in docs/schema by a validator that is not ours. test: limit 240

The schemas are open, because keys may be added within a version; here they are closed, so that a key nobody described is found, too.
"""
import copy
import json
import unittest

from cli.support import ROOT, Case, kill, wait_for, workers_of

try:
    import jsonschema
    WHY = "" if hasattr(jsonschema, "Draft202012Validator") else "python3-jsonschema is older than 4.0"
except ImportError:
    WHY = "python3-jsonschema is not installed"


def closed(schema):
    """The same schema with no other keys than those it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    new = {key: closed(part) for key, part in schema.items()}
    if "properties" in new and "required" in new:
        new["additionalProperties"] = False
    return new


def validator(name):
    schema = json.loads((ROOT / f"docs/schema/{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(closed(schema))


def parts(document, way=()):
    """Every place in it."""
    yield way
    items = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, part in items:
        yield from parts(part, (*way, key))


def changed(document, way, value):
    new = copy.deepcopy(document)
    place = new
    for key in way[:-1]:
        place = place[key]
    place[way[-1]] = value
    return new


def without(document, way):
    new = copy.deepcopy(document)
    place = new
    for key in way[:-1]:
        place = place[key]
    del place[way[-1]]
    return new


def failing(handler, hit):
    handler.answer(500, b"sorry")


def chunked(handler, hit):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nno length")
    handler.close_connection = True


@unittest.skipIf(WHY, WHY)
class Schemas(Case):
    def assert_valid(self, name, document):
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator(name).iter_errors(document)]
        self.assertEqual(errors, [])
        return document

    def valid_run(self, *words, code=0, **more):
        return self.assert_valid("run", self.run_json("run", *words, "--progress", "none", code=code, **more))

    def valid_compare(self, *words, code=0, **more):
        return self.assert_valid("compare", self.run_json("compare", *words, "--progress", "none", code=code, **more))

    # --- run ----------------------------------------------------------------------------------------------------------

    def test_run_download(self):
        site = self.site(failing=failing, chunked=chunked)
        urls = [f"{site.url}/a", f"{site.url}/failing/x", f"{site.url}/chunked/y"]
        document = self.valid_run("download", *urls, "--retry", 0, "-o", self.output, code=1)
        self.assertEqual([job["state"] for job in document["jobs"]], ["done", "failed", "done"])
        self.assertTrue(document["jobs"][2]["length_unverified"])
        document = self.valid_run("download", *urls[:1], "--no-clobber", "-o", self.output)
        self.assertTrue(document["jobs"][0]["kept"])

    def test_run_of_every_kind_of_executor(self):
        for executor in ("sequential", "thread-batch:2", "thread-pool:2+gil", "process-pool:2"):
            with self.subTest(executor=executor):
                document = self.valid_run("primes", 0, 1, 1000, 50000, "--with", executor, "-o", self.output)
                self.assertEqual(document["run"]["gil"] is not None, executor.endswith("+gil"))

    def test_run_event_loop(self):
        site = self.site()
        document = self.valid_run("download", *[f"{site.url}/{i}" for i in range(4)], "--with", "event-loop:2")
        self.assertEqual({worker["kind"] for worker in document["workers"]}, {"transfer"})

    def test_run_counter(self):
        for executor, lock in (("thread-pool:2", "mutex"), ("process-pool:2", "none")):
            document = self.valid_run("counter", "--with", executor, "--lock", lock)
            self.assertEqual(document["counter"]["lock"], lock)

    def test_run_refused(self):
        for words in (("primes", "x"), ("primes", 5, "--with", "event-loop:4"), ("download", "ftp://h/x"), ("counter", "--with", "no-such")):
            with self.subTest(words=words):
                document = self.valid_run(*words, code=2)
                self.assertTrue(document["error"])
                self.assertIsNone(document["run"]["wall_s"])

    def test_run_interrupted(self):
        site = self.site()
        process = self.start("run", "download", f"{site.url}/a", f"{site.url}/hold/1", "--with", "sequential", "--json")
        wait_for(lambda: site.hits_of("/hold"), "the second request")
        process.terminate()
        result = self.finish(process)
        self.assertEqual(result.code, 143, result)
        document = self.assert_valid("run", result.document)
        self.assertTrue(document["run"]["interrupted"])

    def test_run_with_a_worker_that_was_killed(self):
        site = self.site()
        process = self.start("run", "download", f"{site.url}/hold/1", "--with", "process-pool:1", "--json", "--retry", 0)
        for tries in range(1, 4):
            wait_for(lambda: site.hits_of("/hold") == tries, "the next try")
            self.assertTrue(kill(workers_of(process.pid)[0]))
        document = self.assert_valid("run", self.finish(process).document)
        self.assertEqual(document["jobs"][0]["deaths"], 3)

    # --- compare ------------------------------------------------------------------------------------------------------

    def test_compare(self):
        document = self.valid_compare("primes", 2000, 3000, "--with", "sequential,thread-pool:2,process-pool:2", "--repeat", 2)
        self.assertIsNone(document["fit"])
        self.assertEqual([len(line["runs_s"]) for line in document["executors"]], [2, 2, 2])
        document = self.valid_compare("counter", "--with", "thread-pool:1,thread-pool:2", "--repeat", 1)
        self.assertEqual(document["compare"]["work"], "counter")

    def test_compare_sweep(self):
        document = self.valid_compare("primes", *[1000] * 8, "--with", "thread-pool", "--sweep", "1,2,3,4", "--repeat", 1)
        self.assertTrue(document["fit"]["words"])
        document = self.valid_compare("primes", 1000, 2000, "--with", "thread-pool", "--sweep", "1,2", "--repeat", 1)
        self.assertFalse(document["fit"]["known"])

    def test_compare_refused(self):
        document = self.valid_compare("primes", "x", code=2)
        self.assertTrue(document["error"])
        self.assertEqual(document["executors"], [])

    def test_compare_interrupted(self):
        site = self.site()
        process = self.start("compare", "download", f"{site.url}/hold/1", "--with", "sequential,thread-pool:2", "--json")
        wait_for(lambda: site.hits_of("/hold"), "a request")
        process.terminate()
        result = self.finish(process)
        self.assertEqual(result.code, 143, result)
        document = self.assert_valid("compare", result.document)
        self.assertTrue(document["compare"]["interrupted"])
        self.assertEqual([line["median_s"] for line in document["executors"]], [None, None])

    # --- history ------------------------------------------------------------------------------------------------------

    def test_history(self):
        state = {"XDG_STATE_HOME": self.folder / "state"}
        self.valid_run("primes", 1000, env=state)
        self.valid_run("primes", 2000, env=state)
        self.valid_compare("primes", 1000, "--with", "sequential,thread-each", "--repeat", 1, env=state)
        path = self.folder / "state/juggler/history.jsonl"
        of_the_dashboard = path.read_text(encoding="ascii").splitlines()[0].replace('"run"', '"dashboard"', 1)
        with open(path, "a", encoding="ascii") as file:
            file.write(of_the_dashboard + "\n{damaged\n")
        document = self.assert_valid("history", self.run_juggler("history", "--json", env=state).document)
        self.assertGreaterEqual(len(document["entries"]), 4)
        self.assertEqual(len(document["damaged"]), 1)
        self.assertIn("dashboard", [entry["command"] for entry in document["entries"]])
        document = self.assert_valid("history", self.run_juggler("history", 1, 2, "--json", env=state).document)
        self.assertIn("comparison", document)

    # --- the schemas themselves -------------------------------------------------------------------------------------------

    def assert_nothing_else_is_valid(self, name, document):
        """Whatever place is spoilt, it is found; and so is a key that was added, or is missing."""
        check = validator(name)
        required = {way for way in parts(document) if way and isinstance(way[-1], str)}
        for way in required:
            self.assertFalse(check.is_valid(changed(document, way, {"no": "such"})), way)
            if way[-1] not in ("error", "file", "deaths", "length_unverified", "signal", "silent_s", "bytes", "stale"):
                self.assertFalse(check.is_valid(without(document, way)), way)
        for way in parts(document):
            value = document
            for key in way:
                value = value[key]
            if isinstance(value, dict):
                self.assertFalse(check.is_valid(changed(document, (*way, "unheard-of"), 1)), way)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                self.assertFalse(check.is_valid(changed(document, way, -1)) and way[-1] not in ("r_squared", "seed"), way)

    def test_what_is_spoilt_is_found(self):
        document = self.valid_run("primes", 1000, 2000, "--with", "thread-pool:2")
        self.assert_nothing_else_is_valid("run", document)
        document = self.valid_compare("primes", 1000, 2000, "--with", "thread-pool", "--sweep", "1,2", "--repeat", 1)
        self.assert_nothing_else_is_valid("compare", document)


if __name__ == "__main__":
    unittest.main()
