/* format.c - heads of chunks, and structs as fields. See format.h. */
#include "record/format.h"

#include <string.h>
#include <zlib.h>

#include "measure/machine.h"

/* --- heads ---------------------------------------------------------------------------------------- */

enum { HEAD_CHECKED = 24 };

static void put_little(uint8_t *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t take_little(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)from[i] << 8 * i;
    return value;
}

void chunk_head_put(uint8_t out[RECORD_HEAD_BYTES], const struct chunk_head *head)
{
    out[0] = head->type;
    out[1] = head->flags;
    out[2] = head->lane;
    out[3] = 0;
    put_little(out + 4, head->run, 4);
    put_little(out + 8, head->stored_bytes, 4);
    put_little(out + 12, head->raw_bytes, 4);
    put_little(out + 16, head->time_ns, 8);
    put_little(out + HEAD_CHECKED, head->checksum, 4);
}

const char *chunk_head_take(const uint8_t bytes[RECORD_HEAD_BYTES], struct chunk_head *out)
{
    *out = (struct chunk_head){.type = bytes[0],
                               .flags = bytes[1],
                               .lane = bytes[2],
                               .run = (uint32_t)take_little(bytes + 4, 4),
                               .stored_bytes = (uint32_t)take_little(bytes + 8, 4),
                               .raw_bytes = (uint32_t)take_little(bytes + 12, 4),
                               .time_ns = take_little(bytes + 16, 8),
                               .checksum = (uint32_t)take_little(bytes + HEAD_CHECKED, 4)};
    if (out->type < CHUNK_RUN || out->type >= CHUNK_TYPE_COUNT || out->flags & ~FLAGS_ALL || bytes[3])
        return "the kind";
    if (out->lane >= RECORD_LANES)
        return "the lane";
    if (out->raw_bytes > RECORD_RAW_MAX || out->stored_bytes > out->raw_bytes)
        return "the length";
    if (!(out->flags & FLAG_DEFLATED) && out->stored_bytes != out->raw_bytes)
        return "the length";
    if (out->raw_bytes > RECORD_DENSITY_FREE && out->raw_bytes / RECORD_DENSITY_MAX > out->stored_bytes)
        return "the length";
    return NULL;
}

uint32_t chunk_checksum(uint32_t before, const uint8_t head[RECORD_HEAD_BYTES], const uint8_t *payload, size_t bytes)
{
    uLong sum = crc32(before, head, HEAD_CHECKED);
    return (uint32_t)(bytes ? crc32(sum, payload, (uInt)bytes) : sum);
}

/* --- fields --------------------------------------------------------------------------------------- */

/* Where a field lies in its struct, and how large it is. A bool is told from a byte: only 0 and 1 may be put into it. */
struct field {
    uint16_t offset;
    uint8_t bytes;
    bool is_bool;
};

#define FIELD(type, member)                                                                                                 \
    {                                                                                                                       \
        offsetof(type, member), sizeof(((type *)0)->member), _Generic(((type *)0)->member, bool : true, default : false)    \
    }
#define FRAME(member) FIELD(struct record_frame, member)
#define SLOT(member) FIELD(struct slot_data, member)
#define TASK(member) FIELD(struct task_state, member)
#define RESULT(member) FIELD(struct job_result, member)

/* Each only grows at its end. */
static const struct field frame_fields[] = {
    FRAME(snap.now_ns),
    FRAME(snap.wall_ns),
    FRAME(snap.bytes),
    FRAME(snap.wire_bytes),
    FRAME(snap.bytes_per_s),
    FRAME(snap.left_s),
    FRAME(snap.attempts),
    FRAME(snap.executing),
    FRAME(snap.alive),
    FRAME(snap.state),
    FRAME(snap.executor.width),
    FRAME(snap.start_ns),
    FRAME(snap.paused_ns),
    FRAME(snap.killed),
    FRAME(snap.restarts),
    FRAME(snap.slots),
    FRAME(snap.runner.start_ns),
    FRAME(snap.runner.end_ns),
    FRAME(snap.runner.batch),
    FRAME(snap.runner.alive),
    FRAME(snap.runner.made),
    FRAME(snap.runner.make_ns),
    FRAME(snap.runner.make_failed),
    FRAME(snap.runner.outcome_known),
    FRAME(snap.runner.expected),
    FRAME(snap.runner.got),
    FRAME(snap.gil.interval_ns),
    FRAME(snap.gil.holder),
    FRAME(snap.gil.since_ns),
    FRAME(snap.gil.held_ns),
    FRAME(snap.gil.taken),
    FRAME(snap.gil.switches),
    FRAME(snap.gil.asked),
    FRAME(snap.cpu_ns),
    FRAME(snap.memory.private_bytes),
    FRAME(snap.memory.shared_bytes),
    FRAME(snap.memory.together_bytes),
    FRAME(snap.memory.worker_bytes),
    FRAME(snap.memory.processes),
    FRAME(snap.memory.estimated),
    FRAME(snap.lost_events),
    FRAME(snap.runner_pid),
    FRAME(sampled_every_ns),
    FRAME(disturbed),
    FRAME(snap.paused_since_ns),
    FRAME(snap.runner.hung),
};

static const struct field slot_fields[] = {
    SLOT(phase),
    SLOT(phase_since_ns),
    SLOT(job),
    SLOT(job_since_ns),
    SLOT(done),
    SLOT(total),
    SLOT(attempt),
    SLOT(bytes),
    SLOT(jobs),
    SLOT(account_ns[ACCOUNT_ON_CORE]),
    SLOT(account_ns[ACCOUNT_READY]),
    SLOT(account_ns[ACCOUNT_IO]),
    SLOT(account_ns[ACCOUNT_LOCK]),
    SLOT(account_ns[ACCOUNT_BARRIER]),
    SLOT(account_ns[ACCOUNT_NO_WORK]),
    SLOT(account_upto_ns),
    SLOT(pid),
    SLOT(tid),
    SLOT(generation),
    SLOT(kind),
    SLOT(born_ns),
    SLOT(ready_known),
    SLOT(exit),
    SLOT(exit_signal),
    SLOT(died_ns),
    SLOT(killed),
    SLOT(hung_ns),
};

static const struct field task_fields[] = {
    TASK(letter),
    TASK(no_core),
    TASK(core),
};

static const struct field result_fields[] = {
    RESULT(start_ns), RESULT(end_ns), RESULT(cpu_ns), RESULT(attempts), RESULT(bytes), RESULT(http_status), RESULT(flags),
    RESULT(primes),   RESULT(bits),   RESULT(digits), RESULT(head),     RESULT(tail),  RESULT(worker),      RESULT(counted),
};

#define TABLE(fields)                                                                                                       \
    {                                                                                                                       \
        fields, sizeof(fields) / sizeof *(fields)                                                                           \
    }
static const struct {
    const struct field *fields;
    size_t count;
} tables[TABLE_COUNT] = {
    [TABLE_FRAME] = TABLE(frame_fields),
    [TABLE_SLOT] = TABLE(slot_fields),
    [TABLE_TASK] = TABLE(task_fields),
    [TABLE_RESULT] = TABLE(result_fields),
};
_Static_assert(sizeof frame_fields / sizeof *frame_fields <= 64 && sizeof slot_fields / sizeof *slot_fields <= 64,
               "a mask has 64 bits");

size_t table_fields(enum record_table table)
{
    return tables[table].count;
}

static uint64_t field_get(const struct field *field, const void *object)
{
    const uint8_t *at = (const uint8_t *)object + field->offset;
    uint64_t whole;
    uint32_t half;
    switch (field->bytes) {
    case 8: memcpy(&whole, at, sizeof whole); return whole;
    case 4: memcpy(&half, at, sizeof half); return half;
    default: return *at;
    }
}

static void field_set(const struct field *field, void *object, uint64_t value)
{
    uint8_t *at = (uint8_t *)object + field->offset;
    uint32_t half = (uint32_t)value;
    switch (field->bytes) {
    case 8: memcpy(at, &value, sizeof value); break;
    case 4: memcpy(at, &half, sizeof half); break;
    default: *at = field->is_bool ? value != 0 : (uint8_t)value;
    }
}

bool table_put(struct wire_out *out, enum record_table table, const void *now, const void *before)
{
    const struct field *fields = tables[table].fields;
    size_t count = tables[table].count;
    uint64_t mask = 0, old[64];
    for (size_t i = 0; i < count; i++) {
        old[i] = before ? field_get(&fields[i], before) : 0;
        if (field_get(&fields[i], now) != old[i])
            mask |= UINT64_C(1) << i;
    }
    wire_number(out, mask);
    for (size_t i = 0; i < count; i++)
        if (mask >> i & 1)
            wire_change(out, field_get(&fields[i], now), old[i]);
    return mask;
}

bool table_differs(enum record_table table, const void *a, const void *b)
{
    for (size_t i = 0; i < tables[table].count; i++)
        if (field_get(&tables[table].fields[i], a) != field_get(&tables[table].fields[i], b))
            return true;
    return false;
}

void table_take(struct wire_in *in, enum record_table table, size_t fields, void *object)
{
    uint64_t mask = wire_take_number(in);
    if (fields < 64 && mask >> fields)
        in->bad = true;
    for (size_t i = 0; i < 64 && mask >> i && !in->bad; i++) {
        if (!(mask >> i & 1))
            continue;
        const struct field *field = i < tables[table].count ? &tables[table].fields[i] : NULL;
        uint64_t value = wire_take_change(in, field ? field_get(field, object) : 0);
        if (field && !in->bad)
            field_set(field, object, value);
    }
}
