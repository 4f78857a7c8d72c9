/* run_record.c - what --record of a run is. See run_record.h. */
#include "cli/run_record.h"

#include "base/problem.h"

void run_record_init(struct run_record *record, struct recorder *recorder)
{
    *record = (struct run_record){.file.fd = -1, .recorder = recorder, .lent = recorder};
}

int run_record_open(struct run_record *record, const char *path, const struct run_outputs *outputs, struct problem *problem)
{
    if (record->recorder || !path)
        return 0;
    if (record_file_open(&record->file, path, problem) != 0)
        return -1;
    bool trace = record_file_is(&record->file, &outputs->trace);
    if (!trace && !record_file_is(&record->file, &outputs->report))
        return 0;
    problem_set(problem, "--record and --%s cannot both be written to %s: name two files", trace ? "trace" : "report", path);
    record_file_discard(&record->file);
    return -1;
}

bool run_record_wanted(const struct run_record *record)
{
    return record->recorder || record->file.path;
}

int run_record_begin(struct run_record *record, struct problem *problem)
{
    if (!record->file.path)
        return 0;
    record->recorder = record_file_begin(&record->file, problem);
    return record->recorder ? 0 : -1;
}

void run_record_start(struct run_record *record, const struct recorder_run *run, const struct snapshot *snapshot,
                      bool origin, unsigned latency_ms, uint64_t rate)
{
    if (!record->recorder)
        return;
    record->lane = run->lane;
    record->machine = (struct recorder_machine){.load = &record->load,
                                                .cores = &record->cores,
                                                .origin_running = origin,
                                                .origin_latency_ms = latency_ms,
                                                .origin_rate = rate};
    recorder_begin(record->recorder, run, snapshot);
}

static void sample_machine(struct run_record *record, uint64_t now_ns)
{
    if (!recorder_machine_is_due(record->recorder, now_ns))
        return;
    machine_load_update(&record->load);
    record->cores = machine_usable_cores();
    record->machine.processes = machine_processes();
    record->machine.now_ns = now_ns;
    recorder_machine(record->recorder, &record->machine);
}

void run_record_sample(struct run_record *record, const struct snapshot *snapshot, struct sampler *sampler)
{
    struct snapshot seen = *snapshot;
    if (!record->recorder)
        return;
    bool over = run_state_is_over(snapshot->state);
    bool known = !over && sampler_update(sampler, snapshot) == 0;
    if (!recorder_is_due(record->recorder, record->lane, snapshot))
        return;
    seen.memory = sampler->memory;
    seen.executing = known ? sampler->executing : over ? 0 : SIZE_MAX;
    bool disturbed = seen.paused_ns > 0 || seen.killed > 0 || seen.restarts > 0;
    recorder_sample(record->recorder, record->lane, &seen, known ? sampler->states : NULL, known ? sampler->every_ns : 0,
                    disturbed);
    sample_machine(record, seen.now_ns);
}

const char *run_record_problem(const struct run_record *record)
{
    return record->recorder ? recorder_problem(record->recorder) : "";
}

void run_record_end(struct run_record *record)
{
    record_file_discard(&record->file);
    if (!record->lent)
        recorder_close(record->recorder);
    record->recorder = NULL;
}
