/* check.c - whether a comparison could be started. See juggler/compare.h. */
#include "juggler/compare.h"

#include "base/problem.h"
#include "juggler/run.h"

static bool is_same(const struct executor *left, const struct executor *right)
{
    return left->how == right->how && left->gil == right->gil &&
           (!executor_has_width(left->how) || left->width == right->width);
}

static int check_twice(const struct compare_options *options, size_t at, struct problem *problem)
{
    char name[EXECUTOR_TEXT_BYTES];
    for (size_t i = 0; i < at; i++) {
        if (!is_same(&options->executors[i], &options->executors[at]))
            continue;
        problem_set(problem, "%s is named twice; once is enough, every executor is measured in every round",
                    executor_format(&options->executors[at], name));
        return -1;
    }
    return 0;
}

static int check_one(const struct compare_options *options, size_t at, struct problem *problem)
{
    const struct executor *executor = &options->executors[at];
    char name[EXECUTOR_TEXT_BYTES];
    struct problem reason = {.text = ""};
    const char *refusal = executor_refusal(executor, options->set->kind->work);
    const struct run_options run = {.set = options->set, .executor = *executor, .usable_cores = options->usable_cores};
    if (!refusal && run_check(&run, &reason) == 0)
        return 0;
    problem_set(problem, "executor '%s': %s", executor_format(executor, name), refusal ? refusal : reason.text);
    return -1;
}

int compare_check(const struct compare_options *options, struct problem *problem)
{
    if (!options->count || options->count > COMPARE_EXECUTORS_MAX) {
        problem_set(problem, "%zu executors cannot be compared; it is 1 to %d of them", options->count,
                    COMPARE_EXECUTORS_MAX);
        return -1;
    }
    if (!options->rounds || options->rounds > COMPARE_ROUNDS_MAX) {
        problem_set(problem, "a comparison has 1 to %d rounds, not %u", COMPARE_ROUNDS_MAX, options->rounds);
        return -1;
    }
    if (!options->set->count) {
        problem_set(problem, "there is nothing to do: the list is empty");
        return -1;
    }
    for (size_t i = 0; i < options->count; i++)
        if (check_twice(options, i, problem) != 0 || check_one(options, i, problem) != 0)
            return -1;
    return 0;
}
