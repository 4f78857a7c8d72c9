/* workload.c - one kind of work made ready to run. */
#include "cli/workload.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/problem.h"
#include "base/sys.h"
#include "base/text.h"
#include "jobs/counter.h"
#include "jobs/product_moduli.h"
#include "measure/machine.h"

enum { COUNTER_JOBS = 4 }; /* where the executor does not say */

/* --- inputs --------------------------------------------------------------------------------------- */

static int add_sample(struct workload *workload, enum work work, const char *data_dir, struct problem *problem)
{
    char path[WORKLOAD_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", data_dir, work == WORK_DOWNLOAD ? "article.urls" : "article.limits");
    workload->is_sample = true;
    return work == WORK_DOWNLOAD ? inputs_add_download(&workload->inputs, path, problem)
                                 : inputs_add_primes(&workload->inputs, path, problem);
}

static int add_inputs(struct workload *workload, enum work work, const struct work_options *options, const char *data_dir,
                      struct problem *problem)
{
    if (!options->inputs_count)
        return add_sample(workload, work, data_dir, problem);
    for (size_t i = 0; i < options->inputs_count; i++) {
        const char *input = options->inputs[i];
        int got = work == WORK_DOWNLOAD ? inputs_add_download(&workload->inputs, input, problem)
                                        : inputs_add_primes(&workload->inputs, input, problem);
        if (got != 0)
            return -1;
    }
    return 0;
}

/* The article's limits take a third of a second in C, too short to watch; the dashboard multiplies them. */
static int multiply_limits(struct workload *workload, unsigned times, struct problem *problem)
{
    struct inputs bigger = {0};
    for (size_t i = 0; i < workload->inputs.count; i++) {
        if (inputs_add_limit(&bigger, workload->inputs.items[i].limit * times, problem) != 0) {
            inputs_free(&bigger);
            return -1;
        }
    }
    inputs_free(&workload->inputs);
    workload->inputs = bigger;
    return 0;
}

static int check_limits(const struct workload *workload, struct problem *problem)
{
    uint64_t available_bytes = machine_memory_available();
    for (size_t i = 0; i < workload->inputs.count; i++)
        if (limit_check_fits(workload->inputs.items[i].limit, available_bytes, problem) != 0)
            return -1;
    return 0;
}

static void name_list(struct workload *workload, enum work work, const struct work_options *options, unsigned times)
{
    bool one = workload->inputs.count == 1;
    const char *noun = work == WORK_DOWNLOAD ? one ? "URL" : "URLs" : one ? "limit" : "limits";
    if (workload->is_sample && work == WORK_DOWNLOAD)
        snprintf(workload->name, sizeof workload->name, "the article's %zu images", workload->inputs.count);
    else if (workload->is_sample && times > 1)
        snprintf(workload->name, sizeof workload->name, "the article's limits x %u", times);
    else if (workload->is_sample)
        snprintf(workload->name, sizeof workload->name, "the article's limits");
    else if (options->inputs_count == 1 && strcmp(options->inputs[0], "-") != 0 && workload->inputs.count > 1)
        text_show(workload->name, sizeof workload->name, options->inputs[0], false);
    else
        snprintf(workload->name, sizeof workload->name, "your %zu %s", workload->inputs.count, noun);
}

static int choose_executor(struct workload *workload, enum work work, const struct work_options *options,
                           unsigned usable_cores, struct problem *problem)
{
    workload->executor = executor_default(work);
    return options->with ? executor_parse(options->with, work, usable_cores, &workload->executor, problem) : 0;
}

/* Chosen once for all workers. Where there are no random numbers now, each worker asks for them again, and says why when it gets none. */
static void settle_primes(struct primes_options *out, const struct primes_options *asked)
{
    *out = *asked;
    product_moduli_choose(out->pool);
}

/* Where its files will be. The guard is told before anything is made there, so a temporary folder's name is one that nobody else has: of chance. */
static int choose_folder(struct workload *workload, struct problem *problem)
{
    const char *base = getenv("TMPDIR");
    uint64_t chance = 0;
    int length = 0;
    if (workload->output)
        length = snprintf(workload->folder, sizeof workload->folder, "%s", workload->output);
    else if (workload->set.kind->work == WORK_DOWNLOAD) {
        if (getrandom(&chance, sizeof chance, GRND_NONBLOCK) != (ssize_t)sizeof chance)
            chance = (clock_now_ns() ^ (uintptr_t)workload) << 20 ^ (uint64_t)getpid();
        length = snprintf(workload->folder, sizeof workload->folder, "%s/juggler-%016llx", base && *base ? base : "/tmp",
                          (unsigned long long)chance);
        workload->temporary = true;
    }
    if (length < (int)sizeof workload->folder && (length > 0 || !workload->output))
        return 0;
    problem_set(problem, "the %s folder's name is %s", workload->output ? "output" : "temporary",
                length ? "too long" : "empty");
    return -1;
}

static void settle_options(struct workload *workload, enum work work, const struct work_options *options)
{
    if (work == WORK_DOWNLOAD)
        workload->set.options.download = options->download;
    else if (work == WORK_PRIMES)
        settle_primes(&workload->set.options.primes, &options->primes);
    else
        workload->set.options.counter = (struct counter_options){.lock = options->lock, .counter = workload->counter};
}

static int settle(struct workload *workload, enum work work, const struct work_options *options, unsigned usable_cores,
                  struct problem *problem)
{
    if (choose_executor(workload, work, options, usable_cores, problem) != 0)
        return -1;
    if (work != WORK_COUNTER && inputs_name(&workload->inputs, work, problem) != 0)
        return -1;
    workload->output = options->output;
    workload->set.kind = job_kind_of(work);
    workload->set.inputs = workload->inputs.items;
    workload->set.count = workload->inputs.count;
    workload->set.output_dir = -1;
    workload->set.memory_bytes = work == WORK_PRIMES ? machine_memory_available() : 0;
    workload->set.part_prefix = workload->prefix;
    workload->set.sync = options->sync;
    settle_options(workload, work, options);
    if (choose_folder(workload, problem) != 0)
        return -1;
    snprintf(workload->prefix, sizeof workload->prefix, ".juggler-%ld-%llx-", (long)getpid(),
             (unsigned long long)(clock_now_ns() ^ (uintptr_t)workload));
    return 0;
}

int workload_init(struct workload *workload, enum work work, const struct work_options *options, unsigned times,
                  unsigned usable_cores, const char *data_dir, struct problem *problem)
{
    if (work == WORK_COUNTER)
        return workload_init_counter(workload, options, 0, usable_cores, problem);
    *workload = (struct workload){.set.output_dir = -1, .builtin = options->origin == ORIGIN_BUILTIN};
    if (add_inputs(workload, work, options, data_dir, problem) != 0)
        return -1;
    if (work == WORK_PRIMES && workload->is_sample && times > 1 && multiply_limits(workload, times, problem) != 0)
        return -1;
    if (work == WORK_PRIMES && check_limits(workload, problem) != 0)
        return -1;
    name_list(workload, work, options, times);
    return settle(workload, work, options, usable_cores, problem);
}

int workload_init_counter(struct workload *workload, const struct work_options *options, unsigned counter_jobs,
                          unsigned usable_cores, struct problem *problem)
{
    *workload = (struct workload){.set.output_dir = -1};
    if (choose_executor(workload, WORK_COUNTER, options, usable_cores, problem) != 0)
        return -1;
    unsigned by_executor = executor_has_width(workload->executor.how) ? workload->executor.width : COUNTER_JOBS;
    unsigned jobs = counter_jobs ? counter_jobs : by_executor;
    for (unsigned i = 0; i < jobs; i++)
        if (counter_add_job(&workload->inputs, options->adds, problem) != 0)
            return -1;
    workload->counter = counter_new();
    if (!workload->counter) {
        problem_set_errno(problem, errno, "no memory for the counter");
        return -1;
    }
    snprintf(workload->name, sizeof workload->name, "%u times %s", jobs, workload->inputs.items[0].text);
    return settle(workload, WORK_COUNTER, options, usable_cores, problem);
}

int workload_init_synthetic(struct workload *workload, const struct work_options *options, unsigned files,
                            struct problem *problem)
{
    *workload = (struct workload){.set.output_dir = -1, .builtin = true};
    for (unsigned i = 0; i < files; i++) {
        char url[64];
        int bytes = snprintf(url, sizeof url, "http://127.0.0.1/synthetic/%u\n", i);
        if (inputs_add_url_text(&workload->inputs, "synthetic", url, (size_t)bytes, problem) != 0)
            return -1;
    }
    snprintf(workload->name, sizeof workload->name, "%u synthetic files", files);
    return settle(workload, WORK_DOWNLOAD, options, 1, problem);
}

bool workload_needs_data(enum work work, const struct work_options *options)
{
    return (!options->inputs_count && work != WORK_COUNTER) || (work == WORK_DOWNLOAD && options->origin == ORIGIN_BUILTIN);
}

/* --- the folder ----------------------------------------------------------------------------------- */

static int make_folder(struct workload *workload, struct problem *problem)
{
    bool temporary = workload->temporary;
    if (mkdir(workload->folder, temporary ? 0700 : 0777) == 0 || (errno == EEXIST && !temporary))
        return 0;
    problem_set_errno(problem, errno,
                      temporary ? "no temporary folder could be made (%s)" : "the output folder %s could not be made",
                      workload->folder);
    workload->temporary = false; /* whoever's it is, it is not ours */
    workload->folder[0] = 0;
    return -1;
}

/* A file is made and removed there, for what access() says is not what root may do, and not what a full or read-only disk allows. */
static int check_writable(struct workload *workload, struct problem *problem)
{
    char probe[WORKLOAD_PREFIX_BYTES + 8];
    snprintf(probe, sizeof probe, "%sprobe", workload->prefix);
    int fd = sys_openat(workload->set.output_dir, probe, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        problem_set_errno(problem, errno, "nothing can be written to the output folder %s", workload->folder);
        return -1;
    }
    close(fd);
    unlinkat(workload->set.output_dir, probe, 0);
    return 0;
}

int workload_open(struct workload *workload, struct problem *problem)
{
    if (!workload->folder[0])
        return 0;
    if (make_folder(workload, problem) != 0)
        return -1;
    workload->set.output_dir = sys_openat(AT_FDCWD, workload->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (workload->set.output_dir < 0) {
        problem_set_errno(problem, errno, "the output folder %s could not be opened", workload->folder);
        if (workload->temporary)
            rmdir(workload->folder);
        return -1;
    }
    /* The runner and its workers have this same open folder, so the lock goes with the last of them: the guard waits for that. Where there
     * are no such locks it does not. */
    flock(workload->set.output_dir, LOCK_SH | LOCK_NB);
    return check_writable(workload, problem);
}

int workload_sync(const struct workload *workload)
{
    if (!workload->set.sync || workload->set.output_dir < 0 || sys_fsync(workload->set.output_dir) == 0)
        return 0;
    return errno == EINVAL ? 0 : errno; /* a file system that has no such thing */
}

int workload_redirect(struct workload *workload, uint16_t port, struct problem *problem)
{
    return inputs_redirect(&workload->inputs, port, problem);
}

/* Takes the descriptor: there may be no other to be had. */
static void remove_folder(const struct workload *workload)
{
    DIR *folder = fdopendir(workload->set.output_dir);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    else
        close(workload->set.output_dir);
    rmdir(workload->folder);
}

void workload_free(struct workload *workload)
{
    if (workload->set.output_dir >= 0 && workload->temporary)
        remove_folder(workload);
    else if (workload->set.output_dir >= 0)
        close(workload->set.output_dir);
    inputs_free(&workload->inputs);
    counter_free(workload->counter);
    *workload = (struct workload){.set.output_dir = -1};
}
