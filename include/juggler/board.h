/* board.h - the status board: one memfd a run, shared by the app, the runner and every worker.
 *
 * It carries what is going on, never what is true: the app keeps inputs and results privately and checks
 * the range of everything it reads here. There is nothing in it but fixed-width atomic integers and
 * bytes: offsets instead of pointers, no locks, no names in the file system. Mapped before any fork, so every process of a
 * run sees it at the same place and the last one to die takes it along.
 *
 *   part            written by                            read by
 *   control words   app (mode, wanted, wake, kill)        runner, workers
 *   runner words    runner                                app
 *   job words       whoever holds the job (CAS)           all
 *   job results     the worker that holds the job         app, once the word says it is final
 *   slots, rings    the worker in the slot; the runner    app (of a ring the app writes how far it has drained; of a slot the
 *                   before it starts and after it ended   runner writes since when its worker is silent)
 *
 * THE JOB WORD: one 64-bit word {state, deaths, owner slot, generation} moved by compare-and-swap only:
 *     QUEUED -> RUNNING -> DONE | FAILED | POISONED, and RUNNING -> QUEUED when its worker died or was stopped.
 * To recover a dead worker's job is one compare-and-swap by whoever reaped the worker; nothing else has to
 * be put right, because no count is kept beside the words: "all done" is read off the words themselves.
 * A job goes back to the queue only after its worker has been reaped, so a result has one writer.
 *
 * THE SLOT: one page a worker, under a sequence lock with an atomic payload (Lamport 1977; PostgreSQL's
 * backend status array is the best-known use). The writer makes the count odd, stores the payload words
 * with release, makes the count even. The reader:
 *     for a bounded number of tries:
 *         before = load-acquire(seq); if odd, try again
 *         copy the words with load-acquire
 *         if load-acquire(seq) == before, the copy is steady
 *     else: keep the last good copy and mark it stale (a writer may have died half-way).
 * Release stores and acquire loads on every word instead of fences, so that ThreadSanitizer can check it
 * and nothing can drift out of the section. */
#ifndef JUGGLER_BOARD_H
#define JUGGLER_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "juggler/phase.h"

struct problem;

enum {
    BOARD_WORKERS_MAX = 8192, /* slots a board can have; what a slot number can say is 65,535 */
    BOARD_JOBS_MAX = 1000000, /* jobs a board can have */
    BOARD_NOTE_BYTES = 128,   /* an error in words, with its final NUL */
    BOARD_PAGE_BYTES = 4096,
    BOARD_READ_TRIES = 64 /* a reader's patience with a slot */
};

/* --- the job word ------------------------------------------------------------------------------- */

enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_POISONED, JOB_STATE_COUNT };

struct job_word {
    enum job_state state;
    unsigned deaths;     /* 0 ... 255: workers that died while they ran this job */
    unsigned slot;       /* 0 ... 65,535: the owner's slot, while RUNNING and after */
    uint32_t generation; /* of the owner in that slot: tells a late worker from its successor */
};

uint64_t job_word_pack(struct job_word word);
struct job_word job_word_unpack(uint64_t packed); /* a state out of range reads as JOB_QUEUED's */
bool job_state_is_final(enum job_state state);
const char *job_state_word(enum job_state state); /* "queued", "running", "done", "failed", "poisoned" */

/* --- a job's result ----------------------------------------------------------------------------- */

/* What a job came to. Plain data; on the board it lies as atomic words. Times are CLOCK_MONOTONIC. */
struct job_result {
    uint64_t start_ns; /* when a worker first took the job */
    uint64_t end_ns;
    uint64_t cpu_ns;      /* CPU time its worker spent on it */
    uint64_t attempts;    /* tries, the first one included */
    uint64_t bytes;       /* download: bytes of the body */
    uint64_t http_status; /* download: the last status, 0 if none came */
    uint64_t flags;       /* JOB_FLAG_... */
    uint64_t primes;      /* primes: how many */
    uint64_t bits;        /* primes: length of the product */
    uint64_t digits;      /* primes: decimal digits of the product */
    uint64_t head;        /* primes: the first 12 digits, or all of them */
    uint64_t tail;        /* primes: the last 12 digits, as a number: leading zeros are implied */
    uint64_t worker;      /* the slot it was done in */
    uint64_t counted;     /* counter: what it read behind the last add, in the process that made it */
    uint64_t reserved[2];
    char note[BOARD_NOTE_BYTES]; /* why it failed, fit to show; "" when it did not */
};

enum {
    JOB_FLAG_LENGTH_UNVERIFIED = 1, /* whole as far as one can tell: the server never said how long it is */
    JOB_FLAG_KEPT = 2,              /* --no-clobber: the file was there already */
    JOB_FLAG_FOLDER_FULL = 4 /* failed because the output folder takes no more files, and it will take no other one either */
};

/* --- a worker's slot ---------------------------------------------------------------------------- */

enum account_column { /* the account of time; their sum is the worker's wall time */
                      ACCOUNT_ON_CORE,
                      ACCOUNT_READY,
                      ACCOUNT_IO,
                      ACCOUNT_LOCK,
                      ACCOUNT_BARRIER,
                      ACCOUNT_NO_WORK,
                      ACCOUNT_COLUMNS
};

enum worker_exit { WORKER_EXIT_NONE, WORKER_EXIT_FINISHED, WORKER_EXIT_LEFT, WORKER_EXIT_STOPPED, WORKER_EXIT_KILLED };
const char *worker_exit_word(enum worker_exit how); /* "running", "finished", "left", "stopped", "killed" */

/* What a worker is made of. A transfer is one of many that the runner's own thread keeps in flight: its pid and tid are the runner's. */
enum worker_kind { WORKER_THREAD, WORKER_PROCESS, WORKER_TRANSFER, WORKER_KIND_COUNT };
const char *worker_kind_word(enum worker_kind kind); /* "thread", "process", "transfer" */
char worker_kind_letter(enum worker_kind kind); /* of its name on screens and in reports: t1, p1, e1 (of the event loop) */

/* A seat's record. "Seat", because a batch puts a new worker into the same slot every round, and a dead
 * worker's successor sits down in its place: the account and the counts go on, pid, tid and generation change. */
struct slot_data {
    uint64_t phase;          /* enum phase */
    uint64_t phase_since_ns; /* CLOCK_MONOTONIC */
    uint64_t job;            /* index + 1; 0: none */
    uint64_t job_since_ns;
    uint64_t attempt; /* of this job, from 1 */
    uint64_t done;    /* progress of this job: bytes, or units of time-like work */
    uint64_t total;   /* the same at its end; 0: not known */
    uint64_t bytes;   /* bytes this seat has received since the run began */
    uint64_t pid;
    uint64_t tid;
    uint64_t generation;                  /* which worker of this seat it is, from 1 */
    uint64_t kind;                        /* enum worker_kind */
    uint64_t born_ns;                     /* when the first worker sat down here */
    uint64_t account_ns[ACCOUNT_COLUMNS]; /* exact up to account_upto_ns */
    uint64_t account_upto_ns;
    uint64_t ready_known; /* 0: this kernel does not tell run delay; account_ns[ACCOUNT_READY] is then 0 and unknown */
    uint64_t jobs;        /* jobs ended here, done or failed */
    uint64_t exit;        /* enum worker_exit */
    uint64_t exit_signal; /* when killed */
    uint64_t died_ns;     /* when the last one that was killed here died; 0: none was */
    uint64_t killed;      /* workers of this seat that were killed */
    uint64_t hung_ns;     /* the last of them had given no sign of life for so long, and was killed for it; 0: it had */
};

/* One change of phase. 16 bytes. */
struct board_event {
    uint64_t time_ns;
    uint32_t job; /* index + 1; 0: none */
    uint32_t phase;
};

/* --- control ------------------------------------------------------------------------------------ */

enum board_mode {
    BOARD_RUN,   /* workers take jobs and work */
    BOARD_PAUSE, /* nobody takes a job, and running ones hold at their next checkpoint */
    BOARD_STEP,  /* runs until one more job has been taken, and is PAUSE from then on */
    BOARD_DRAIN, /* nobody takes a job, and running ones go on to their end: the output folder takes no more (set by a worker) */
    BOARD_STOP, /* give the job in hand back and leave */
    BOARD_OVER  /* every job is final: leave (set by the runner) */
};

struct board_size {
    size_t jobs;    /* 0 ... BOARD_JOBS_MAX */
    size_t slots;   /* 1 ... BOARD_WORKERS_MAX: numbers a slot can have */
    size_t reserve; /* of these, so many have their memory from the start; the others get it from board_reserve */
};

struct board;

/* Maps a new board; its pages are allocated now, so that a full memory says so here and not by SIGBUS later.
 * NULL on failure, with the cause in problem. App only. */
struct board *board_new(struct board_size size, struct problem *problem);
/* Sees to it that slots 0 ... slots - 1 have their memory, before anybody sits down there. 0 or an errno. App only. */
int board_reserve(struct board *board, size_t slots);
/* Unmaps it. NULL is fine. */
void board_free(struct board *board);
/* In a forked worker: takes away the right to write any slot but its own. Best effort. */
void board_protect(struct board *board, size_t slot);

size_t board_jobs(const struct board *board);
size_t board_slots(const struct board *board);

/* Control words. Setters: app (and the runner for BOARD_OVER, a worker for BOARD_DRAIN). Every change bumps the wake word and wakes all sleepers. */
enum board_mode board_mode(const struct board *board);
void board_set_mode(struct board *board, enum board_mode mode);
/* From RUN or STEP to DRAIN; all else stays. Worker. */
void board_drain(struct board *board);
unsigned board_wanted(const struct board *board);
void board_set_wanted(struct board *board, unsigned workers);
/* One kill that the person asked for: of the worker in this slot, if it is still that generation. App. False: the runner has not taken
 * the last one yet, and nothing was changed. */
bool board_ask_kill(struct board *board, unsigned slot, uint32_t generation);
/* Takes it. False: there is none. Runner. */
bool board_take_kill(struct board *board, unsigned *slot, uint32_t *generation);
/* Sleeps until the wake word differs from seen, or timeout_ns has passed. Spurious returns happen. Any worker. */
uint32_t board_wake_word(const struct board *board);
void board_sleep(struct board *board, uint32_t seen, uint64_t timeout_ns);
void board_wake_all(struct board *board);

/* Words of the runner: one writer, the runner. Times are CLOCK_MONOTONIC. */
struct runner_words {
    uint64_t start_ns;                     /* when it was ready to make the first worker; 0: not yet */
    uint64_t end_ns;                       /* when the last worker had been joined; 0: not yet */
    uint64_t batch;                        /* which batch, from 1; 0: the strategy has none */
    uint64_t alive;                        /* workers that exist now */
    uint64_t made;                         /* workers made so far */
    uint64_t make_ns;                      /* time spent making them (pthread_create or fork, the caller's side) */
    uint64_t make_failed;                  /* errno of the last worker that could not be made; 0: none */
    uint64_t silent;                       /* workers that exist now and have given no sign of life for a while */
    uint64_t hung;                         /* workers that were killed because they had given none for too long */
    uint64_t outcome_known, expected, got; /* struct job_outcome_words; all zero before the end */
};
void board_write_runner(struct board *board, const struct runner_words *words);
struct runner_words board_read_runner(const struct board *board);

/* Words of the interpreter lock: written by the thread that takes it or lets it go, under the lock's own mutex, so one at a time. All zero:
 * there is none. */
struct gil_words {
    uint64_t interval_ns; /* how long a waiter waits before it asks; 0: this run has no such lock */
    uint64_t holder;      /* slot + 1; 0: nobody holds it */
    uint64_t since_ns;    /* since when it is so */
    uint64_t held_ns;     /* time it was held, up to since_ns */
    uint64_t taken;       /* times it was taken */
    uint64_t switches;    /* times another thread took it than the one before */
    uint64_t asked;       /* times a waiter's interval ran out and it asked the holder to let go */
};
void board_write_gil(struct board *board, const struct gil_words *words);
struct gil_words board_read_gil(const struct board *board);

/* Jobs. */
struct job_word board_job(const struct board *board, size_t job);
/* The first job from `from` on whose word, as job_word_pack has it, is another one than seen[job]; *word is what it is now. The number of
 * jobs: none. For whoever looks at all of them again and again. */
size_t board_job_changed(const struct board *board, size_t from, const uint64_t *seen, uint64_t *word);
/* Takes the first queued job for {slot, generation}, honouring pause and step. Any worker.
 * True and *job set; false: nothing to take now (none queued, or paused). */
bool board_claim(struct board *board, unsigned slot, uint32_t generation, size_t *job);
/* Ends a job that {slot, generation} holds. Stores the result, then moves the word. False: it is not ours any more
 * and nothing was changed. Worker that holds it. */
bool board_finish(struct board *board, size_t job, unsigned slot, uint32_t generation, enum job_state state,
                  const struct job_result *result);
/* Puts a running job back unfinished, uncharged. The holder itself, or whoever reaped it. False: not held by them. */
bool board_release(struct board *board, size_t job, unsigned slot, uint32_t generation);
/* Recovers a dead worker's job: back to the queue with one more death, or, at deaths_max, POISONED with that result.
 * Whoever reaped the worker, and nobody else. Returns the state it is in now. */
enum job_state board_recover(struct board *board, size_t job, unsigned deaths_max, const struct job_result *poisoned);
/* Notes when a job was first taken; later calls change nothing. Worker that holds it. Returns the time that stands. */
uint64_t board_mark_start(struct board *board, size_t job, uint64_t now_ns);
/* True when every word from *hint on is final; moves *hint over those that are, so that asking again is cheap.
 * Final words never change, so a hint stays good for ever. Starts at 0. */
bool board_all_final(const struct board *board, size_t *hint);
/* How many jobs are QUEUED, counted up to `most`. Starts at the claim cursor: cheap while most is small. */
size_t board_queued(const struct board *board, size_t most);
/* The result as it stands; meaningful once the job's word is final (or for start_ns, once it runs). App. */
void board_result(const struct board *board, size_t job, struct job_result *out);

/* Slots. */
void board_slot_write(struct board *board, size_t slot, const struct slot_data *data);
/* A steady copy, or false and *out untouched. Any process. */
bool board_slot_read(const struct board *board, size_t slot, struct slot_data *out);
/* The same for whoever looks again and again: *seen is 0 before the first look, and then which version of the record *out holds. Where
 * that is still the last one, nothing is copied. Any process. */
enum board_news { BOARD_UNCHANGED, BOARD_NEW, BOARD_UNSTEADY /* no steady copy could be had: *out untouched */ };
enum board_news board_slot_read_new(const struct board *board, size_t slot, uint64_t *seen, struct slot_data *out);
/* The record as it lies there, steady or not: only for whoever has reaped its writer. Each word is whole, but some may be newer than
 * others. Any process. */
void board_slot_salvage(const struct board *board, size_t slot, struct slot_data *out);
/* A sign of life: it goes on, or waits for something that it knows of. As often as one likes, it costs a nanosecond. The worker in the slot. */
void board_beat(struct board *board, size_t slot);
/* A number that changes with every beat, and with every record that is written. Any process. */
uint64_t board_signs(const struct board *board, size_t slot);
/* Since when the worker in this slot has given no sign of life; 0: it does give some. Set by the runner, read by any process. */
void board_set_silent(struct board *board, size_t slot, uint64_t since_ns);
uint64_t board_silent_since(const struct board *board, size_t slot);
/* For the tests of a writer that died half-way: leaves the slot's count odd. */
void board_slot_tear(struct board *board, size_t slot);

/* The event ring of a slot: single producer (whoever writes the slot), single consumer (the app). The producer never
 * waits: what it overwrites before it was drained is counted as lost. True: half a ring has come since it was drained, and
 * whoever drains it is to be told, so that nothing gets lost. */
bool board_event_push(struct board *board, size_t slot, struct board_event event);
size_t board_event_capacity(void);
/* Copies what came since *cursor (starts at 0) into out, at most room events, oldest first; moves *cursor; adds to *lost. */
size_t board_event_drain(struct board *board, size_t slot, uint64_t *cursor, struct board_event *out, size_t room,
                         uint64_t *lost);

#endif
