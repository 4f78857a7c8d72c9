#!/usr/bin/env python3
"""article_downloads.py - the article's I/O-bound program in CPython, in the ways it shows, as a peer for the bench.

    article_downloads.py HOW LIST FOLDER

HOW is sequential, thread-each, thread-batch:N, thread-pool:N or process-pool:N.
"""
import os
import sys
import threading
import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def download(url, folder):
    with urllib.request.urlopen(url) as response, open(os.path.join(folder, url.rsplit("/", 1)[1]), "wb") as file:
        file.write(response.read())


def one_after_another(urls, folder, _):
    for url in urls:
        download(url, folder)


def in_threads(urls, folder, _):
    """A thread for every URL, all started at once, then joined."""
    threads = [threading.Thread(target=download, args=(url, folder)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def in_batches(urls, folder, width):
    for begin in range(0, len(urls), width):
        in_threads(urls[begin:begin + width], folder, width)


def in_a_pool(executor):
    def carry_out(urls, folder, width):
        with executor(width) as pool:
            for _ in pool.map(download, urls, [folder] * len(urls)):
                pass
    return carry_out


WAYS = {"sequential": one_after_another, "thread-each": in_threads, "thread-batch": in_batches,
        "thread-pool": in_a_pool(ThreadPoolExecutor), "process-pool": in_a_pool(ProcessPoolExecutor)}

if __name__ == "__main__":
    with open(sys.argv[2], encoding="ascii") as list_file:
        URLS = [line.strip() for line in list_file if line.strip() and not line.startswith("#")]
    HOW, _, WIDTH = sys.argv[1].partition(":")
    WAYS[HOW](URLS, sys.argv[3], int(WIDTH or 0))
