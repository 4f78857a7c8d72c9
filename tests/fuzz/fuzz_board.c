/* fuzz_board.c - a board that somebody scribbles over: every snapshot is in range all the same, and a job that was final stays as it was.
 * fuzz: runs 12000
 *
 * The input is a list of scribbles, 11 bytes each: which part, where, and what is written there. */
#include "tests/fuzz/scribbled.h"
#include "tests/fuzz/snapshot_check.h"

enum { JOBS = SCRIBBLED_JOBS, PARTS = SCRIBBLED_PARTS + 1, LOOKS_MAX = 16 };

static void scribble(struct run *run, const uint8_t **data, size_t *size)
{
    struct board *board = run->crew.board;
    unsigned part = fuzz_byte(data, size);
    size_t at = fuzz_byte(data, size);
    at |= (size_t)fuzz_byte(data, size) << 8;
    uint64_t value = fuzz_number(data, size), words;
    if (part % PARTS == PARTS - 1) {
        atomic_store(&board->mode, (uint32_t)value);
        return;
    }
    size_t count;
    _Atomic uint64_t *word = scribbled_part(board, part % PARTS, &count);
    words = part & 0x40 ? count : 1; /* the whole part, or one word of it */
    for (size_t i = 0; i < words; i++)
        atomic_store(&word[(at + i) % count], value);
}

static size_t count_alive(const struct snapshot *snap)
{
    size_t alive = 0;
    for (size_t i = 0; i < snap->slots; i++)
        alive += snap->workers[i].alive;
    return alive;
}

static void look(struct run *run, struct job_snapshot before[JOBS])
{
    struct snapshot snap;
    run_note_pause(run, clock_now_ns());
    run_drain_events(run);
    run_snapshot(run, &snap);
    check_snapshot(&snap);
    FUZZ_CHECK(snap.alive == count_alive(&snap));
    for (size_t i = 0; i < JOBS; i++)
        if (job_state_is_final(before[i].word.state))
            FUZZ_CHECK(memcmp(&before[i], &snap.results[i], sizeof before[i]) == 0);
    memcpy(before, snap.results, JOBS * sizeof *before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run;
    struct job_set set;
    struct job_snapshot before[JOBS] = {0};
    scribbled_open(&run, &set, fuzz_byte(&data, &size));
    for (int i = 0; size && i < LOOKS_MAX; i++) {
        for (unsigned count = 1U + fuzz_byte(&data, &size) % 8; count && size; count--)
            scribble(&run, &data, &size);
        look(&run, before);
    }
    scribbled_close(&run);
    return 0;
}
