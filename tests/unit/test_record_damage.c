/* test_record_damage.c - a damaged record shows no more than what is sound of it; and what is no record. test: limit 240 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "played_record.h"

enum { MUTATIONS = 3000 };

static bool same_view(const struct reel_view *a, const struct reel_view *b)
{
    const struct record_frame left = {.snap = a->snap}, right = {.snap = b->snap};
    if (table_differs(TABLE_FRAME, &left, &right) || a->snap.done != b->snap.done)
        return false;
    for (size_t i = 0; i < a->snap.slots; i++)
        if (memcmp(&a->snap.workers[i].data, &b->snap.workers[i].data, sizeof a->snap.workers[i].data) != 0)
            return false;
    for (size_t i = 0; i < JOBS; i++)
        if (job_word_pack(a->snap.results[i].word) != job_word_pack(b->snap.results[i].word))
            return false;
    return true;
}

/* What is left of a spoilt record opens, says so, and shows what the whole one shows. True: it opened. */
static bool check_spoilt(struct bytes bytes, struct reel *whole, const char *word)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_bytes(bytes.at, bytes.count, &problem);
    struct reel_view left, right;
    if (!reel) {
        assert_string_not_equal(problem.text, "");
        return false;
    }
    assert_non_null(strstr(reel_damage(reel), word));
    assert_true(reel_end_ns(reel) <= reel_end_ns(whole));
    look(reel, reel_end_ns(reel), &left);
    look(whole, reel_end_ns(reel), &right);
    assert_true(left.snap.slots == 0 || same_view(&left, &right)); /* cut off before its first sample, it shows less */
    look(reel, UINT64_MAX, &left);
    reel_close(reel);
    return true;
}

static void a_cut_one_plays_up_to_there(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct reel *whole = open_record(bytes);
    size_t opened = 0;
    for (size_t count = 0; count < bytes.count; count++) {
        uint8_t *copy = malloc(count + 1); /* so that ASan sees who reads past it */
        memcpy(copy, bytes.at, count);
        opened += check_spoilt((struct bytes){copy, count}, whole, "cut off");
        free(copy);
    }
    assert_true(opened > bytes.count * 9 / 10);
    reel_close(whole);
    free(bytes.at);
}

static void a_flipped_bit_is_found(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct bytes spoilt = {.at = malloc(bytes.count), .count = bytes.count};
    struct reel *whole = open_record(bytes);
    for (size_t i = 0; i < bytes.count; i++) {
        memcpy(spoilt.at, bytes.at, bytes.count);
        spoilt.at[i] ^= (uint8_t)(1 << chance(8));
        check_spoilt(spoilt, whole, "the record is ");
    }
    reel_close(whole);
    free(spoilt.at);
    free(bytes.at);
}

/* The chunks of a record, from where they begin; and the end of the last one. */
static size_t chunks_of(struct bytes bytes, size_t *offsets, size_t room)
{
    size_t count = 0, offset = (size_t)((uint8_t *)memchr(bytes.at, '\n', bytes.count) + 1 - bytes.at);
    while (offset < bytes.count) {
        struct chunk_head head;
        assert_null(chunk_head_take(bytes.at + offset, &head));
        assert_true(count + 1 < room);
        offsets[count++] = offset;
        offset += RECORD_HEAD_BYTES + head.stored_bytes;
    }
    offsets[count] = offset;
    return count;
}

static void chunks_that_are_moved_are_found(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[25];
    size_t offsets[64];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 25);
    struct reel *whole = open_record(bytes);
    size_t count = chunks_of(bytes, offsets, 64);
    struct bytes spoilt = {.at = malloc(2 * bytes.count)};
    for (size_t i = 2; i + 1 < count; i++) { /* one is missing */
        memcpy(spoilt.at, bytes.at, offsets[i]);
        memcpy(spoilt.at + offsets[i], bytes.at + offsets[i + 1], bytes.count - offsets[i + 1]);
        spoilt.count = bytes.count - (offsets[i + 1] - offsets[i]);
        assert_true(check_spoilt(spoilt, whole, "the checksum of chunk "));
    }
    memcpy(spoilt.at, bytes.at, bytes.count); /* the same again behind its end */
    memcpy(spoilt.at + bytes.count, bytes.at, bytes.count);
    spoilt.count = 2 * bytes.count;
    assert_true(check_spoilt(spoilt, whole, "something follows its end"));
    reel_close(whole);
    free(spoilt.at);
    free(bytes.at);
}

/* A record with payloads that are not what a recorder writes, and checksums that are right: chunk number `target` has `raw` in it. */
static struct bytes forge(struct bytes from, size_t target, const uint8_t *raw, size_t raw_bytes)
{
    struct reel_source source = {.bytes = from.at, .count = from.count, .fd = -1};
    size_t offsets[256], count = chunks_of(from, offsets, 256);
    struct bytes out = {.at = malloc(from.count * 64 + raw_bytes + 4096), .count = offsets[0]};
    uint32_t before = (uint32_t)crc32(0, from.at, (uInt)offsets[0]), checksum = before;
    memcpy(out.at, from.at, offsets[0]);
    for (size_t i = 0; i < count; i++) {
        struct chunk_head head;
        struct wire_in in;
        const char *what;
        assert_int_equal(source_chunk(&source, offsets[i], before, &head, &in, &what), SOURCE_CHUNK);
        before = head.checksum;
        const uint8_t *payload = i == target ? raw : in.at;
        head.stored_bytes = head.raw_bytes = (uint32_t)(i == target ? raw_bytes : wire_left(&in));
        head.flags &= (uint8_t)~FLAG_DEFLATED;
        chunk_head_put(out.at + out.count, &head);
        head.checksum = checksum = chunk_checksum(checksum, out.at + out.count, payload, head.stored_bytes);
        chunk_head_put(out.at + out.count, &head);
        out.count += RECORD_HEAD_BYTES;
        if (head.stored_bytes)
            memcpy(out.at + out.count, payload, head.stored_bytes);
        out.count += head.stored_bytes;
    }
    source_close(&source);
    return out;
}

/* Looks at all that can be looked at. */
static void walk(struct reel *reel)
{
    struct reel_view view;
    struct reel_machine machine;
    uint64_t begin_ns = reel_begin_ns(reel), length_ns = reel_end_ns(reel) - begin_ns;
    for (unsigned i = 0; i <= 8; i++)
        for (int lane = 0; lane < RECORD_LANES; lane++)
            if (reel_look(reel, lane, begin_ns + length_ns / 8 * i, &view) == 0 && view.run) {
                assert_true(view.snap.queued + view.snap.running + view.snap.done + view.snap.failed + view.snap.poisoned ==
                            view.snap.jobs);
                for (size_t slot = 0; slot < view.snap.slots; slot++)
                    assert_true(view.snap.workers[slot].data.phase < PHASE_COUNT &&
                                view.snap.workers[slot].data.job <= view.snap.jobs);
            }
    reel_machine(reel, begin_ns, &machine);
    reel_next_event(reel, begin_ns);
}

static size_t payload_of(struct bytes from, size_t target, uint8_t *out, size_t room)
{
    struct reel_source source = {.bytes = from.at, .count = from.count, .fd = -1};
    size_t offsets[256];
    uint32_t before;
    struct chunk_head head;
    struct wire_in in;
    const char *what;
    chunks_of(from, offsets, 256);
    before = (uint32_t)crc32(0, from.at, (uInt)offsets[0]);
    for (size_t i = 0; i <= target; i++) {
        assert_int_equal(source_chunk(&source, offsets[i], before, &head, &in, &what), SOURCE_CHUNK);
        before = head.checksum;
    }
    size_t bytes = wire_left(&in);
    assert_true(bytes <= room);
    memcpy(out, in.at, bytes);
    source_close(&source);
    return bytes;
}

/* A forger knows how to make a checksum: nothing that then stands in a chunk may break anything. */
static void what_is_forged_breaks_nothing(void **state)
{
    (void)state;
    static struct play play;
    static struct moment moments[12];
    size_t offsets[64], opened = 0, damaged = 0;
    uint8_t payload[1 << 16];
    seed_chance();
    struct bytes bytes = make_record(&play, moments, 12);
    size_t count = chunks_of(bytes, offsets, 64);
    for (size_t i = 0; i < MUTATIONS; i++) {
        size_t target = (size_t)chance(count);
        size_t length = payload_of(bytes, target, payload, sizeof payload - 16);
        for (uint64_t n = 1 + chance(4); n > 0 && length; n--)
            payload[chance(length)] = (uint8_t)(chance(2) ? chance(256) : 0xff);
        length = chance(4) ? length : chance(length + 8);
        struct bytes forged = forge(bytes, target, payload, length);
        struct problem problem;
        struct reel *reel = reel_open_bytes(forged.at, forged.count, &problem);
        opened += reel != NULL;
        damaged += reel && reel_damage(reel)[0];
        if (reel)
            walk(reel);
        reel_close(reel);
        free(forged.at);
    }
    assert_true(opened > MUTATIONS / 2 && damaged > MUTATIONS / 10);
    free(bytes.at);
}

/* Nobody draws a worker that is alive where nobody ever sat. */
static void a_worker_in_no_seat_is_not_believed(void **state)
{
    (void)state;
    static struct play play;
    struct problem problem;
    struct reel_view view;
    int fd = memfd_create("record", MFD_CLOEXEC);
    struct recorder *recorder = recorder_open(dup(fd), &problem);
    play_init(&play, clock_now_ns());
    recorder_begin(recorder, &(struct recorder_run){.lane = 0}, &play.snap);
    play.snap.now_ns += NS_PER_S;
    recorder_sample(recorder, 0, &play.snap, NULL, 0, false);
    play.snap.now_ns += NS_PER_S;
    play.workers[2] = (struct worker_snapshot){.alive = true, .used = false};
    recorder_sample(recorder, 0, &play.snap, NULL, 0, false);
    recorder_close(recorder);
    struct reel *reel = reel_open_fd(fd, &problem);
    assert_non_null(reel);
    assert_non_null(strstr(reel_damage(reel), "a seat"));
    look(reel, UINT64_MAX, &view);
    assert_false(view.snap.workers[2].alive);
    reel_close(reel);
}

/* A chunk cannot say that it is far larger than it is. */
static void what_claims_too_much_is_not_believed(void **state)
{
    (void)state;
    const struct chunk_head heads[] = {
        {.type = CHUNK_SAMPLE, .flags = FLAG_DEFLATED, .stored_bytes = 100, .raw_bytes = 1 << 20},
        {.type = CHUNK_SAMPLE, .stored_bytes = UINT32_MAX, .raw_bytes = UINT32_MAX},
        {.type = CHUNK_SAMPLE, .stored_bytes = 10, .raw_bytes = 11},
        {.type = CHUNK_SAMPLE, .stored_bytes = 11, .raw_bytes = 10, .flags = FLAG_DEFLATED},
        {.type = CHUNK_SAMPLE, .lane = RECORD_LANES},
        {.type = CHUNK_TYPE_COUNT},
        {.type = 0},
        {.type = CHUNK_SAMPLE, .flags = 0x80},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        uint8_t bytes[RECORD_HEAD_BYTES];
        struct chunk_head head;
        chunk_head_put(bytes, &heads[i]);
        assert_non_null(chunk_head_take(bytes, &head));
    }
}

/* --- what is no record ---------------------------------------------------------------------------------------------- */

static void what_is_no_record_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *word;
    } cases[] = {{"", "empty"},
                 {"{\"version\": 1}\n", "no record"},
                 {"juggler record 2\n", "version 2, and this juggler reads version 1"},
                 {"juggler record 10\n", "version 10"},
                 {"juggler record 1", "no record"},
                 {"juggler record \n", "no record"},
                 {"juggler record 1x\n", "no record"},
                 {"juggler record 1\n", "no run"},
                 {"juggler record 1\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "no run"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem = {.text = ""};
        assert_null(reel_open_bytes(cases[i].bytes, strlen(cases[i].bytes), &problem));
        assert_non_null(strstr(problem.text, cases[i].word));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_one_plays_up_to_there),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(chunks_that_are_moved_are_found),
        cmocka_unit_test(what_is_forged_breaks_nothing),
        cmocka_unit_test(what_claims_too_much_is_not_believed),
        cmocka_unit_test(a_worker_in_no_seat_is_not_believed),
        cmocka_unit_test(what_is_no_record_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
