/* fuzz_executor.c - how work is carried out: what is understood is written and read again as the same, what is not has a sentence.
 * fuzz: runs 150000 */
#include "base/problem.h"
#include "juggler/executor.h"
#include "tests/fuzz/fuzz.h"

static void check(const char *spec, enum work work, unsigned cores)
{
    struct problem problem = {.text = ""};
    struct executor executor = {.how = HOW_COUNT}, again;
    if (executor_parse(spec, work, cores, &executor, &problem) != 0) {
        FUZZ_CHECK(problem.text[0] && executor.how == HOW_COUNT);
        return;
    }
    char written[EXECUTOR_TEXT_BYTES];
    FUZZ_CHECK((unsigned)executor.how < HOW_COUNT && executor.width >= 1 && executor.width <= BOARD_WORKERS_MAX);
    FUZZ_CHECK(executor_has_width(executor.how) || executor.width == 1);
    FUZZ_CHECK(!executor_refusal(&executor, work));
    executor_format(&executor, written);
    FUZZ_CHECK(strlen(written) < sizeof written && fuzz_is_plain(written));
    FUZZ_CHECK(executor_parse(written, work, cores, &again, &problem) == 0);
    FUZZ_CHECK(again.how == executor.how && again.width == executor.width && again.gil == executor.gil);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned cores = 1U + fuzz_byte(&data, &size) * 16U;
    char *spec = fuzz_text(data, size);
    for (int work = 0; work < WORK_COUNT; work++)
        check(spec, (enum work)work, cores);
    free(spec);
    return 0;
}
