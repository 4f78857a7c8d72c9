/* reel_private.h - a reel's state, shared by reel*.c. */
#ifndef RECORD_REEL_PRIVATE_H
#define RECORD_REEL_PRIVATE_H

#include <stddef.h>

#include <zlib.h>

#include "base/problem.h"
#include "record/format.h"
#include "record/reel.h"

enum { REEL_EVENTS_MAX = 16 << 20, REEL_JOB_CHANGES_A_JOB = 64 };

/* --- bytes (reel_source.c) ------------------------------------------------------------------------ */

/* Where the bytes are. */
struct reel_source {
    const uint8_t *bytes; /* NULL: in fd */
    int fd;               /* -1: in memory */
    uint64_t count;
    z_stream inflater;
    bool inflates;
    uint8_t *stored, *raw; /* the chunk read last */
    size_t stored_room, raw_room;
};
/* False: they are not there, or cannot be read. */
bool source_read(const struct reel_source *source, uint64_t offset, void *out, size_t count);
void source_close(struct reel_source *source);

enum source_result { SOURCE_CHUNK, SOURCE_END, SOURCE_CUT, SOURCE_DAMAGED, SOURCE_NO_MEMORY };
/* Reads and checks the chunk at offset, and inflates it: head, and a reader of its payload, which stays valid until the next call.
 * what: a few words on what is damaged. */
enum source_result source_chunk(struct reel_source *source, uint64_t offset, uint32_t checksum_before,
                                struct chunk_head *head, struct wire_in *payload, const char **what);

/* --- a run (reel_film.c) -------------------------------------------------------------------------- */

struct reel_chunk {
    uint64_t offset, time_ns;
    uint32_t checksum_before;
    uint8_t type, flags;
};

struct reel_chunks {
    struct reel_chunk *list;
    size_t count, room;
};
/* 0 or ENOMEM. */
int chunks_add(struct reel_chunks *chunks, struct reel_chunk chunk);
/* How many of them are not later than that. */
size_t chunks_until(const struct reel_chunks *chunks, uint64_t time_ns);

/* A run, and where its chunks are. */
struct film {
    struct reel_run run;
    size_t fields[TABLE_COUNT]; /* that the writer knew */
    struct job_set set;         /* without inputs */
    struct reel_chunks samples, inputs;
    size_t events, changes; /* counted in the pass that checks them */
    bool checked;           /* which is over */
    char list[RECORD_NAME_BYTES], output_dir[RECORD_NAME_BYTES], cores[CORES_WORDS_BYTES];
};

/* What a sample stands on: the one before it. */
struct stage {
    struct record_frame frame;
    struct worker_snapshot *workers;
    struct task_state *tasks;
    size_t room; /* of both */
    char problem[sizeof((struct problem *)0)->text];
};
void stage_clear(struct stage *stage); /* nothing is known */
void stage_free(struct stage *stage);

struct story;

/* Each returns NULL, or what is wrong with the payload, in a few words; "memory" when there is none. story: where events and jobs go;
 * NULL: they are only checked. */
const char *film_take_run(struct wire_in *in, const struct chunk_head *head, struct film *film);
const char *film_take_inputs(struct wire_in *in, const struct film *film, struct story *story);
const char *film_take_sample(struct wire_in *in, const struct chunk_head *head, struct film *film, struct stage *stage,
                             struct story *story);
/* Brings into their range those figures that are only shown, and adds what does not change. */
void film_settle(const struct film *film, struct snapshot *snap);
extern const char reel_no_memory[]; /* one of the words above, to be compared by its address */

/* --- a run's story (reel_story.c) ----------------------------------------------------------------- */

/* A job's word at a time. The time comes first, to be sorted by. */
struct job_change {
    uint64_t time_ns, start_ns;
    uint64_t word; /* packed */
    uint32_t job;
    uint32_t result; /* of the results; UINT32_MAX: it is not final */
};

/* What a job came to, in half the room: of few jobs there is a note. */
struct kept_result {
    uint8_t figures[offsetof(struct job_result, note)];
    char *note; /* owned; NULL: "" */
};

/* All of a run that is not in the stage: what happened when. */
struct story {
    struct film *film; /* NULL: empty */
    struct journal_event *events;
    size_t events_count, events_room;
    struct job_change *changes;
    size_t changes_count, changes_room;
    struct kept_result *results;
    size_t results_count, results_room;
    uint8_t *states;          /* of each job, while it is read */
    struct job_input *inputs; /* the jobs' */
    char **texts;             /* of the inputs: a block a chunk */
    size_t texts_count, texts_room;
    struct job_set set;
    struct timeline timeline, shown_timeline;

    /* where the last look was */
    struct stage stage;
    size_t sample; /* samples that are in the stage */
    size_t change; /* changes that are in the jobs */
    size_t tally[JOB_STATE_COUNT], kept;
    struct job_snapshot *jobs;
    struct worker_snapshot *workers; /* with the events behind the sample */
    size_t workers_room;
};
void story_free(struct story *story);
/* All of the film. NULL or what is wrong. */
const char *story_read(struct reel_source *source, struct film *film, struct story *story);
/* For film_take_...: 0 or ENOMEM. */
int story_add_event(struct story *story, struct journal_event event);
int story_add_change(struct story *story, uint32_t job, struct job_word word, const struct job_result *result,
                     uint64_t before_ns, uint64_t now_ns);
/* 0 or -1. */
int story_look(struct reel_source *source, struct story *story, uint64_t time_ns, struct reel_view *out);

/* --- the reel ------------------------------------------------------------------------------------- */

struct reel {
    struct reel_source source;
    struct film **films;
    size_t films_count, films_room;
    struct reel_chunks machine;
    uint64_t begin_ns, end_ns;
    char damage[200];
    struct story stories[RECORD_LANES];
    char quota_file[64];
};

#endif
