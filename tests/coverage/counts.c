/* counts.c - in a build for coverage all processes of a program count in the same memory. Linked in by mk/coverage.mk, which puts this in the
 * place of _exit.
 *
 * gcov's counts are variables, and the linker lays all of them side by side (counts.ld). Before main they become memory that forked processes
 * share with this one. So nothing that a runner, a worker or the built-in server executes is lost, however it dies, and the first process
 * alone writes it down when it ends: some two hundred files. Where the first one is killed, whoever leaves by _exit behind it writes: the
 * guard, at least.
 *
 * They are counted up plainly, by many threads and processes at once: of two who count in the same moment one may get lost, but what was
 * counted once is never nought again, and no more is asked. Atomic additions took the hottest loops four times as long. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char counts_begin[], counts_end[];

static pid_t first;

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

__attribute__((constructor)) static void share_counts(void)
{
    size_t bytes = (size_t)(counts_end - counts_begin);
    void *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    first = getpid();
    if (shared != MAP_FAILED) {
        memcpy(shared, counts_begin, bytes);
        mremap(shared, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, counts_begin);
    }
}

/* It is not there, or only until somebody has waited for it. */
static bool first_is_gone(void)
{
    char path[32], stat[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)first);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        stat[fread(stat, 1, sizeof stat - 1, file)] = '\0';
        fclose(file);
    }
    const char *state = strrchr(stat, ')');
    return state == NULL || strncmp(state, ") Z", 3) == 0;
}

_Noreturn void __wrap__exit(int status)
{
    if (getpid() == first || first_is_gone())
        __gcov_dump();
    __real__exit(status);
}
