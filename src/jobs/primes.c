/* primes.c - the article's CPU-bound work as a kind of job: find the primes up to a limit, multiply them, say what came out.
 *
 * The number itself never leaves the worker: the board gets its length and its ends, and with an output folder the digits go to
 * a file that has its name only when it is whole. It is checked before anything is said of it. Everything a job allocates it frees before
 * it returns, also when memory ends in the middle of a multiplication (product_memory.h); when its worker is killed instead,
 * the temporary file is what is left, and abandon removes it. */
#include "jobs/primes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "base/text.h"
#include "jobs/download_file.h"
#include "jobs/inputs.h"
#include "jobs/product_check.h"
#include "jobs/product_cost.h"
#include "jobs/product_digits.h"
#include "jobs/product_memory.h"
#include "jobs/product_moduli.h"
#include "juggler/worker.h"

/* Measured: Zen EPYC; the files on tmpfs. */
#define DIGITS_NS 4e3
#define DIGITS_LIMB_NS 2.5
#define FILE_NS 40e3
#define FILE_BYTE_NS 0.3

enum { PROBE_FACTOR = 6 }; /* bytes in use at once for each byte of product, as in limits.c */

static const struct kernel_row *const kernels[] = {[KERNEL_TRIAL] = &kernel_trial, [KERNEL_SIEVE] = &kernel_sieve};
static const struct product_row *const products[] = {[PRODUCT_FOLD] = &product_fold, [PRODUCT_TREE] = &product_tree};

/* A worker keeps nothing between its jobs but what it works on. */
struct primes_state {
    const struct job_set *set;
    uint64_t pool[PRODUCT_POOL]; /* that products are checked by */
};

/* One job under way. */
struct primes_job {
    const struct job_set *set;
    const struct job_input *input;
    size_t number;
    const struct kernel_row *kernel;
    const struct product_row *product;
    uint64_t moduli[PRODUCT_MODULI]; /* that its product is checked by */
    bool to_file;
    struct pace pace;
    struct prime_list list;
    mpz_t value;
    struct job_result *result;
};

/* --- what each stage costs ------------------------------------------------------------------------- */

static double digits_cost_ns(const struct primes_job *job)
{
    return DIGITS_NS + DIGITS_LIMB_NS * cost_limbs(job->input->limit);
}

static double text_cost_ns(const struct primes_job *job)
{
    return digits_text_cost_ns(cost_limbs(job->input->limit));
}

static double file_cost_ns(const struct primes_job *job)
{
    return FILE_NS + FILE_BYTE_NS * cost_limbs(job->input->limit) * 19.3; /* digits in a limb */
}

static double whole_cost_ns(const struct primes_job *job)
{
    uint64_t limit = job->input->limit;
    double cost_ns = job->kernel->cost_ns(limit) + job->product->cost_ns(limit) + product_check_cost_ns(limit);
    cost_ns += digits_cost_ns(job);
    return job->to_file ? cost_ns + text_cost_ns(job) + file_cost_ns(job) : cost_ns;
}

/* --- the stages ------------------------------------------------------------------------------------ */

/* Names both sizes: what it was for, and what there was no room for. */
static int note_memory(struct primes_job *job, uint64_t wanted_bytes)
{
    char size[32], wanted[32];
    snprintf(job->result->note, sizeof job->result->note, "no memory for a product of %s: %s wanted and not to be had",
             text_bytes(size, sizeof size, limit_product_bits(job->input->limit) / 8),
             text_bytes(wanted, sizeof wanted, wanted_bytes));
    return ENOMEM;
}

static void note_list(struct primes_job *job)
{
    char size[32];
    snprintf(job->result->note, sizeof job->result->note, "no memory for the list of primes, which has %s already",
             text_bytes(size, sizeof size, job->list.room * sizeof *job->list.items));
}

/* A job that memory is too little for is to be told apart from the start, not after minutes. It is only an estimate, and others may take
 * what was free: when memory ends in the middle of it, product_memory.h is the way out. */
static int check_memory(struct primes_job *job)
{
    uint64_t bytes = limit_product_bits(job->input->limit) / 8 * PROBE_FACTOR;
    void *probe = sys_alloc((size_t)bytes);
    if (!probe)
        return note_memory(job, bytes);
    free(probe);
    return 0;
}

static int find(struct primes_job *job)
{
    uint64_t limit = job->input->limit;
    if (!pace_stage(&job->pace, PHASE_COMPUTING, job->kernel->cost_ns(limit)))
        return ECANCELED;
    int error = job->kernel->find(limit, &job->list, &job->pace);
    if (error && error != ECANCELED)
        note_list(job);
    job->result->primes = job->list.count;
    return error;
}

static int multiply(struct primes_job *job)
{
    uint64_t limit = job->input->limit;
    if (!pace_stage(&job->pace, PHASE_MULTIPLYING, job->product->cost_ns(limit)))
        return ECANCELED;
    mpz_realloc2(job->value, limit_product_bits(limit) + GMP_NUMB_BITS);
    return job->product->multiply(&job->list, job->value, &job->pace);
}

/* Nothing is said about a product that is not right. */
static int check(struct primes_job *job)
{
    double cost_ns = product_check_cost_ns(job->input->limit);
    if (!pace_stage(&job->pace, PHASE_MULTIPLYING, cost_ns) || !pace_step(&job->pace, cost_ns))
        return ECANCELED;
    if (product_check_holds(job->moduli, &job->list, job->value))
        return 0;
    snprintf(job->result->note, sizeof job->result->note,
             "the product is wrong: it fails its check by residues; is this machine's memory sound?");
    return EIO;
}

static int look_at_digits(struct primes_job *job)
{
    double cost_ns = digits_cost_ns(job);
    if (!pace_stage(&job->pace, PHASE_MULTIPLYING, cost_ns) || !pace_step(&job->pace, cost_ns))
        return ECANCELED;
    struct digits digits = digits_of(job->value);
    job->result->bits = mpz_sizeinbase(job->value, 2);
    job->result->digits = digits.count;
    job->result->head = digits.head;
    job->result->tail = digits.tail;
    return 0;
}

/* The whole text under a temporary name, and then under its own. */
static int write_text(const struct primes_job *job, const struct digits_text *text)
{
    struct part part;
    part_init(&part, job->set, job->number);
    int error = part_open(&part);
    if (error)
        return error;
    error = part_write(&part, text->start, text->bytes);
    if (error) {
        part_discard(&part);
        return error;
    }
    return part_publish(&part, job->input->name, false);
}

static void note_file(struct primes_job *job, int error)
{
    char words[64];
    snprintf(job->result->note, sizeof job->result->note, "%.60s: %s", job->input->name,
             part_error_words(job->set->output_dir, error, words, sizeof words));
    if (part_error_is_the_folders(job->set->output_dir, error))
        job->result->flags |= JOB_FLAG_FOLDER_FULL;
}

static int write_file(struct primes_job *job)
{
    struct digits_text text;
    if (!pace_stage(&job->pace, PHASE_CONVERTING, text_cost_ns(job)))
        return ECANCELED;
    int error = digits_text(job->value, job->result->digits, &job->pace, &text);
    if (!error && !(pace_stage(&job->pace, PHASE_WRITING, file_cost_ns(job)) && pace_step(&job->pace, file_cost_ns(job))))
        error = ECANCELED;
    if (!error)
        error = write_text(job, &text);
    product_memory_free(text.block);
    if (error && error != ECANCELED)
        note_file(job, error);
    return error;
}

/* --- the kind of job ------------------------------------------------------------------------------- */

static int compute(struct primes_job *job)
{
    int error = multiply(job);
    if (!error)
        error = check(job);
    if (!error)
        error = look_at_digits(job);
    prime_list_free(&job->list);
    return !error && job->to_file ? write_file(job) : error;
}

/* What has to do with GMP; it may be left in the middle when there is no memory (product_memory.h). */
static int use_numbers(void *context)
{
    struct primes_job *job = context;
    mpz_init(job->value);
    int error = compute(job);
    mpz_clear(job->value);
    return error;
}

static int run_stages(struct primes_job *job)
{
    size_t wanted_bytes = 0;
    int error = check_memory(job);
    if (!error)
        error = find(job);
    if (!error)
        error = product_memory_run(use_numbers, job, &wanted_bytes);
    prime_list_free(&job->list);
    if (error == ENOMEM && wanted_bytes)
        note_memory(job, wanted_bytes);
    return error;
}

static enum job_outcome primes_run(void *state, struct worker *worker, size_t number, struct job_result *result)
{
    const struct primes_state *own = state;
    const struct job_set *set = own->set;
    const struct job_input *input = &set->inputs[number];
    struct primes_job job = {.set = set,
                             .input = input,
                             .number = number,
                             .kernel = kernels[set->options.primes.kernel],
                             .product = products[set->options.primes.product],
                             .to_file = set->output_dir >= 0 && input->name,
                             .result = result};
    worker_attempt(worker, 1);
    result->attempts = 1;
    product_moduli_take(own->pool, job.moduli);
    pace_init(&job.pace, worker, whole_cost_ns(&job));
    int error = run_stages(&job);
    if (error)
        return error == ECANCELED ? JOB_OUTCOME_STOPPED : JOB_OUTCOME_FAILED;
    pace_finish(&job.pace);
    return JOB_OUTCOME_DONE;
}

static int primes_process_start(void)
{
    product_memory_start();
    return 0;
}

static void *primes_worker_start(const struct job_set *set, struct worker *worker)
{
    (void)worker;
    struct primes_state *state = sys_alloc(sizeof *state);
    if (!state)
        return NULL;
    *state = (struct primes_state){.set = set};
    memcpy(state->pool, set->options.primes.pool, sizeof state->pool);
    int error = state->pool[0] ? 0 : product_moduli_choose(state->pool);
    if (!error)
        return state;
    free(state);
    errno = error;
    return NULL;
}

static void primes_worker_stop(void *state)
{
    free(state);
}

static void primes_abandon(const struct job_set *set, size_t number)
{
    if (set->output_dir < 0)
        return;
    struct part part;
    part_init(&part, set, number);
    unlinkat(set->output_dir, part.name, 0);
}

/* What the job is estimated to cost: the larger limits are most of the work. */
static double primes_weight(const struct job_set *set, size_t number)
{
    const struct primes_job job = {.set = set,
                                   .input = &set->inputs[number],
                                   .number = number,
                                   .kernel = kernels[set->options.primes.kernel],
                                   .product = products[set->options.primes.product],
                                   .to_file = set->output_dir >= 0 && set->inputs[number].name};
    return whole_cost_ns(&job);
}

extern const struct job_kind job_kind_primes; /* kinds.c looks it up by this name */
const struct job_kind job_kind_primes = {
    .work = WORK_PRIMES,
    .needs = NEEDS_FILES,
    .name = "primes",
    .title = "PRIMES",
    .bound = "CPU-bound",
    .process_start = primes_process_start,
    .worker_start = primes_worker_start,
    .run = primes_run,
    .worker_stop = primes_worker_stop,
    .abandon = primes_abandon,
    .weight = primes_weight,
};
