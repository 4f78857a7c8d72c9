/* leave.c - what would be lost in a build for coverage is written down. Linked in by mk/coverage.mk, which puts these in the place of _exit and
 * MHD_run.
 *
 * Runners and workers leave by _exit: what they executed is written on the way out. The built-in server is ended by SIGKILL, as it holds
 * nothing that would have to be put in order: it writes as it goes, ten times a second. */
#include <microhttpd.h>
#include <stdint.h>
#include <time.h>

enum { WRITE_EVERY_MS = 100 };

void __gcov_dump(void);
void __gcov_reset(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
enum MHD_Result __real_MHD_run(struct MHD_Daemon *daemon);
enum MHD_Result __wrap_MHD_run(struct MHD_Daemon *daemon);

_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

enum MHD_Result __wrap_MHD_run(struct MHD_Daemon *daemon)
{
    static int64_t written_ms;
    enum MHD_Result result = __real_MHD_run(daemon);
    if (now_ms() - written_ms >= WRITE_EVERY_MS) {
        __gcov_dump();
        __gcov_reset();
        written_ms = now_ms();
    }
    return result;
}
