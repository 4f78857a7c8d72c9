#!/usr/bin/env python3
"""article_primes.py - the article's CPU-bound program in CPython, in the ways it shows, as a peer for the bench: for each limit the product of
all primes up to it.

    article_primes.py HOW LIMIT...

HOW is sequential, thread-each, process-each, thread-pool:N or process-pool:N. The kernel is juggler's "trial": i is divided by every j from 2
to i/2 until one divides. Prints "LIMIT PRIMES BITS" for each limit, so that the bench can see that both computed the same.
"""
import multiprocessing
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def product_of_primes(limit):
    product, primes = 1, 0
    for i in range(2, limit + 1):
        for j in range(2, i // 2 + 1):
            if i % j == 0:
                break
        else:
            product *= i
            primes += 1
    return limit, primes, product.bit_length()


def one_after_another(limits, _):
    return map(product_of_primes, limits)


def in_threads(limits, _):
    """A thread for every limit, all started at once, then joined."""
    results = {}
    threads = [threading.Thread(target=lambda n: results.update({n: product_of_primes(n)}), args=(limit,)) for limit in limits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[limit] for limit in limits]


def work(limit, out):
    out.put(product_of_primes(limit))


def in_processes(limits, _):
    """A process for every limit, all started at once, then joined."""
    out = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(limit, out)) for limit in limits]
    for process in processes:
        process.start()
    results = {result[0]: result for result in (out.get() for _ in processes)}
    for process in processes:
        process.join()
    return [results[limit] for limit in limits]


def in_a_pool(executor):
    def carry_out(limits, width):
        with executor(width) as pool:
            return list(pool.map(product_of_primes, limits))
    return carry_out


WAYS = {"sequential": one_after_another, "thread-each": in_threads, "process-each": in_processes,
        "thread-pool": in_a_pool(ThreadPoolExecutor), "process-pool": in_a_pool(ProcessPoolExecutor)}

if __name__ == "__main__":
    HOW, _, WIDTH = sys.argv[1].partition(":")
    for line in WAYS[HOW]([int(text) for text in sys.argv[2:]], int(WIDTH or 0)):
        print(*line)
