#!/usr/bin/env python3
"""article_primes.py - the article's CPU-bound program in CPython, as a peer for the bench: for each limit the product of all primes up to it.

    article_primes.py sequential|processes LIMIT...

The kernel is juggler's "trial": i is divided by every j from 2 to i/2 until one divides. Prints "LIMIT PRIMES BITS" for each limit, so
that the bench can see that both computed the same.
"""
import multiprocessing
import sys


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


def work(limit, out):
    out.put(product_of_primes(limit))


def in_processes(limits):
    """A process for every limit, all started at once, then joined."""
    out = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(limit, out)) for limit in limits]
    for process in processes:
        process.start()
    results = {result[0]: result for result in (out.get() for _ in processes)}
    for process in processes:
        process.join()
    return [results[limit] for limit in limits]


if __name__ == "__main__":
    LIMITS = [int(text) for text in sys.argv[2:]]
    for line in in_processes(LIMITS) if sys.argv[1] == "processes" else map(product_of_primes, LIMITS):
        print(*line)
