"""Every executor does both kinds of work, and comes to the same, right results. test: limit 180"""
import unittest

from cli.support import ARTICLE_LIMITS, EXECUTORS, Case, body_of, prime_products

FILES = 9


class Executors(Case):
    def check_workers(self, document, executor, jobs):
        run, workers = document["run"], document["workers"]
        name, _, width = executor.partition(":")
        expected = int(width) if width else 1 if name == "sequential" else jobs
        self.assertEqual(run["executor"], executor)
        self.assertEqual(run["workers"], expected)
        self.assertLessEqual(len(workers), expected)
        kind = {"process": "process", "event": "transfer"}.get(name.partition("-")[0], "thread")
        self.assertEqual({worker["kind"] for worker in workers}, {kind})
        self.assertEqual(sum(worker["jobs"] for worker in workers), jobs)
        if name.endswith("-each"):
            self.assertEqual([worker["jobs"] for worker in workers], [1] * jobs)

    def test_primes(self):
        limits = ARTICLE_LIMITS + [0, 1, 2, 3, 7, 10, 100, 1000]
        for executor in EXECUTORS:
            with self.subTest(executor=executor):
                out = self.work / executor
                document = self.run_json("run", "primes", *limits, "--with", executor, "-o", out)
                self.assertEqual([job["input"] for job in document["jobs"]], [str(limit) for limit in limits])
                for job, limit in zip(document["jobs"], limits):
                    self.assertEqual(job["state"], "done")
                    self.assert_product(job, limit)
                    self.assertEqual(job["file"], f"product-{limit}.txt")
                files = self.files(out)
                self.assertEqual(set(files), {f"product-{limit}.txt" for limit in limits})
                for limit in limits:
                    self.assert_product_file(files[f"product-{limit}.txt"], limit)
                self.check_workers(document, executor, len(limits))

    def test_downloads(self):
        site = self.site()
        urls = self.list_file(f"{site.url}/some/path/{i}.bin" for i in range(FILES))
        for executor in EXECUTORS + ["event-loop:4"]:
            with self.subTest(executor=executor):
                out = self.work / executor
                document = self.run_json("run", "download", urls, "--with", executor, "-o", out)
                self.assertEqual([job["file"] for job in document["jobs"]], [f"{i}.bin" for i in range(FILES)])
                self.assertEqual({job["state"] for job in document["jobs"]}, {"done"})
                self.assertEqual(self.files(out), {f"{i}.bin": body_of(f"/some/path/{i}.bin") for i in range(FILES)})
                self.check_workers(document, executor, FILES)

    def test_defaults_are_the_articles(self):
        primes = self.run_json("run", "primes", "10")
        self.assertEqual((primes["run"]["executor"], primes["run"]["workers"]), ("process-pool:4", 4))
        site = self.site()
        download = self.run_json("run", "download", site.url + "/x")
        self.assertEqual((download["run"]["executor"], download["run"]["workers"]), ("thread-pool:10", 10))

    def test_a_width_left_out(self):
        """10 for downloads, as many as the usable cores for primes."""
        site = self.site()
        for how in ("thread-pool", "process-batch", "event-loop"):
            document = self.run_json("run", "download", site.url + "/x", "--with", how)
            self.assertEqual(document["run"]["executor"], how + ":10")
            if how == "event-loop":
                continue
            document = self.run_json("run", "primes", "7", "--with", how)
            self.assertEqual(document["run"]["executor"], f"{how}:{document['run']['usable_cores']}")

    def test_what_is_wider_than_the_work(self):
        for executor in ("thread-pool:200", "process-pool:50", "thread-batch:64", "process-batch:32"):
            with self.subTest(executor=executor):
                document = self.run_json("run", "primes", "100", "1000", "--with", executor)
                self.assertEqual([job["primes"] for job in document["jobs"]], [25, 168])

    def test_kernels_and_products(self):
        limits = [int(limit) for limit in prime_products() if int(limit) <= 50328]
        for kernel in ("trial", "sieve"):
            for product in ("fold", "tree"):
                with self.subTest(kernel=kernel, product=product):
                    out = self.work / (kernel + product)
                    document = self.run_json("run", "primes", *limits, "--kernel", kernel, "--product", product, "-o", out)
                    for job, limit in zip(document["jobs"], limits):
                        self.assert_product(job, limit)
                        self.assert_product_file((out / f"product-{limit}.txt").read_bytes(), limit)

    def test_large_limits_by_sieve(self):
        limits = [limit for limit in prime_products() if limit > 100000]
        document = self.run_json("run", "primes", *limits, "--kernel", "sieve", "-o", self.output)
        for job, limit in zip(document["jobs"], limits):
            self.assert_product(job, limit)
            self.assert_product_file((self.output / f"product-{limit}.txt").read_bytes(), limit)


if __name__ == "__main__":
    unittest.main()
