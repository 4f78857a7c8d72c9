/* product_text.c - all digits of a large number. See product_digits.h.
 *
 * GMP's own conversion takes longer than the whole product tree and can't be looked into, so its upper levels are done here: the
 * number is divided by a power of ten into halves of equal length, LEVELS times, and GMP writes the pieces. */
#include <errno.h>
#include <string.h>

#include "jobs/product_cost.h"
#include "jobs/product_digits.h"
#include "jobs/product_memory.h"

enum { LEVELS = 4, WHOLE_DIGITS = 1500 }; /* up to so many digits are written at once */

struct conversion {
    struct pace *pace;
    size_t piece;         /* digits of a piece */
    mpz_t powers[LEVELS]; /* 10^piece, 10^(2 piece), 10^(4 piece) ... */
    char *scratch;        /* one piece, with a sign and a NUL: GMP wants room for them */
};

#define LIMBS_PER_DIGIT (3.3219280949 / 64)
#define HALF_DIVISION 0.57 /* either of the two halves of a division, of all of it */
#define SQUARE_PART 0.63   /* squaring, of multiplying */

/* number divided by power in one step or, when that is long, in two: the upper limbs first, their remainder before the lower ones after
 * that, as on paper. upper and lower are initialised. False: told to stop. */
static bool divide(struct pace *pace, mpz_t upper, mpz_t lower, const mpz_t number, mpz_srcptr power)
{
    double cost_ns = cost_divide_ns((double)mpz_size(power));
    bool in_two = pace_is_long(pace, cost_ns);
    mp_bitcnt_t bits = in_two ? (mp_bitcnt_t)mpz_size(power) / 2 * GMP_NUMB_BITS : 0;
    if (!pace_step(pace, in_two ? cost_ns * HALF_DIVISION : cost_ns))
        return false;
    if (!in_two) {
        mpz_tdiv_qr(upper, lower, number, power);
        return true;
    }
    mpz_t rest;
    mpz_init(rest);
    mpz_tdiv_q_2exp(rest, number, bits);
    mpz_tdiv_qr(upper, rest, rest, power);
    mpz_mul_2exp(upper, upper, bits);
    mpz_mul_2exp(rest, rest, bits);
    mpz_tdiv_r_2exp(lower, number, bits);
    mpz_add(rest, rest, lower);
    bool go_on = pace_step(pace, cost_ns * HALF_DIVISION);
    if (go_on) {
        mpz_t quotient;
        mpz_init(quotient);
        mpz_tdiv_qr(quotient, lower, rest, power);
        mpz_add(upper, upper, quotient);
        mpz_clear(quotient);
    }
    mpz_clear(rest);
    return go_on;
}

/* Writes number with zeros in front, exactly piece << level digits. False: told to stop. */
static bool write_digits(struct conversion *conversion, const mpz_t number, unsigned level, char *out)
{
    if (level == 0) {
        if (!pace_step(conversion->pace, cost_decimal_ns((double)mpz_size(number))))
            return false;
        mpz_get_str(conversion->scratch, 10, number);
        size_t digits = strlen(conversion->scratch);
        memset(out, '0', conversion->piece - digits);
        memcpy(out + conversion->piece - digits, conversion->scratch, digits);
        return true;
    }
    mpz_t upper;
    mpz_t lower;
    mpz_inits(upper, lower, NULL);
    bool go_on = divide(conversion->pace, upper, lower, number, conversion->powers[level - 1]) &&
                 write_digits(conversion, upper, level - 1, out) &&
                 write_digits(conversion, lower, level - 1, out + (conversion->piece << (level - 1)));
    mpz_clears(upper, lower, NULL);
    return go_on;
}

static bool make_powers(struct conversion *conversion, unsigned levels)
{
    double limbs = (double)conversion->piece * LIMBS_PER_DIGIT;
    for (unsigned i = 0; i < levels; i++, limbs *= 2) {
        if (!pace_step(conversion->pace, SQUARE_PART * cost_multiply_ns(limbs / 2)))
            return false;
        if (i == 0)
            mpz_ui_pow_ui(conversion->powers[0], 10, conversion->piece);
        else
            mpz_mul(conversion->powers[i], conversion->powers[i - 1], conversion->powers[i - 1]);
    }
    return true;
}

static bool convert(struct conversion *conversion, const mpz_t number, unsigned levels, char *out)
{
    for (unsigned i = 0; i < LEVELS; i++)
        mpz_init(conversion->powers[i]);
    bool go_on = make_powers(conversion, levels) && write_digits(conversion, number, levels, out);
    for (unsigned i = 0; i < LEVELS; i++)
        mpz_clear(conversion->powers[i]);
    return go_on;
}

int digits_text(const mpz_t number, uint64_t count, struct pace *pace, struct digits_text *out)
{
    unsigned levels = count > WHOLE_DIGITS ? LEVELS : 0;
    size_t pieces = (size_t)1 << levels;
    struct conversion conversion = {.pace = pace, .piece = (size_t)((count + pieces - 1) / pieces)};
    size_t room = conversion.piece * pieces;
    *out = (struct digits_text){0};
    conversion.scratch = product_memory_alloc(conversion.piece + 2);
    char *block = conversion.scratch ? product_memory_alloc(room + 1) : NULL;
    int error = block ? 0 : ENOMEM;
    if (!error && !convert(&conversion, number, levels, block))
        error = ECANCELED;
    product_memory_free(conversion.scratch);
    if (error) {
        product_memory_free(block);
        return error;
    }
    block[room] = '\n';
    *out = (struct digits_text){.block = block, .start = block + room - count, .bytes = (size_t)count + 1};
    return 0;
}

double digits_text_cost_ns(double limbs)
{
    double piece = limbs / (1 << LEVELS);
    if (limbs < WHOLE_DIGITS * LIMBS_PER_DIGIT)
        return cost_decimal_ns(limbs);
    double cost_ns = (1 << LEVELS) * cost_decimal_ns(piece);
    for (unsigned level = 0; level < LEVELS; level++, piece *= 2)
        cost_ns += SQUARE_PART * cost_multiply_ns(piece / 2) + (1 << (LEVELS - 1 - level)) * cost_divide_ns(piece);
    return cost_ns;
}
