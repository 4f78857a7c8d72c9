/* fuzz_record.c - a record that anybody may have made: it is refused with a sentence, or whatever is seen of it at any moment is in range.
 * fuzz: runs 8000
 *
 * Checksums would keep nearly everything from the readers behind them, so they are put right first: what is tried is what a record says, as
 * somebody would write it who knows the format. As it came it is tried, too. */
#include <zlib.h>

#include "base/problem.h"
#include "record/format.h"
#include "record/reel.h"
#include "tests/fuzz/snapshot_check.h"

enum { EVENTS_MAX = 24 };

static void mend(uint8_t *bytes, size_t count)
{
    uint8_t *newline = count ? memchr(bytes, '\n', count < RECORD_LINE_BYTES_MAX ? count : RECORD_LINE_BYTES_MAX) : NULL;
    if (!newline)
        return;
    size_t at = (size_t)(newline - bytes) + 1;
    uint32_t checksum = (uint32_t)crc32(0, bytes, (uInt)at);
    while (count - at >= RECORD_HEAD_BYTES) {
        struct chunk_head head;
        if (chunk_head_take(bytes + at, &head) || head.stored_bytes > count - at - RECORD_HEAD_BYTES)
            return;
        head.checksum = checksum = chunk_checksum(checksum, bytes + at, bytes + at + RECORD_HEAD_BYTES, head.stored_bytes);
        chunk_head_put(bytes + at, &head);
        at += RECORD_HEAD_BYTES + head.stored_bytes;
    }
}

static void check_view(const struct reel_view *view)
{
    if (!view->run)
        return;
    check_snapshot(&view->snap);
    FUZZ_CHECK(view->snap.set && view->snap.set->count == view->snap.jobs && view->snap.jobs == view->run->jobs);
    FUZZ_CHECK(view->timeline && (view->tasks || !view->snap.slots));
    for (size_t i = 0; i < view->snap.jobs && view->snap.set->inputs; i++)
        FUZZ_CHECK(!view->snap.set->inputs[i].text || strlen(view->snap.set->inputs[i].text) <= RECORD_TEXT_MAX);
}

static void look(struct reel *reel, uint64_t time_ns)
{
    struct reel_view view;
    struct reel_machine machine;
    for (int lane = 0; lane < RECORD_LANES; lane++)
        if (reel_look(reel, lane, time_ns, &view) == 0)
            check_view(&view);
    if (!reel_machine(reel, time_ns, &machine))
        return;
    FUZZ_CHECK(machine.load.cores <= MACHINE_CORES_MAX);
    for (unsigned i = 0; i < machine.load.cores; i++)
        FUZZ_CHECK(machine.load.busy[i] <= 1);
    FUZZ_CHECK(!machine.cores.quota_file || fuzz_is_plain(machine.cores.quota_file));
}

static void check_run(struct reel *reel, size_t index)
{
    const struct reel_run *run = reel_run(reel, index);
    struct reel_view view;
    FUZZ_CHECK(run && run->lane >= 0 && run->lane < RECORD_LANES && (unsigned)run->work < WORK_COUNT);
    FUZZ_CHECK(run->list && run->output_dir && run->cores && run->begin_ns <= run->end_ns);
    FUZZ_CHECK(fuzz_is_plain(run->list) && fuzz_is_plain(run->output_dir) && fuzz_is_plain(run->cores));
    if (reel_look_at_run(reel, index, run->end_ns, &view) == 0)
        check_view(&view);
    if (reel_look_at_run(reel, index, run->begin_ns, &view) == 0)
        check_view(&view);
}

static void watch(struct reel *reel)
{
    uint64_t begin_ns = reel_begin_ns(reel), end_ns = reel_end_ns(reel), at_ns = begin_ns;
    FUZZ_CHECK(begin_ns <= end_ns && reel_runs(reel) > 0 && fuzz_is_plain(reel_damage(reel)));
    look(reel, end_ns);
    look(reel, begin_ns + (end_ns - begin_ns) / 2);
    look(reel, 0);
    look(reel, UINT64_MAX);
    for (int i = 0; i < EVENTS_MAX; i++) {
        uint64_t next_ns = reel_next_event(reel, at_ns);
        if (!next_ns)
            break;
        FUZZ_CHECK(next_ns > at_ns);
        look(reel, at_ns = next_ns);
    }
    uint64_t last_ns = reel_last_event(reel, end_ns);
    FUZZ_CHECK(last_ns < end_ns || !last_ns);
    for (size_t i = 0; i < reel_runs(reel) && i < 8; i++)
        check_run(reel, i);
}

static void open_and_watch(const uint8_t *bytes, size_t count)
{
    struct problem problem = {.text = ""};
    struct reel *reel = reel_open_bytes(bytes, count, &problem);
    FUZZ_CHECK(reel || problem.text[0]);
    if (reel)
        watch(reel);
    reel_close(reel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = (uint8_t *)fuzz_text(data, size);
    open_and_watch(bytes, size);
    mend(bytes, size);
    open_and_watch(bytes, size);
    free(bytes);
    return 0;
}
