/* recorder.c - a record's file: its first line, and chunk after chunk. See recorder.h. */
#include "record/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sys.h"
#include "record/recorder_private.h"

#define MACHINE_EVERY_NS (500 * NS_PER_MS)

/* A window of 8 KiB and little memory: chunks are small. */
enum { DEFLATE_LEVEL = 1, DEFLATE_WINDOW = -13, DEFLATE_MEMORY = 6, DEFLATE_LEAST = 48 };

/* --- chunks --------------------------------------------------------------------------------------- */

/* Nothing half-written stays: what is there is a record up to here. */
static void give_up(struct recorder *recorder, int error)
{
    if (recorder->problem.text[0])
        return;
    if (ftruncate(recorder->fd, (off_t)recorder->bytes) != 0)
        error = error ? error : errno; /* then its reader finds that the last chunk is cut off */
    problem_set_errno(&recorder->problem, error, "the record cannot be written on");
}

/* The payload deflated, when that is smaller and not smaller than a reader believes; else as it is. Its length. */
static size_t pack(struct recorder *recorder, const uint8_t **bytes)
{
    const struct wire_out *payload = &recorder->payload;
    *bytes = payload->bytes;
    if (!recorder->deflates || payload->count < DEFLATE_LEAST)
        return payload->count;
    if (recorder->packed_room < payload->count) {
        uint8_t *more = sys_realloc(recorder->packed, payload->room);
        if (!more)
            return payload->count;
        recorder->packed = more;
        recorder->packed_room = payload->room;
    }
    z_stream *stream = &recorder->deflater;
    deflateReset(stream);
    stream->next_in = payload->bytes;
    stream->avail_in = (uInt)payload->count;
    stream->next_out = recorder->packed;
    stream->avail_out = (uInt)payload->count - 1;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return payload->count;
    size_t packed = payload->count - 1 - stream->avail_out;
    if (payload->count > RECORD_DENSITY_FREE && payload->count / RECORD_DENSITY_MAX > packed)
        return payload->count;
    *bytes = recorder->packed;
    return packed;
}

static int write_chunk(struct recorder *recorder, struct chunk_head head, const uint8_t *bytes)
{
    uint8_t head_bytes[RECORD_HEAD_BYTES];
    chunk_head_put(head_bytes, &head);
    head.checksum = chunk_checksum(recorder->checksum, head_bytes, bytes, head.stored_bytes);
    chunk_head_put(head_bytes, &head);
    int error = sys_write_all(recorder->fd, head_bytes, sizeof head_bytes);
    if (!error && head.stored_bytes)
        error = sys_write_all(recorder->fd, bytes, head.stored_bytes);
    if (error)
        return error;
    recorder->checksum = head.checksum;
    recorder->bytes += sizeof head_bytes + head.stored_bytes;
    return 0;
}

void recorder_write(struct recorder *recorder, uint8_t type, uint8_t flags, int lane, uint64_t time_ns)
{
    struct wire_out *payload = &recorder->payload;
    const uint8_t *bytes;
    if (payload->failed || payload->count > RECORD_RAW_MAX)
        give_up(recorder, ENOMEM);
    if (!recorder->problem.text[0]) {
        size_t stored = pack(recorder, &bytes);
        recorder->time_ns = time_ns > recorder->time_ns ? time_ns : recorder->time_ns;
        int error = write_chunk(
            recorder,
            (struct chunk_head){.type = type,
                                .flags = (uint8_t)(flags | (bytes == recorder->packed ? FLAG_DEFLATED : 0)),
                                .lane = (uint8_t)lane,
                                .run = type == CHUNK_MACHINE || type == CHUNK_END ? 0 : recorder->lanes[lane].run,
                                .stored_bytes = (uint32_t)stored,
                                .raw_bytes = (uint32_t)payload->count,
                                .time_ns = recorder->time_ns},
            bytes);
        if (error)
            give_up(recorder, error);
    }
    payload->count = 0;
}

/* --- lifecycle ------------------------------------------------------------------------------------ */

static int write_first_line(struct recorder *recorder)
{
    char line[RECORD_LINE_BYTES_MAX];
    int length = snprintf(line, sizeof line, RECORD_LINE "%d\n", RECORD_VERSION);
    recorder->checksum = (uint32_t)crc32(0, (const uint8_t *)line, (uInt)length);
    recorder->bytes = (uint64_t)length;
    return sys_write_all(recorder->fd, line, (size_t)length);
}

struct recorder *recorder_open(int fd, struct problem *problem)
{
    struct recorder *recorder = sys_alloc_zeroed(1, sizeof *recorder);
    int error = recorder ? 0 : ENOMEM;
    if (recorder) {
        recorder->fd = fd;
        recorder->deflates = deflateInit2(&recorder->deflater, DEFLATE_LEVEL, Z_DEFLATED, DEFLATE_WINDOW, DEFLATE_MEMORY,
                                          Z_DEFAULT_STRATEGY) == Z_OK;
        error = write_first_line(recorder);
    }
    if (!error)
        return recorder;
    problem_set_errno(problem, error, "the record could not be begun");
    if (!recorder)
        close(fd);
    recorder_close(recorder);
    return NULL;
}

void recorder_close(struct recorder *recorder)
{
    if (!recorder)
        return;
    recorder_write(recorder, CHUNK_END, 0, 0, clock_now_ns());
    for (int i = 0; i < RECORD_LANES; i++)
        recorder_forget(&recorder->lanes[i]);
    if (recorder->deflates)
        deflateEnd(&recorder->deflater);
    wire_free(&recorder->payload);
    free(recorder->packed);
    close(recorder->fd);
    free(recorder);
}

const char *recorder_problem(const struct recorder *recorder)
{
    return recorder->problem.text;
}

int recorder_fd(const struct recorder *recorder)
{
    return recorder->fd;
}

/* --- the machine ---------------------------------------------------------------------------------- */

bool recorder_machine_is_due(const struct recorder *recorder, uint64_t now_ns)
{
    return !recorder->problem.text[0] && (!recorder->machine_ns || now_ns - recorder->machine_ns >= MACHINE_EVERY_NS);
}

void recorder_machine(struct recorder *recorder, const struct recorder_machine *machine)
{
    uint64_t now_ns = machine->now_ns;
    if (recorder->problem.text[0])
        return;
    recorder->machine_ns = now_ns;
    struct wire_out *out = &recorder->payload;
    const struct usable_cores *usable = machine->cores;
    wire_number(out, usable->count);
    wire_number(out, usable->online);
    wire_number(out, usable->affinity);
    wire_double(out, usable->quota);
    wire_text(out, usable->quota_file);
    wire_number(out, machine->processes);
    wire_byte(out, machine->origin_running);
    wire_number(out, machine->origin_latency_ms);
    wire_number(out, machine->origin_rate);
    unsigned cores = machine->load->cores < MACHINE_CORES_MAX ? machine->load->cores : MACHINE_CORES_MAX;
    wire_number(out, cores);
    for (unsigned i = 0; i < cores; i++) { /* in halves of a percent; 255: not known */
        double busy = machine->load->busy[i];
        wire_byte(out, busy < 0 ? UINT8_MAX : (uint8_t)(busy > 1 ? 200 : busy * 200 + 0.5));
    }
    recorder_write(recorder, CHUNK_MACHINE, 0, 0, now_ns);
}
