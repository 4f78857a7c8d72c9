/* fuzz_limits.c - limits, one and in lists: the number that was written, or a sentence.
 * fuzz: runs 80000 */
#include <errno.h>
#include <inttypes.h>

#include "base/problem.h"
#include "jobs/inputs.h"
#include "tests/fuzz/fuzz.h"

/* Digits alone: then the C library says what they come to, and whether 64 bits hold it. */
static bool is_digits(const char *text, uint64_t *value, bool *fits)
{
    errno = 0;
    *value = strtoull(text, NULL, 10);
    *fits = errno == 0;
    return *text && text[strspn(text, "0123456789")] == '\0';
}

static void check_one(const char *text)
{
    struct problem problem = {.text = ""};
    const uint64_t untouched = 77;
    uint64_t limit = untouched, again = 0, value = 0;
    bool fits = false, digits = is_digits(text, &value, &fits);
    if (limit_parse(text, &limit, &problem) != 0) {
        FUZZ_CHECK(problem.text[0] && limit == untouched && !(digits && fits));
        return;
    }
    char written[24];
    snprintf(written, sizeof written, "%" PRIu64, limit);
    FUZZ_CHECK(text[0] >= '0' && text[0] <= '9');
    FUZZ_CHECK(!digits || (fits && limit == value));
    FUZZ_CHECK(limit_parse(written, &again, &problem) == 0 && again == limit);
}

/* More memory never turns a yes into a no, nor does a limit half as large. */
static void check_size(uint64_t limit, uint64_t available)
{
    struct problem problem = {.text = ""};
    uint64_t bits = limit_product_bits(limit);
    FUZZ_CHECK(bits == UINT64_MAX || (double)bits >= 1.46612 * (double)limit || limit < 2);
    FUZZ_CHECK(!limit || limit_product_bits(limit - 1) <= bits);
    bool fits = limit_check_fits(limit, available, &problem) == 0;
    FUZZ_CHECK(fits || (problem.text[0] && fuzz_is_plain(problem.text)));
    if (fits && available)
        FUZZ_CHECK(available == UINT64_MAX || limit_check_fits(limit, available + 1, &problem) == 0);
    if (fits && limit >= 8) /* half as large, for the estimate of the list has steps at the powers of two */
        FUZZ_CHECK(limit_check_fits(limit / 2, available, &problem) == 0);
}

static void check_list(const char *text, size_t size)
{
    struct inputs inputs = {0};
    struct problem problem = {.text = ""};
    if (inputs_add_limit_text(&inputs, "LIST", text, size, &problem) != 0) {
        FUZZ_CHECK(strncmp(problem.text, "LIST:", 5) == 0 && strlen(problem.text) > 6);
    } else {
        FUZZ_CHECK(inputs.count > 0);
        for (size_t i = 0; i < inputs.count; i++)
            FUZZ_CHECK(limit_check_fits(inputs.items[i].limit, 0, &problem) == 0 &&
                       strtoull(inputs.items[i].text, NULL, 10) == inputs.items[i].limit);
        FUZZ_CHECK(inputs_name(&inputs, WORK_PRIMES, &problem) == 0);
        for (size_t i = 0; i < inputs.count; i++)
            FUZZ_CHECK(fuzz_is_file_name(inputs.items[i].name));
    }
    inputs_free(&inputs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_one(text);
    check_list(text, size);
    free(text);
    uint64_t limit = fuzz_number(&data, &size);
    check_size(limit, fuzz_number(&data, &size));
    check_size(limit >> 32, limit & UINT32_MAX);
    return 0;
}
