/* test_worker.c - one worker's page, the filter and the counts by state, in the real program: what they say is so in /proc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "processes.h"
#include "screen.h"

#define DOWN "\033OB"
#define UP "\033OA"

/* Work for minutes in small pieces. */
static struct screen *open_work(void **state, const char *threads, const char *latency)
{
    char urls[LANE_PATH_BYTES], limits[LANE_PATH_BYTES];
    lane_list("urls", "http://example.org/synthetic/%zu", 5000, urls);
    lane_list("limits", "30000", 900, limits);
    const char *const work[] = {"download", urls,    "--origin", "builtin", "--latency", latency,          "--rate", "0",
                                "--with",   threads, "primes",   limits,    "--with",    "process-pool:3", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 15, lane_has_done, (&(struct lane_progress){LANE_DOWNLOADS, 5000, 1}));
    screen_expect(screen, 10, lane_has_done, (&(struct lane_progress){LANE_PRIMES, 900, 1}));
    return screen;
}

/* --- the page ------------------------------------------------------------------------------------------ */

/* The text behind a label of the page; "": it is not there. Valid until the screen is asked again. */
static const char *field_of(struct screen *screen, const char *label)
{
    int row = screen_find(screen, 0, label);
    const char *text = row < 0 ? "" : strstr(screen_row(screen, row), label) + strlen(label);
    return text + strspn(text, " ");
}

static unsigned long field_number(struct screen *screen, const char *label)
{
    return strtoul(field_of(screen, label), NULL, 10);
}

/* The two numbers that the page gives are those of the thread or process with this name. */
static bool is_known_as(struct screen *screen, const void *name)
{
    char path[96], comm[32] = "";
    unsigned pid = 0, tid = 0;
    if (sscanf(field_of(screen, "pid, tid"), "%u, %u", &pid, &tid) != 2)
        return false;
    snprintf(path, sizeof path, "/proc/%u/task/%u/comm", pid, tid);
    FILE *file = fopen(path, "r");
    bool read = file && fgets(comm, sizeof comm, file);
    if (file)
        fclose(file);
    comm[strcspn(comm, "\n")] = 0;
    return read && strcmp(comm, name) == 0;
}

static bool switches_exceed(struct screen *screen, const void *number)
{
    return field_number(screen, "switches") > *(const unsigned long *)number;
}

/* What /proc says of it now. */
static unsigned long voluntary_switches(struct screen *screen)
{
    char path[96], line[256];
    unsigned pid = 0, tid = 0;
    unsigned long count = 0;
    if (sscanf(field_of(screen, "pid, tid"), "%u, %u", &pid, &tid) != 2)
        return 0;
    snprintf(path, sizeof path, "/proc/%u/task/%u/status", pid, tid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
            count = strtoul(line + 24, NULL, 10);
    if (file)
        fclose(file);
    return count;
}

static void enter_opens_the_page_of_the_selected_worker(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:6", "30");
    screen_type(screen, DOWN DOWN "\r");
    screen_expect_text(screen, 2, "t3 · thread 3 of process ");
    screen_expect(screen, 2, is_known_as, "t3");
    screen_expect_text(screen, 2, "ITS JOBS"); /* what is above it has been drawn, too */
    unsigned long first = field_number(screen, "switches");
    screen_expect(screen, 5, switches_exceed, &first);
    unsigned long more = first + 20; /* it takes jobs by now that were not there when the page was opened */
    screen_expect(screen, 5, switches_exceed, &more);
    screen_require(screen, field_number(screen, "switches") <= voluntary_switches(screen)); /* it was so a moment ago */
    screen_expect_text(screen, 2, " forced");
    screen_expect_text(screen, 2, "shared: its process has ");
    screen_type(screen, DOWN);
    screen_expect(screen, 2, is_known_as, "t4");
    screen_type(screen, UP UP UP);
    screen_expect(screen, 2, is_known_as, "t1");
    screen_type(screen, "\t"); /* the other lane's */
    screen_expect(screen, 2, is_known_as, "juggler:p1");
    screen_expect_text(screen, 3, " private; ");
    screen_type(screen, "\r");
    screen_expect_text(screen, 2, "DOWNLOADS");
    screen_type(screen, "\r");
    screen_expect_text(screen, 2, "p1 · process 1, pid ");
    screen_type(screen, "\033");
    screen_expect_text(screen, 2, "DOWNLOADS");
}

/* The page was opened in another view: that is where it leads back to. */
static void it_leads_back_to_where_it_was_opened(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:6", "100");
    screen_type(screen, "v");
    screen_expect_no_text(screen, 2, "DOWNLOADS");
    screen_type(screen, "\r");
    screen_expect_text(screen, 2, "t1 · thread 1 of process ");
    screen_type(screen, "12"); /* a number is typed as ever, and Escape drops that first */
    screen_expect_text(screen, 2, "workers: 12_");
    screen_type(screen, "\033");
    screen_expect_no_text(screen, 2, "workers: 12_");
    screen_require(screen, screen_has(screen, "t1 · thread 1 of process "));
    screen_type(screen, "8\r");
    screen_expect(screen, 3, threads_are, (&(struct census){THREAD_WORKERS, 8}));
    screen_type(screen, "\r");
    screen_expect_text(screen, 2, "─ TIMELINE ");
    screen_require(screen, !screen_has(screen, "thread 1 of process "));
}

static bool all_jobs_are_timed(struct screen *screen, const void *count)
{
    return field_number(screen, "all workers") == *(const unsigned long *)count;
}

/* Of a file that is not there: the whole reason, the whole URL, and the percentiles of the three jobs that there were. */
/* Before there was a frame in between. */
static void its_keys_are_safe_in_a_lane_that_has_not_begun(void **state)
{
    static const char *const work[] = {"primes", "30000000", NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect(screen, 10, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "p1", 1}));
    screen_type(screen, "\r");
    screen_expect_text(screen, 5, "pid, tid");
    screen_type(screen, "\t\033[6~\033OF\033[5~"); /* Tab, Page Down, End, Page Up */
    screen_expect_no_text(screen, 5, "pid, tid");
    screen_type(screen, "q");
    screen_expect_exit(screen, 2, 0);
}

static void a_failed_job_tells_its_error_in_full(void **state)
{
    const unsigned long three = 3;
    const char *const work[] = {"download",
                                "http://example.org/synthetic/1",
                                "http://example.org/synthetic/2",
                                "http://images.example.org/a/long/way/down/there-is-no-such-file.jpg?with=a-query",
                                "--origin",
                                "builtin",
                                "--latency",
                                "10",
                                "--with",
                                "sequential",
                                NULL};
    struct screen *screen = screen_open(state, &(struct screen_start){.arguments = work});
    screen_expect_text(screen, 10, "1 failed");
    screen_expect_text(screen, 10, "1 run ");
    screen_type(screen, "\r");
    screen_expect_text(screen, 2, "last error job 3: ");
    screen_expect_text(screen, 2, "http://images.example.org/a/long/way/down/there-is-no-such-file.jpg?with=a-query");
    screen_require(screen, strstr(field_of(screen, "last error"), "404") != NULL);
    screen_expect(screen, 2, all_jobs_are_timed, &three);
    screen_require(screen, field_number(screen, "this worker") == 3);
    screen_expect_text(screen, 2, "3 ended, 1 failed");
    screen_require(screen, screen_has(screen, "switches   gone")); /* the run is over */
}

/* --- the filter ------------------------------------------------------------------------------------------ */

static void a_filter_leaves_those_that_it_takes(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:8", "2000");
    screen_type(screen, "/T5");
    screen_expect_text(screen, 2, "filter: T5_");
    screen_expect(screen, 2, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "t5 ", 1}));
    screen_expect(screen, 2, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 1}));
    screen_expect_text(screen, 2, "filter \"T5\": 1 of 8 workers");
    screen_expect(screen, 2, lane_workers_are, (&(struct lane_count){LANE_PRIMES, "", 3}));
    screen_type(screen, "\177\177state:waiting\r"); /* Backspace */
    screen_expect(screen, 5, lane_workers_are_all, (&(struct lane_says){LANE_DOWNLOADS, "waiting"}));
    screen_expect_text(screen, 2, "filter \"state:waiting\": ");
    screen_type(screen, "\033");
    screen_expect(screen, 2, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 8}));
    screen_expect_no_text(screen, 2, "filter \"");
}

/* Letters that are keys, and those that are no ASCII, are part of the text; nothing else hears them. */
static void all_keys_go_to_the_text(void **state)
{
    struct screen *screen = open_work(state, "thread-pool:8", "500");
    screen_type(screen, "/q7?xé真\t");
    screen_expect_text(screen, 2, "filter: q7?xé真_");
    screen_expect_text(screen, 2, "filter \"q7?xé真\": 0 of 8 workers");
    screen_type(screen, "\177\177");
    screen_expect_text(screen, 2, "filter: q7?x_");
    screen_type(screen, "\033");
    screen_expect_no_text(screen, 2, "filter: ");
    screen_expect(screen, 2, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "", 8}));
    screen_require(screen, screen_has(screen, "keys act here"));
    screen_type(screen, "/t8\r\r"); /* the second Enter opens the page of the selected one, filter or not */
    screen_expect_text(screen, 2, "t1 · thread 1 of process ");
    screen_type(screen, "\033" DOWN "\r"); /* from there the next one that the filter takes */
    screen_expect_text(screen, 2, "t8 · thread 8 of process ");
}

/* --- hundreds --------------------------------------------------------------------------------------------- */

/* The first row of the lane's box: "412 receiving · 60 waiting". */
static bool counts_sum_to(struct screen *screen, const void *number)
{
    char text[LANE_BYTES];
    size_t sum = 0;
    lane_text(screen, LANE_DOWNLOADS, text);
    text[strcspn(text, "\n")] = 0;
    for (char *at = text; *at;) {
        bool figure = isdigit((unsigned char)*at);
        sum += figure ? strtoul(at, &at, 10) : 0;
        at += !figure;
    }
    return strstr(text, " wait") && sum == *(const size_t *)number;
}

static void hundreds_are_counted_and_scrolled(void **state)
{
    const size_t all = 500;
    const char *sanitizer = getenv("JUGGLER_SAN"); /* so slow a program that all would be done before all has been asked */
    struct screen *screen = open_work(state, "thread-pool:500", sanitizer && *sanitizer ? "12000" : "1500");
    screen_expect_text(screen, 10, "of 500 workers");
    for (int look = 0; look < 10; look++)
        screen_expect(screen, 5, counts_sum_to, &all);
    screen_type(screen, "\033OF"); /* End */
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "t500", 1}));
    screen_expect_text(screen, 2, "–500 of 500 workers");
    screen_type(screen, "\033[5~"); /* Page Up */
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "t490", 1}));
    screen_type(screen, "/t49\r");
    screen_expect_text(screen, 3, "filter \"t49\": 11 of 500 workers"); /* t49, t490 ... t499 */
    screen_type(screen, "\033OH");                                      /* Home */
    screen_expect(screen, 3, lane_workers_are, (&(struct lane_count){LANE_DOWNLOADS, "t49 ", 1}));
    screen_expect(screen, 5, counts_sum_to, &all); /* of all, whatever the filter takes */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(enter_opens_the_page_of_the_selected_worker, screen_teardown),
        cmocka_unit_test_teardown(it_leads_back_to_where_it_was_opened, screen_teardown),
        cmocka_unit_test_teardown(its_keys_are_safe_in_a_lane_that_has_not_begun, screen_teardown),
        cmocka_unit_test_teardown(a_failed_job_tells_its_error_in_full, screen_teardown),
        cmocka_unit_test_teardown(a_filter_leaves_those_that_it_takes, screen_teardown),
        cmocka_unit_test_teardown(all_keys_go_to_the_text, screen_teardown),
        cmocka_unit_test_teardown(hundreds_are_counted_and_scrolled, screen_teardown),
    };
    return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
