#!/usr/bin/env python3
"""article_downloads.py - the article's I/O-bound program in CPython, as a peer for the bench: a pool of threads that downloads a list.

    article_downloads.py WIDTH LIST FOLDER
"""
import os
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def download(url, folder):
    with urllib.request.urlopen(url) as response, open(os.path.join(folder, url.rsplit("/", 1)[1]), "wb") as file:
        file.write(response.read())


if __name__ == "__main__":
    with open(sys.argv[2], encoding="ascii") as file:
        URLS = file.read().split()
    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        for _ in pool.map(lambda url: download(url, sys.argv[3]), URLS):
            pass
