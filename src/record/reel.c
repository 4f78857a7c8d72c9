/* reel.c - opening a record: one pass over all of it, which checks everything; and the reel as a whole. See reel.h. */
#include "record/reel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "record/reel_private.h"

enum { MACHINE_BUSY_MOST = 200, QUOTA_FILE_BYTES = 64 };

/* --- the machine ---------------------------------------------------------------------------------- */

static bool take_machine(struct wire_in *in, struct reel_machine *out, char quota_file[QUOTA_FILE_BYTES])
{
    *out = (struct reel_machine){.processes = 0};
    out->cores.count = (unsigned)wire_take_up_to(in, UINT16_MAX);
    out->cores.online = (unsigned)wire_take_up_to(in, UINT16_MAX);
    out->cores.affinity = (unsigned)wire_take_up_to(in, UINT16_MAX);
    out->cores.quota = wire_take_double(in);
    bool quota = wire_take_text_into(in, quota_file, QUOTA_FILE_BYTES);
    out->cores.quota_file = quota ? quota_file : NULL;
    out->processes = (unsigned)wire_take_up_to(in, INT32_MAX);
    out->origin_running = wire_take_up_to(in, 1);
    out->origin_latency_ms = (unsigned)wire_take_up_to(in, INT32_MAX);
    out->origin_rate = wire_take_number(in);
    out->load.cores = (unsigned)wire_take_up_to(in, MACHINE_CORES_MAX);
    for (unsigned i = 0; i < out->load.cores; i++) {
        uint8_t busy = wire_take_byte(in);
        out->load.busy[i] = busy > MACHINE_BUSY_MOST ? -1 : (double)busy / MACHINE_BUSY_MOST;
    }
    bool sane = out->cores.quota < 0 || out->cores.quota <= UINT16_MAX; /* neither is true of what is no number */
    for (const char *at = quota_file; *at; at++)
        sane &= *at > ' ' && *at < 0x7f;
    return !in->bad && !wire_left(in) && sane && out->cores.count >= 1;
}

bool reel_machine(struct reel *reel, uint64_t time_ns, struct reel_machine *out)
{
    struct chunk_head head;
    struct wire_in payload;
    const char *what;
    size_t until = chunks_until(&reel->machine, time_ns);
    const struct reel_chunk *chunk = until ? &reel->machine.list[until - 1] : reel->machine.list;
    if (!chunk || source_chunk(&reel->source, chunk->offset, chunk->checksum_before, &head, &payload, &what) != SOURCE_CHUNK)
        return false;
    return take_machine(&payload, out, reel->quota_file);
}

/* --- the pass ------------------------------------------------------------------------------------- */

/* Where the pass is. */
struct pass {
    struct reel *reel;
    uint64_t offset, time_ns;
    uint32_t checksum;
    size_t number;                    /* of the chunk, from 1 */
    struct film *films[RECORD_LANES]; /* the last one of each lane */
    struct stage stages[RECORD_LANES];
    bool ended;
};

static const char *add_film(struct pass *pass, struct wire_in *payload, const struct chunk_head *head)
{
    struct reel *reel = pass->reel;
    if (head->run != reel->films_count + 1)
        return "the number of a run";
    struct film **films = sys_grow(reel->films, &reel->films_room, reel->films_count, sizeof *films);
    if (!films)
        return reel_no_memory;
    reel->films = films;
    struct film *film = sys_alloc_zeroed(1, sizeof *film);
    if (!film)
        return reel_no_memory;
    const char *wrong = film_take_run(payload, head, film);
    if (wrong) {
        free(film);
        return wrong;
    }
    stage_free(&pass->stages[head->lane]);
    pass->films[head->lane] = reel->films[reel->films_count++] = film;
    return NULL;
}

static const char *add_to_film(struct pass *pass, struct wire_in *payload, const struct chunk_head *head,
                               struct reel_chunk chunk)
{
    struct film *film = pass->films[head->lane];
    struct stage *stage = &pass->stages[head->lane];
    if (!film || film->run.number != head->run)
        return "the number of a run";
    if (head->type == CHUNK_INPUTS) {
        const char *wrong = film_take_inputs(payload, film, NULL);
        return wrong ? wrong : chunks_add(&film->inputs, chunk) != 0 ? reel_no_memory : NULL;
    }
    const char *wrong = film_take_sample(payload, head, film, stage, NULL);
    if (wrong)
        return wrong;
    if (chunks_add(&film->samples, chunk) != 0)
        return reel_no_memory;
    film->run.end_ns = head->time_ns;
    film->run.over = run_state_is_over(stage->frame.snap.state);
    return NULL;
}

static const char *add_machine(struct pass *pass, struct wire_in *payload, struct reel_chunk chunk)
{
    struct reel_machine machine;
    char quota_file[QUOTA_FILE_BYTES];
    if (!take_machine(payload, &machine, quota_file))
        return "the state of the machine";
    return chunks_add(&pass->reel->machine, chunk) != 0 ? reel_no_memory : NULL;
}

static const char *add_chunk(struct pass *pass, struct wire_in *payload, const struct chunk_head *head)
{
    const struct reel_chunk chunk = {.offset = pass->offset,
                                     .time_ns = head->time_ns,
                                     .checksum_before = pass->checksum,
                                     .type = head->type,
                                     .flags = head->flags};
    if (head->time_ns < pass->time_ns || head->time_ns > INT64_MAX)
        return "the time";
    switch (head->type) {
    case CHUNK_RUN: return add_film(pass, payload, head);
    case CHUNK_INPUTS:
    case CHUNK_SAMPLE: return add_to_film(pass, payload, head, chunk);
    case CHUNK_MACHINE: return add_machine(pass, payload, chunk);
    default: pass->ended = true; return NULL;
    }
}

/* got: how the chunk could not be had; else wrong: what it says that cannot be. */
static void note_damage(struct pass *pass, enum source_result got, const char *wrong)
{
    struct reel *reel = pass->reel;
    double seconds = (double)(reel->end_ns - reel->begin_ns) / (double)NS_PER_S;
    if (pass->ended)
        snprintf(reel->damage, sizeof reel->damage, "the record is whole, but something follows its end: it is left out");
    else if (got == SOURCE_END || got == SOURCE_CUT)
        snprintf(reel->damage, sizeof reel->damage, "the record is cut off after %.2f s: it plays up to there", seconds);
    else
        snprintf(reel->damage, sizeof reel->damage,
                 "the record is damaged after %.2f s (%s of chunk %zu): it plays up to there", seconds, wrong, pass->number);
}

static void move_on(struct pass *pass, const struct chunk_head *head)
{
    struct reel *reel = pass->reel;
    pass->offset += RECORD_HEAD_BYTES + head->stored_bytes;
    pass->checksum = head->checksum;
    pass->time_ns = head->time_ns;
    if (head->type != CHUNK_RUN && head->type != CHUNK_SAMPLE)
        return;
    if (!reel->begin_ns)
        reel->begin_ns = head->time_ns;
    reel->end_ns = head->time_ns;
}

/* 0, or -1 when there is no memory; what is damaged is only noted. */
static int go_through(struct pass *pass)
{
    for (pass->number = 1;; pass->number++) {
        struct chunk_head head;
        struct wire_in payload;
        const char *wrong = NULL;
        enum source_result got = source_chunk(&pass->reel->source, pass->offset, pass->checksum, &head, &payload, &wrong);
        if (got == SOURCE_END && pass->ended)
            return 0;
        if (got == SOURCE_CHUNK)
            wrong = pass->ended ? "the place" : add_chunk(pass, &payload, &head);
        if (got == SOURCE_NO_MEMORY || wrong == reel_no_memory)
            return -1;
        if (got != SOURCE_CHUNK || wrong) {
            note_damage(pass, got, wrong);
            return 0;
        }
        move_on(pass, &head);
    }
}

/* From now on samples are only read again. */
static void seal(struct reel *reel)
{
    for (size_t i = 0; i < reel->films_count; i++)
        reel->films[i]->checked = true;
}

/* --- opening -------------------------------------------------------------------------------------- */

/* The first line: 0 and where the chunks begin, or -1 with the reason. */
static int take_first_line(struct pass *pass, struct problem *problem)
{
    char line[RECORD_LINE_BYTES_MAX + 1] = "";
    struct reel_source *source = &pass->reel->source;
    size_t count = source->count < RECORD_LINE_BYTES_MAX ? (size_t)source->count : RECORD_LINE_BYTES_MAX;
    size_t word = strlen(RECORD_LINE);
    if (!count) {
        problem_set(problem, "it is empty");
        return -1;
    }
    if (!source_read(source, 0, line, count)) {
        problem_set_errno(problem, errno ? errno : EIO, "it cannot be read");
        return -1;
    }
    char *end = memchr(line, '\n', count);
    size_t version = end && strncmp(line, RECORD_LINE, word) == 0 ? strspn(line + word, "0123456789") : 0;
    if (!version || line + word + version != end) {
        problem_set(problem, "it is no record: its first line is not \"" RECORD_LINE "%d\"", RECORD_VERSION);
        return -1;
    }
    if (version != 1 || line[word] != '0' + RECORD_VERSION) {
        problem_set(problem, "it is a record of version %.*s, and this juggler reads version %d", (int)version, line + word,
                    RECORD_VERSION);
        return -1;
    }
    pass->offset = (uint64_t)(end + 1 - line);
    pass->checksum = (uint32_t)crc32(0, (const uint8_t *)line, (uInt)pass->offset);
    return 0;
}

static struct reel *open_source(struct reel_source source, struct problem *problem)
{
    struct reel *reel = sys_alloc_zeroed(1, sizeof *reel);
    struct pass pass = {.reel = reel};
    if (!reel) {
        source_close(&source);
        problem_set(problem, "no memory for the record");
        return NULL;
    }
    reel->source = source;
    int failed = take_first_line(&pass, problem);
    if (failed == 0 && go_through(&pass) != 0) {
        problem_set(problem, "no memory for the record");
        failed = -1;
    } else if (failed == 0 && !reel->films_count) {
        problem_set(problem, "it holds no run%s%s", reel->damage[0] ? "; " : "", reel->damage);
        failed = -1;
    }
    for (int lane = 0; lane < RECORD_LANES; lane++)
        stage_free(&pass.stages[lane]);
    seal(reel);
    if (failed == 0)
        return reel;
    reel_close(reel);
    return NULL;
}

struct reel *reel_open_bytes(const void *bytes, size_t count, struct problem *problem)
{
    return open_source((struct reel_source){.bytes = bytes, .count = count, .fd = -1}, problem);
}

struct reel *reel_open_fd(int fd, struct problem *problem)
{
    struct stat there = {.st_size = 0};
    if (fstat(fd, &there) == 0 && S_ISREG(there.st_mode))
        return open_source((struct reel_source){.fd = fd, .count = (uint64_t)there.st_size}, problem);
    problem_set(problem, S_ISDIR(there.st_mode) ? "it is a folder"
                                                : "it is no file: a record has to be one that can be gone back in");
    close(fd);
    return NULL;
}

struct reel *reel_open_file(const char *path, struct problem *problem)
{
    struct problem why = {.text = ""};
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0); /* a pipe must not make us wait */
    if (fd < 0) {
        problem_set_errno(problem, errno, "%s cannot be read", path);
        return NULL;
    }
    struct reel *reel = reel_open_fd(fd, &why);
    if (!reel)
        problem_set(problem, "%s cannot be replayed: %s", path, why.text);
    return reel;
}

void reel_close(struct reel *reel)
{
    if (!reel)
        return;
    for (int lane = 0; lane < RECORD_LANES; lane++)
        story_free(&reel->stories[lane]);
    for (size_t i = 0; i < reel->films_count; i++) {
        free(reel->films[i]->samples.list);
        free(reel->films[i]->inputs.list);
        free(reel->films[i]);
    }
    free(reel->films);
    free(reel->machine.list);
    source_close(&reel->source);
    free(reel);
}

/* --- looking -------------------------------------------------------------------------------------- */

const char *reel_damage(const struct reel *reel)
{
    return reel->damage;
}

uint64_t reel_begin_ns(const struct reel *reel)
{
    return reel->begin_ns;
}

uint64_t reel_end_ns(const struct reel *reel)
{
    return reel->end_ns;
}

size_t reel_runs(const struct reel *reel)
{
    return reel->films_count;
}

const struct reel_run *reel_run(const struct reel *reel, size_t index)
{
    return &reel->films[index]->run;
}

/* The story of a run, read when it is first asked for. NULL: no memory, or it cannot be read any more. */
static struct story *story_of(struct reel *reel, struct film *film)
{
    struct story *story = &reel->stories[film->run.lane];
    if (story->film != film && story_read(&reel->source, film, story) != NULL)
        return NULL;
    return story;
}

/* The last run of the lane that begins by then; NULL: none. */
static struct film *film_at(const struct reel *reel, int lane, uint64_t time_ns)
{
    for (size_t i = reel->films_count; i > 0; i--)
        if (reel->films[i - 1]->run.lane == lane && reel->films[i - 1]->run.begin_ns <= time_ns)
            return reel->films[i - 1];
    return NULL;
}

static int look_at(struct reel *reel, struct film *film, uint64_t time_ns, struct reel_view *out)
{
    struct story *story = story_of(reel, film);
    *out = (struct reel_view){.run = NULL};
    return story ? story_look(&reel->source, story, time_ns, out) : -1;
}

int reel_look_at_run(struct reel *reel, size_t index, uint64_t time_ns, struct reel_view *out)
{
    return look_at(reel, reel->films[index], time_ns, out);
}

int reel_look(struct reel *reel, int lane, uint64_t time_ns, struct reel_view *out)
{
    struct film *film = film_at(reel, lane, time_ns);
    *out = (struct reel_view){.run = NULL};
    return film ? look_at(reel, film, time_ns, out) : 0;
}

/* --- events --------------------------------------------------------------------------------------- */

/* The nearest event of a story after that moment, or before it; 0: none. */
static uint64_t event_beside(const struct story *story, uint64_t than_ns, bool later)
{
    size_t low = 0, high = story->events_count;
    while (low < high) { /* the first that is later; or the first that is not earlier */
        size_t middle = low + (high - low) / 2;
        uint64_t time_ns = story->events[middle].time_ns;
        if (later ? time_ns <= than_ns : time_ns < than_ns)
            low = middle + 1;
        else
            high = middle;
    }
    if (later)
        return low < story->events_count ? story->events[low].time_ns : 0;
    return low > 0 ? story->events[low - 1].time_ns : 0;
}

static void take_nearer(uint64_t *best_ns, uint64_t time_ns, uint64_t than_ns, bool later)
{
    bool beyond = later ? time_ns > than_ns : time_ns < than_ns;
    if (time_ns && beyond && (!*best_ns || (later ? time_ns < *best_ns : time_ns > *best_ns)))
        *best_ns = time_ns;
}

/* Beginnings and ends of runs count, too. */
static uint64_t nearest_event(struct reel *reel, uint64_t than_ns, bool later)
{
    uint64_t best_ns = 0;
    for (size_t i = 0; i < reel->films_count; i++) {
        take_nearer(&best_ns, reel->films[i]->run.begin_ns, than_ns, later);
        take_nearer(&best_ns, reel->films[i]->run.end_ns, than_ns, later);
    }
    for (int lane = 0; lane < RECORD_LANES; lane++) {
        struct film *film = film_at(reel, lane, than_ns);
        const struct story *story = film ? story_of(reel, film) : NULL;
        if (story)
            take_nearer(&best_ns, event_beside(story, than_ns, later), than_ns, later);
    }
    return best_ns;
}

uint64_t reel_next_event(struct reel *reel, uint64_t time_ns)
{
    return nearest_event(reel, time_ns, true);
}

uint64_t reel_last_event(struct reel *reel, uint64_t time_ns)
{
    return nearest_event(reel, time_ns, false);
}
