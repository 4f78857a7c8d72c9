/* product_memory.h - memory for the numbers of one job, and a way out when there is none: a failed job, not a dead program. For src/jobs only.
 *
 * GMP can't say that it got no memory: its functions return nothing, and its own way is abort(). Here its blocks are kept in a list, and
 * when there is no memory for one more, the job is left by longjmp and every block of the list is freed. GMP's manual does not promise that
 * a longjmp out of it is sound. It is sound for what is done here, for these reasons:
 *   - GMP holds no lock and changes nothing static while it computes with mpz and mpf; its temporaries are on the stack or come from
 *     the same functions, so they are in the list (a library built with --enable-alloca=malloc-reentrant or alloca, which all
 *     distributions have; malloc-notreentrant would not do for threads either);
 *   - no number that was under way is touched again: its blocks go as a whole, and it is neither read nor cleared;
 *   - nothing but GMP is on the stack between: who holds anything else (a file, the list of primes) holds it outside of
 *     product_memory_run, or has it from product_memory_alloc.
 * tests/unit/test_product_memory.c makes every single allocation of a job fail in turn, and computes the same with the same GMP afterwards.
 *
 * GMP's functions have no argument that could say whose memory it is, so the list is the thread's: one job at a time in each. */
#ifndef JOBS_PRODUCT_MEMORY_H
#define JOBS_PRODUCT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Hands GMP these functions. Once in a process, before it has made any number. */
void product_memory_start(void);
/* Calls work(context) and returns what that does, or ENOMEM when it was left because memory ran out: *wanted_bytes is then the size of the
 * block that there was no room for. Afterwards every block of that work is gone. Not to be nested. Worker. */
int product_memory_run(int (*work)(void *context), void *context, size_t *wanted_bytes);
/* A block that is freed with the work's others, should that be left. NULL with errno set on failure: this one does not leave. Within the work. */
void *product_memory_alloc(size_t bytes);
void product_memory_free(void *block);

#endif
