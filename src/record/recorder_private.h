/* recorder_private.h - a recorder's state, shared by recorder*.c. */
#ifndef RECORD_RECORDER_PRIVATE_H
#define RECORD_RECORDER_PRIVATE_H

#include <zlib.h>

#include "base/problem.h"
#include "record/format.h"
#include "record/recorder.h"

/* A seat as it was written last. */
struct recorder_seat {
    struct slot_data data;
    struct task_state task;
    uint8_t flags; /* SEAT_... */
};

/* A job as it was written last. */
struct recorder_job {
    uint64_t word; /* packed */
    bool started;  /* with the time of its start */
};

struct recorder_lane {
    uint32_t run; /* 0: none has begun */
    const struct job_set *set;
    struct record_frame frame; /* as it was written last */
    struct recorder_seat *seats;
    size_t seats_count; /* seats 0 ... seats_count - 1 have been written, or are all zero */
    struct recorder_job *jobs;
    size_t jobs_count, jobs_first; /* those before are final, and written */
    size_t events;                 /* of the journal, that are written */
    size_t inputs;                 /* that are written */
    uint64_t begun_ns, key_ns;
    uint64_t sampled_ns, due_ns; /* the last sample, the next one */
    bool over;                   /* its end is written */
    char problem[sizeof((struct problem *)0)->text];
};

struct recorder {
    int fd;
    z_stream deflater;
    bool deflates; /* deflater is set up */
    uint32_t runs, checksum;
    uint64_t bytes, time_ns, machine_ns;
    struct recorder_lane lanes[RECORD_LANES];
    struct wire_out payload;
    uint8_t *packed;
    size_t packed_room;
    struct problem problem; /* "": all is well */
};

/* recorder.c: writes what is in recorder->payload as a chunk, and empties it. */
void recorder_write(struct recorder *recorder, uint8_t type, uint8_t flags, int lane, uint64_t time_ns);
/* recorder_sample.c */
void recorder_forget(struct recorder_lane *lane);

#endif
