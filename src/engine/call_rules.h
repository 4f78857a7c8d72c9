/* call_rules.h - the calls that are refused to forked workers, as tables. Private to call_filter.c. */
#ifndef ENGINE_CALL_RULES_H
#define ENGINE_CALL_RULES_H

#include <stddef.h>
#include <stdint.h>

/* Beside what a kind needs (enum job_need): reports of sanitizers and of coverage, in builds that have them. */
enum { NEEDS_REPORTS = 256 };

/* Calls that are refused whatever their arguments. */
struct call_group {
    const int *calls;
    size_t count;
    unsigned unless; /* a worker that needs one of these is not refused them; 0: they are refused to all */
};

enum call_test {
    REFUSE_ALWAYS,
    REFUSE_BITS,    /* any bit of `value` is set */
    REFUSE_NO_BITS, /* none is */
    REFUSE_EQUAL,
    REFUSE_ABOVE,
    REFUSE_OTHERS /* it is not the caller's own pid */
};

/* A call that is refused for what one half of an argument says. The first rule that refuses decides. */
struct call_rule {
    int call;
    enum call_test test;
    unsigned at; /* of the half in struct seccomp_data: CALL_LOW(n), CALL_HIGH(n) */
    uint32_t value;
    unsigned unless; /* as above */
    int error;       /* what the call fails with; 0: EPERM */
};

/* Halves of argument n, where the low one comes first. */
#define CALL_LOW(n) ((unsigned)(offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (n)))
#define CALL_HIGH(n) (CALL_LOW(n) + (unsigned)sizeof(uint32_t))

/* The architecture that the numbers are for (AUDIT_ARCH_...); 0: there are no rules for this one. */
extern const uint32_t CALL_ARCHITECTURE;
extern const struct call_group CALL_GROUPS[];
extern const size_t CALL_GROUP_COUNT;
extern const struct call_rule CALL_RULES[];
extern const size_t CALL_RULE_COUNT;

#endif
