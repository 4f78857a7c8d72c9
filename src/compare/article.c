/* article.c - what is compared when nobody says what: the article's own list for a kind of work, in its order, then what it left out. */
#include "juggler/compare.h"

#include "compare/article.h"

/* The article's order first. Widths are the article's own: 10 for downloads, 4 for what computes. */
static const struct executor downloads[] = {
    {.how = HOW_SEQUENTIAL, .width = 1},
    {.how = HOW_THREAD_EACH},
    {.how = HOW_THREAD_BATCH, .width = 10},
    {.how = HOW_THREAD_POOL, .width = 10},
    {.how = HOW_THREAD_POOL, .width = 10, .gil = true},
    {.how = HOW_PROCESS_EACH},
    {.how = HOW_PROCESS_BATCH, .width = 10},
    {.how = HOW_PROCESS_POOL, .width = 10},
    {.how = HOW_EVENT_LOOP, .width = 10},
};

static const struct executor primes[] = {
    {.how = HOW_SEQUENTIAL, .width = 1},   {.how = HOW_PROCESS_EACH},
    {.how = HOW_PROCESS_POOL, .width = 4}, {.how = HOW_THREAD_EACH},
    {.how = HOW_THREAD_POOL, .width = 4},  {.how = HOW_THREAD_POOL, .width = 4, .gil = true},
    {.how = HOW_THREAD_BATCH, .width = 4}, {.how = HOW_PROCESS_BATCH, .width = 4},
};

static const struct executor counter[] = {
    {.how = HOW_SEQUENTIAL, .width = 1},
    {.how = HOW_THREAD_POOL, .width = 4},
    {.how = HOW_THREAD_POOL, .width = 4, .gil = true},
    {.how = HOW_PROCESS_POOL, .width = 4},
};

static const struct list {
    const struct executor *items;
    size_t count;
} lists[WORK_COUNT] = {
    [WORK_DOWNLOAD] = {downloads, sizeof downloads / sizeof *downloads},
    [WORK_PRIMES] = {primes, sizeof primes / sizeof *primes},
    [WORK_COUNTER] = {counter, sizeof counter / sizeof *counter},
};

static bool has_loop(enum work work)
{
    const struct job_kind *kind = job_kind_of(work);
    return kind && kind->loop;
}

size_t compare_article(enum work work, unsigned usable_cores, size_t jobs, struct executor out[COMPARE_EXECUTORS_MAX])
{
    size_t count = 0;
    (void)usable_cores; /* the article's widths are what they are, on every machine */
    for (size_t i = 0; i < lists[work].count; i++) {
        const struct executor *item = &lists[work].items[i];
        bool each = executor_strategy(item->how)->at_once == WORKERS_ALL;
        if (executor_refusal(item, work) || (each && jobs > ARTICLE_EACH_MAX))
            continue;
        if (item->how == HOW_EVENT_LOOP && !has_loop(work))
            continue;
        out[count] = *item;
        out[count++].width = each ? (unsigned)(jobs ? jobs : 1) : item->width;
    }
    return count;
}
