/* format.h - what a record is made of. Shared by who writes it (recorder.h) and who reads it (reel.h).
 *
 *     juggler record 1\n            the first line, in words: anybody who looks at the file sees what it is
 *     chunk, chunk, ... END         until the END chunk; a record without one was cut off
 *
 * A chunk is a head of 28 bytes (little-endian) and its payload, deflated (raw, RFC 1951) where that made it smaller:
 *
 *     type 1, flags 1, lane 1, zero 1, run 4, stored bytes 4, raw bytes 4, time 8, checksum 4
 *
 * The checksum (CRC-32) goes over the other 24 bytes of the head and the stored payload, and begins with the one of the chunk before (the first:
 * with that of the first line): so it also tells that a chunk is missing, doubled or in another's place. Times are nanoseconds of the clock
 * of the machine that wrote it (CLOCK_MONOTONIC), never falling; payloads are numbers and texts of wire.h:
 *
 *     RUN      a run begins in this lane: what does not change about it
 *     INPUTS   some of its jobs' inputs, as they are fit for reports; passwords are not among them
 *     SAMPLE   what has changed since the last sample: figures, seats, the kernel's word on each; every event since then, with its own time;
 *              every job whose word has changed. With FLAG_KEY figures and seats are whole, so that a reader can begin there
 *     MACHINE  the load of the cores, and the rest of the top line
 *     END      nothing follows
 *
 * Structs travel as their fields, in the order of the tables in format.c: a mask of those that changed, then the changes. A table only grows at
 * its end. RUN says how many fields of each the writer knew: a reader leaves out those that it does not know, and those
 * that the writer did not know stay 0. Anything else that changes is a new version. */
#ifndef RECORD_FORMAT_H
#define RECORD_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/snapshot.h"
#include "record/wire.h"

#define RECORD_LINE "juggler record "

enum {
    RECORD_VERSION = 1,
    RECORD_LINE_BYTES_MAX = 32,
    RECORD_LANES = 2,
    RECORD_HEAD_BYTES = 28,
    RECORD_RAW_MAX = 8 << 20,      /* of a chunk */
    RECORD_DENSITY_MAX = 64,       /* raw bytes for each stored one: what says more of itself is not believed */
    RECORD_DENSITY_FREE = 4096,    /* raw bytes to which that does not apply */
    RECORD_EVENTS_AT_ONCE = 32768, /* in a sample; more go into another one of the same time */
    RECORD_JOBS_AT_ONCE = 8192,
    RECORD_NAME_BYTES = 4096, /* of a list, a folder */
    RECORD_TEXT_MAX = 1 << 20 /* of an input */
};

enum chunk_type { CHUNK_RUN = 1, CHUNK_INPUTS, CHUNK_SAMPLE, CHUNK_MACHINE, CHUNK_END, CHUNK_TYPE_COUNT };
enum chunk_flag { FLAG_DEFLATED = 1, FLAG_KEY = 2, FLAGS_ALL = 3 };

struct chunk_head {
    uint8_t type, flags, lane;
    uint32_t run; /* counts the runs of a record, from 1; 0: of none */
    uint32_t stored_bytes, raw_bytes;
    uint64_t time_ns;
    uint32_t checksum;
};
void chunk_head_put(uint8_t out[RECORD_HEAD_BYTES], const struct chunk_head *head);
/* NULL, or what is wrong with it, in a few words. */
const char *chunk_head_take(const uint8_t bytes[RECORD_HEAD_BYTES], struct chunk_head *out);
/* Of a chunk: the checksum of the one before, its head as bytes, its stored payload. */
uint32_t chunk_checksum(uint32_t before, const uint8_t head[RECORD_HEAD_BYTES], const uint8_t *payload, size_t bytes);

/* What changes about a run as a whole. The pointers and counts of a snapshot that are kept in other ways are not among its fields. */
struct record_frame {
    struct snapshot snap;
    uint64_t sampled_every_ns; /* how fine the kernel's word is */
    bool disturbed;            /* changed or paused on the way: no fair figure */
};

enum record_table { TABLE_FRAME, TABLE_SLOT, TABLE_TASK, TABLE_RESULT, TABLE_COUNT };
size_t table_fields(enum record_table table);
/* What differs from before (NULL: all zero). True: something does. */
bool table_put(struct wire_out *out, enum record_table table, const void *now, const void *before);
bool table_differs(enum record_table table, const void *a, const void *b);
/* Changes the object to what it was when it was written. fields: how many the writer knew. */
void table_take(struct wire_in *in, enum record_table table, size_t fields, void *object);

/* A seat in a sample: how far from the one before, times eight, plus these. */
enum seat_flag { SEAT_USED = 1, SEAT_ALIVE = 2, SEAT_STALE = 4, SEAT_SHIFT = 3 };

#endif
