/* limits.c - limits of prime products: read from text, measured before anything is allocated, and refused with a reason.
 *
 * Used by the app alone, before a run starts; nothing here is shared. */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/problem.h"
#include "base/text.h"
#include "jobs/inputs.h"
#include "jobs/inputs_text.h"

/* GMP's size fields and its memory have an end; 1 GiB of product is far before it. */
#define PRODUCT_BITS_MAX (UINT64_C(1) << 33)

enum {
    QUOTED_CHARACTERS = 60, /* of a bad limit, in a sentence */
    /* Bytes in use at the worst moment for each byte of product, beside the list of primes: the factors, the product, what GMP
     * wants to multiply them or to write them in decimal. Measured with a limit of 1e8: 6.0, with a file and without. */
    MEMORY_FACTOR = 7
};

/* --- one limit ------------------------------------------------------------------------------------ */

/* A number as it is read: digits with one optional point, and an exponent. */
struct number {
    uint64_t digits; /* without the point; trailing zeros behind it are left out */
    unsigned places; /* digits behind the point that are in `digits` */
    uint64_t power;  /* of ten */
    bool overflow;   /* more than 64 bits hold */
};

static bool shift_in(uint64_t *value, unsigned digit)
{
    if (*value > (UINT64_MAX - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

static void add_digit(struct number *number, unsigned digit)
{
    if (!number->overflow && !shift_in(&number->digits, digit))
        number->overflow = true;
}

/* Digits with single underscores between them. Moves *at behind them; false when there is none or one is misplaced. */
static bool read_digits(const char **at, struct number *number, bool behind_point)
{
    const char *text = *at;
    if (!isdigit((unsigned char)*text))
        return false;
    unsigned zeros = 0; /* behind the point they count only when another digit follows */
    for (;; text++) {
        if (*text == '_' && isdigit((unsigned char)text[1]))
            text++;
        if (!isdigit((unsigned char)*text))
            break;
        if (behind_point && *text == '0') {
            zeros++;
            continue;
        }
        for (number->places += behind_point ? zeros + 1 : 0; zeros; zeros--)
            add_digit(number, 0);
        add_digit(number, (unsigned)(*text - '0'));
    }
    *at = text;
    return true;
}

static bool read_power(const char **at, struct number *number)
{
    const char *text = *at;
    if (!isdigit((unsigned char)*text))
        return false;
    for (; isdigit((unsigned char)*text); text++)
        if (!shift_in(&number->power, (unsigned)(*text - '0')))
            number->power = UINT64_MAX / 10; /* any larger one overflows all the same */
    *at = text;
    return true;
}

/* True when the whole text is a number; it need not be a whole one yet. */
static bool read_number(const char *text, struct number *number)
{
    *number = (struct number){0};
    if (!read_digits(&text, number, false))
        return false;
    if (*text == '.' && (text++, !read_digits(&text, number, true)))
        return false;
    if ((*text == 'e' || *text == 'E') && (text++, !read_power(&text, number)))
        return false;
    return !*text;
}

static void refuse_too_large(const char *text, struct problem *problem)
{
    problem_set(problem, "%.*s is too large: the product of the primes up to it would have more than 10^18 digits",
                QUOTED_CHARACTERS, text);
}

static bool looks_negative(const char *text)
{
    struct number number;
    return *text == '-' && read_number(text + 1, &number);
}

static int refuse_text(const char *text, struct problem *problem)
{
    if (!*text)
        problem_set(problem, "an empty text is not a limit: limits are whole numbers from 0");
    else if (looks_negative(text))
        problem_set(problem, "%.*s is negative: limits are whole numbers from 0", QUOTED_CHARACTERS, text);
    else
        problem_set(problem, "%.*s is not a whole number: limits are whole numbers from 0, like 50328, 1_000_000 or 1e6",
                    QUOTED_CHARACTERS, text);
    return -1;
}

int limit_parse(const char *text, uint64_t *out, struct problem *problem)
{
    struct number number;
    if (!read_number(text, &number))
        return refuse_text(text, problem);
    if (!number.overflow && !number.digits)
        number.power = number.places = 0;
    if (number.power < number.places)
        return refuse_text(text, problem);
    for (uint64_t i = number.places; i < number.power && !number.overflow; i++)
        add_digit(&number, 0);
    if (number.overflow) {
        refuse_too_large(text, problem);
        return -1;
    }
    *out = number.digits;
    return 0;
}

/* --- how large it gets ---------------------------------------------------------------------------- */

/* limit * numerator / 10^6, rounded up; UINT64_MAX when that does not fit. */
static uint64_t scaled(uint64_t limit, uint64_t millionths)
{
    if (limit > UINT64_MAX / 2)
        return UINT64_MAX;
    return limit / 1000000 * millionths + (limit % 1000000 * millionths + 999999) / 1000000;
}

uint64_t limit_product_bits(uint64_t limit)
{
    if (limit < 2)
        return 1;
    return scaled(limit, 1466126); /* 1.01624 / ln 2 */
}

/* pi(x) < 1.25506 x / ln x (Rosser and Schoenfeld 1962), with the whole part of log2 x for a lower bound of ln x. */
static uint64_t list_bytes(uint64_t limit)
{
    unsigned log2 = 0;
    while (limit >> log2 > 1)
        log2++;
    uint64_t primes = log2 ? scaled(limit, 1810670) / log2 : 0;
    return primes > UINT64_MAX / 16 ? UINT64_MAX : primes * 16; /* it doubles when it grows */
}

static uint64_t working_bytes(uint64_t limit)
{
    uint64_t product = limit_product_bits(limit) / 8;
    uint64_t list = list_bytes(limit);
    product = product > UINT64_MAX / MEMORY_FACTOR ? UINT64_MAX : product * MEMORY_FACTOR;
    return product > UINT64_MAX - list ? UINT64_MAX : product + list;
}

static void describe(uint64_t limit, char *out, size_t room)
{
    char size[32];
    uint64_t bits = limit_product_bits(limit);
    snprintf(out, room, "%" PRIu64 " is too large: its product would have about %s (%.3g digits)", limit,
             text_bytes(size, sizeof size, bits / 8), (double)bits * 0.30103);
}

int limit_check_fits(uint64_t limit, uint64_t available_bytes, struct problem *problem)
{
    uint64_t needed = working_bytes(limit);
    char what[160];
    char most[32];
    char asked[32];
    if (limit_product_bits(limit) > PRODUCT_BITS_MAX) {
        describe(limit, what, sizeof what);
        problem_set(problem, "%s; at most %s is possible", what, text_bytes(most, sizeof most, PRODUCT_BITS_MAX / 8));
        return -1;
    }
    if (available_bytes && needed > available_bytes) {
        describe(limit, what, sizeof what);
        problem_set(problem, "%s, and making it needs about %s; %s are free", what, text_bytes(asked, sizeof asked, needed),
                    text_bytes(most, sizeof most, available_bytes));
        return -1;
    }
    return 0;
}

/* --- lists of limits ------------------------------------------------------------------------------ */

static int add_limit(struct inputs *inputs, const char *text, size_t bytes, uint64_t limit, struct problem *problem)
{
    struct job_input *item = inputs_grow(inputs, problem);
    if (!item)
        return -1;
    item->limit = limit;
    item->text = inputs_keep(inputs, text, bytes, problem);
    return item->text ? 0 : -1;
}

int inputs_add_limit(struct inputs *inputs, uint64_t limit, struct problem *problem)
{
    char text[24];
    int bytes = snprintf(text, sizeof text, "%" PRIu64, limit);
    return add_limit(inputs, text, (size_t)bytes, limit, problem);
}

/* A word of the command line or a line of a list. In reports the plain number stands, however it was written. */
static int add_limit_word(struct inputs *inputs, const char *word, struct problem *problem)
{
    uint64_t limit = 0;
    if (limit_parse(word, &limit, problem) || limit_check_fits(limit, 0, problem))
        return -1;
    return inputs_add_limit(inputs, limit, problem);
}

static int add_limit_line(struct inputs *inputs, const struct line_walk *walk, struct problem *problem)
{
    char word[128];
    if (memchr(walk->line, '\0', walk->bytes)) {
        problem_set(problem, "has a NUL byte: this is not a text file");
        return -1;
    }
    if (walk->bytes >= sizeof word) {
        problem_set(problem, "a line of %zu bytes is not a whole number", walk->bytes);
        return -1;
    }
    memcpy(word, walk->line, walk->bytes);
    word[walk->bytes] = '\0';
    if (strpbrk(word, " \t,;") && isdigit((unsigned char)*word)) {
        problem_set(problem, "%.*s: one limit a line", QUOTED_CHARACTERS, word);
        return -1;
    }
    return add_limit_word(inputs, word, problem);
}

int inputs_add_limit_text(struct inputs *inputs, const char *name, const char *text, size_t bytes, struct problem *problem)
{
    struct line_walk walk = {.text = text, .end = text + bytes};
    size_t before = inputs->count;
    struct problem reason = {.text = ""};
    while (line_walk_next(&walk))
        if (add_limit_line(inputs, &walk, &reason)) {
            problem_set(problem, "%s:%zu: %s", name, walk.number, reason.text);
            return -1;
        }
    if (inputs->count > before)
        return 0;
    problem_set(problem, "%s: has no limits", name);
    return -1;
}

static int add_limit_file(struct inputs *inputs, const char *argument, struct problem *problem)
{
    char *text = NULL;
    size_t bytes = 0;
    if (inputs_read_all(argument, &text, &bytes, problem))
        return -1;
    int got = inputs_add_limit_text(inputs, inputs_file_name(argument), text, bytes, problem);
    free(text);
    return got;
}

/* What starts like a number is one, but for a file that is there under a name like "2024.limits". */
static bool means_number(const char *argument)
{
    const char *start = argument + (*argument == '-' || *argument == '+');
    if (!isdigit((unsigned char)*start))
        return false;
    uint64_t limit;
    struct stat status;
    return !limit_parse(argument, &limit, NULL) || *argument == '-' || stat(argument, &status) != 0;
}

int inputs_add_primes(struct inputs *inputs, const char *argument, struct problem *problem)
{
    if (!*argument || (strcmp(argument, "-") && means_number(argument)))
        return add_limit_word(inputs, argument, problem);
    return add_limit_file(inputs, argument, problem);
}
