/* usl.c - the Universal Scalability Law fitted to measured throughputs. See usl.h.
 *
 * Turned over, the law is linear in what is wanted (Gunther 2007, chapter 5, with the throughput of one worker fitted, too, instead of taken from
 * one measurement):  N / X = a + b (N - 1) + c N (N - 1)  with a = 1 / lambda, b = sigma / lambda, c = kappa / lambda.
 * Each equation is divided by its left side, so that it is the relative errors whose squares are summed: a throughput that is ten times
 * as large has errors ten times as large.
 *
 * The bounds 0 <= b <= a and 0 <= c make it a quadratic programme of three unknowns: its least value lies inside, or on one of the few faces
 * where b is 0, b is a, or c is 0. Each is an ordinary least-squares problem; the best one whose solution keeps the bounds is the answer.
 * So there is nothing to start from and nothing that might not converge. */
#include "measure/usl.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { UNKNOWNS = 3 };

#define FITS_WELL 0.9 /* of r squared, at least */
#define ROUNDING 1e-9 /* what a computer's arithmetic alone may come to */

/* A face: which unknowns are free, and whether b moves with a. */
struct face {
    bool b_free, c_free, b_is_a;
};

struct candidate {
    bool feasible;
    double value[UNKNOWNS]; /* a, b, c */
    double error;           /* sum of the squared relative errors */
};

/* What multiplies a, b and c in a point's equation, divided by its left side N / X. */
static void row_of(const struct usl_point *point, double row[UNKNOWNS])
{
    double n = point->workers, scale = point->throughput / n;
    row[0] = scale;
    row[1] = (n - 1) * scale;
    row[2] = n * (n - 1) * scale;
}

static double error_of(const struct usl_point *points, size_t count, const double value[UNKNOWNS])
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double row[UNKNOWNS];
        row_of(&points[i], row);
        double error = 1 - row[0] * value[0] - row[1] * value[1] - row[2] * value[2];
        sum += error * error;
    }
    return sum;
}

static void swap_rows(double left[UNKNOWNS + 1], double right[UNKNOWNS + 1])
{
    for (int i = 0; i <= UNKNOWNS; i++) {
        double value = left[i];
        left[i] = right[i];
        right[i] = value;
    }
}

/* Gauss with row pivots; the last column is the right side. False: the equations do not say enough. */
static bool solve(double m[UNKNOWNS][UNKNOWNS + 1], int size, double out[UNKNOWNS])
{
    for (int column = 0; column < size; column++) {
        int pivot = column;
        for (int i = column + 1; i < size; i++)
            if (fabs(m[i][column]) > fabs(m[pivot][column]))
                pivot = i;
        if (fabs(m[pivot][column]) < DBL_EPSILON)
            return false;
        swap_rows(m[pivot], m[column]);
        for (int i = column + 1; i < size; i++) {
            double factor = m[i][column] / m[column][column];
            for (int j = column; j <= UNKNOWNS; j++)
                m[i][j] -= factor * m[column][j];
        }
    }
    for (int i = size - 1; i >= 0; i--) {
        out[i] = m[i][UNKNOWNS];
        for (int j = i + 1; j < size; j++)
            out[i] -= m[i][j] * out[j];
        out[i] /= m[i][i];
    }
    return true;
}

/* The columns of a face, scaled to length one so that the pivots can be judged; returns how many. */
static int face_row(const struct face *face, const double row[UNKNOWNS], double out[UNKNOWNS])
{
    int size = 0;
    out[size++] = row[0] + (face->b_is_a ? row[1] : 0);
    if (face->b_free)
        out[size++] = row[1];
    if (face->c_free)
        out[size++] = row[2];
    return size;
}

static int face_lengths(const struct face *face, const struct usl_point *points, size_t count, double length[UNKNOWNS])
{
    int size = 0;
    for (size_t i = 0; i < count; i++) {
        double row[UNKNOWNS], part[UNKNOWNS];
        row_of(&points[i], row);
        size = face_row(face, row, part);
        for (int j = 0; j < size; j++)
            length[j] += part[j] * part[j];
    }
    for (int j = 0; j < size; j++)
        length[j] = sqrt(length[j]);
    return size;
}

/* The normal equations of one face. */
static struct candidate solve_face(const struct face *face, const struct usl_point *points, size_t count)
{
    struct candidate found = {.feasible = false};
    double length[UNKNOWNS] = {0}, m[UNKNOWNS][UNKNOWNS + 1] = {{0}}, solved[UNKNOWNS] = {0};
    int size = face_lengths(face, points, count, length);
    for (int j = 0; j < size; j++)
        if (length[j] <= 0)
            return found;
    for (size_t i = 0; i < count; i++) {
        double row[UNKNOWNS], part[UNKNOWNS];
        row_of(&points[i], row);
        face_row(face, row, part);
        for (int j = 0; j < size; j++) {
            for (int k = 0; k < size; k++)
                m[j][k] += part[j] / length[j] * part[k] / length[k];
            m[j][UNKNOWNS] += part[j] / length[j];
        }
    }
    if (!solve(m, size, solved))
        return found;
    for (int j = 0; j < size; j++)
        solved[j] /= length[j];
    found.value[0] = solved[0];
    found.value[1] = face->b_is_a ? solved[0] : face->b_free ? solved[1] : 0;
    found.value[2] = face->c_free ? solved[size - 1] : 0;
    found.feasible = found.value[0] > 0 && found.value[1] >= 0 && found.value[1] <= found.value[0] && found.value[2] >= 0;
    found.error = error_of(points, count, found.value);
    return found;
}

static size_t different_workers(const struct usl_point *points, size_t count)
{
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++)
            seen = seen || points[j].workers == points[i].workers;
        different += !seen;
    }
    return different;
}

double usl_throughput(const struct usl_fit *fit, double workers)
{
    return fit->lambda * workers / (1 + fit->sigma * (workers - 1) + fit->kappa * workers * (workers - 1));
}

static double r_squared_of(const struct usl_fit *fit, const struct usl_point *points, size_t count)
{
    double mean = 0, left = 0, all = 0;
    for (size_t i = 0; i < count; i++)
        mean += points[i].throughput / (double)count;
    for (size_t i = 0; i < count; i++) {
        double error = points[i].throughput - usl_throughput(fit, points[i].workers);
        left += error * error;
        all += (points[i].throughput - mean) * (points[i].throughput - mean);
    }
    double nothing = mean * mean * 1e-18 * (double)count; /* what rounding alone comes to */
    return left <= nothing ? 1 : all <= nothing ? 0 : 1 - left / all;
}

/* --- what it says --------------------------------------------------------------------------------- */

/* A share in percent with two figures. */
static const char *percent(char *out, size_t room, double share)
{
    double value = share * 100;
    snprintf(out, room, value >= 9.5 || value == 0 ? "%.0f %%" : value >= 0.95 ? "%.1f %%" : "%.2g %%", value);
    return out;
}

/* "; there were at most 8 here", when the curve is asked about what nobody has measured. */
static const char *beyond(char *out, size_t room, double workers, double most)
{
    *out = 0;
    if (workers > most)
        snprintf(out, room, " (the curve goes on: at most %.0f were tried)", most);
    return out;
}

static void say(struct usl_fit *fit, double most)
{
    char share[24], pair[24], far[80];
    percent(share, sizeof share, fit->sigma);
    percent(pair, sizeof pair, fit->kappa);
    if (fit->peak_workers < 1.5) {
        snprintf(fit->words, sizeof fit->words,
                 "more than one worker does not help: %s of the work is done one at a time (contention), and each pair of "
                 "workers costs %s (coherency)",
                 share, pair);
    } else if (fit->peak_workers < HUGE_VAL) {
        double peak = fit->peak_workers;
        snprintf(fit->words, sizeof fit->words,
                 "the peak is at about %.*f workers%s; %s of the work is done one at a time (contention), and each pair of "
                 "workers costs %s (coherency)",
                 peak < 10 ? 1 : 0, peak, beyond(far, sizeof far, peak, most), share, pair);
    } else if (fit->sigma > 0.0005) {
        snprintf(
            fit->words, sizeof fit->words,
            "there is no peak but a ceiling: %s of the work is done one at a time (contention), so no number of workers "
            "makes it more than %.3g times as fast as one; they cost each other nothing (coherency)",
            share, 1 / fit->sigma);
    } else {
        snprintf(
            fit->words, sizeof fit->words,
            "each worker adds as much as the first, up to %.0f: nothing is done one at a time, and they cost each other "
            "nothing",
            most);
    }
}

/* How far the rest may be believed. */
static void say_how_well(struct usl_fit *fit)
{
    size_t used = strlen(fit->words);
    bool well = fit->r_squared >= FITS_WELL;
    snprintf(fit->words + used, sizeof fit->words - used, "; the curve fits %s, r^2 %.2f%s", well ? "well" : "poorly",
             fit->r_squared, well ? "" : ": take it as a hint only");
}

struct usl_fit usl_of(const struct usl_point *points, size_t count)
{
    static const struct face faces[] = {{true, true, false},   {true, false, false}, {false, true, false},
                                        {false, false, false}, {false, true, true},  {false, false, true}};
    struct usl_fit fit = {.known = false};
    size_t different = different_workers(points, count);
    if (different < USL_POINTS_LEAST) {
        snprintf(fit.words, sizeof fit.words, "too few points: %zu; a fit needs at least four", different);
        return fit;
    }
    struct candidate best = {.feasible = false};
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        struct candidate found = solve_face(&faces[i], points, count);
        if (found.feasible && (!best.feasible || found.error < best.error))
            best = found;
    }
    if (!best.feasible) {
        snprintf(fit.words, sizeof fit.words, "no curve could be fitted to these throughputs");
        return fit;
    }
    double most = 1;
    for (size_t i = 0; i < count; i++)
        most = points[i].workers > most ? points[i].workers : most;
    fit.known = true;
    fit.lambda = 1 / best.value[0];
    fit.sigma = best.value[1] * fit.lambda;
    fit.kappa = best.value[2] * fit.lambda;
    if (fit.kappa * most * most < ROUNDING)
        fit.kappa = 0;
    if (fit.sigma * most < ROUNDING)
        fit.sigma = 0;
    if (1 - fit.sigma < ROUNDING)
        fit.sigma = 1;
    double peak = fit.kappa > 0 ? sqrt((1 - fit.sigma) / fit.kappa) : fit.sigma < 1 ? HUGE_VAL : 1;
    fit.peak_workers = peak > 1 ? peak : 1;
    fit.r_squared = r_squared_of(&fit, points, count);
    say(&fit, most);
    say_how_well(&fit);
    return fit;
}
