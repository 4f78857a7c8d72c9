/* call_filter.c - the rules as a program that the kernel runs at each system call (seccomp). See call_filter.h.
 *
 * By hand and not by libseccomp: the program is a straight list, a comparison a call, and is built without memory in a process that was
 * just forked. Whatever no rule refuses is allowed, so the list's order is of no matter but within a call. Calls that are allowed
 * whatever their arguments the kernel (5.11 and later) finds out once and never asks the program about again; so
 * what a worker does all the time costs nothing.
 *
 *     is this the architecture whose numbers these are?      no: not implemented (32-bit calls on x86-64 have other numbers)
 *     is it this call?   is its argument such a one?         yes: fails
 *     ...
 *     allowed */
#include "engine/call_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sys.h"
#include "engine/call_rules.h"
#include "juggler/job.h"

enum { LINES_MAX = 512 }; /* 4 KiB, on the stack */

#define X32_CALLS UINT32_C(0x40000000) /* x86-64's other set of numbers */

#ifdef JUGGLER_INSTRUMENTED
#define BUILD_NEEDS ((unsigned)NEEDS_REPORTS)
#else
#define BUILD_NEEDS 0u
#endif

struct program {
    unsigned needs;
    uint32_t own_pid;
    unsigned short count;
    struct sock_filter lines[LINES_MAX];
};

/* One more than there is room for is counted and not written. */
static void put(struct program *program, struct sock_filter line)
{
    if (program->count < LINES_MAX)
        program->lines[program->count] = line;
    program->count++;
}

static void put_load(struct program *program, unsigned at)
{
    put(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at));
}

/* Goes on with the line behind so many others: `yes` of them where the comparison holds, `no` where it does not. */
static void put_jump(struct program *program, unsigned comparison, uint32_t value, uint8_t yes, uint8_t no)
{
    put(program, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | BPF_K | comparison), value, yes, no));
}

static void put_answer(struct program *program, int error)
{
    put(program,
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, error ? SECCOMP_RET_ERRNO | (uint32_t)error : SECCOMP_RET_ALLOW));
}

static void put_call(struct program *program, int call, int error)
{
    put_jump(program, BPF_JEQ, (uint32_t)call, 0, 1);
    put_answer(program, error);
}

/* How a test is put: its comparison, and whether to refuse is what it means when it holds. */
static void put_test(struct program *program, const struct call_rule *rule)
{
    static const struct {
        unsigned comparison;
        bool refuses;
    } tests[] = {
        [REFUSE_BITS] = {BPF_JSET, true}, [REFUSE_NO_BITS] = {BPF_JSET, false}, [REFUSE_EQUAL] = {BPF_JEQ, true},
        [REFUSE_ABOVE] = {BPF_JGT, true}, [REFUSE_OTHERS] = {BPF_JEQ, false},
    };
    bool refuses = tests[rule->test].refuses;
    uint32_t value = rule->test == REFUSE_OTHERS ? program->own_pid : rule->value;
    put_jump(program, tests[rule->test].comparison, value, refuses ? 0 : 1, refuses ? 1 : 0);
}

static void put_rule(struct program *program, const struct call_rule *rule)
{
    int error = rule->error ? rule->error : EPERM;
    if (rule->test == REFUSE_ALWAYS) {
        put_call(program, rule->call, error);
        return;
    }
    put_jump(program, BPF_JEQ, (uint32_t)rule->call, 0, 4);
    put_load(program, rule->at);
    put_test(program, rule);
    put_answer(program, error);
    put_load(program, offsetof(struct seccomp_data, nr)); /* for the rules to come */
}

static void put_head(struct program *program)
{
    put_load(program, offsetof(struct seccomp_data, arch));
    put_jump(program, BPF_JEQ, CALL_ARCHITECTURE, 1, 0);
    put_answer(program, ENOSYS);
    put_load(program, offsetof(struct seccomp_data, nr));
    put_jump(program, BPF_JGE, X32_CALLS, 0, 1);
    put_answer(program, ENOSYS);
}

static void build(struct program *program)
{
    put_head(program);
    for (size_t i = 0; i < CALL_GROUP_COUNT; i++)
        for (size_t j = 0; j < CALL_GROUPS[i].count && !(CALL_GROUPS[i].unless & program->needs); j++)
            put_call(program, CALL_GROUPS[i].calls[j], EPERM);
    for (size_t i = 0; i < CALL_RULE_COUNT; i++)
        if (!(CALL_RULES[i].unless & program->needs))
            put_rule(program, &CALL_RULES[i]);
    put_answer(program, 0);
}

static int install(struct program *program)
{
    const struct sock_fprog code = {.len = program->count, .filter = program->lines};
    /* Kernels before 5.16 else make whoever has a filter slower, by what they do against reading by speculation: a worker has no
     * secrets of others' to read, and what is measured here should be the work. */
    unsigned flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &code) == 0)
        return 0;
    if (errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &code) == 0)
        return 0;
    return errno;
}

bool call_filter_known(void)
{
    return CALL_ARCHITECTURE != 0;
}

int call_filter_apply(unsigned needs)
{
    struct program program = {.needs = needs | BUILD_NEEDS, .own_pid = (uint32_t)getpid()};
    if (!call_filter_known())
        return ENOSYS;
    build(&program);
    return program.count > LINES_MAX ? E2BIG : install(&program);
}

int call_filter_try(void)
{
    pid_t pid = sys_fork();
    if (pid < 0)
        return errno;
    if (pid == 0)
        _exit(prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0 ? errno : call_filter_apply(0));
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM; /* killed for asking */
}
