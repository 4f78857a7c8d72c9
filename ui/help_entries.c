/* help_entries.c - the sentences of the help: an array a section. See help.h. */
#include "ui/help.h"

static const struct help_entry intro[] = {
    {"downloads", "Work that mostly waits for a server. Threads help, because while one waits another can go on."},
    {"primes", "Work that needs a core all the time. Only as many workers get on as there are cores."},
    {"counter, shared memory",
     "Every worker adds to one counter: without a lock adds get lost, and processes each have a counter of their own."},
};

static const struct help_entry keys[] = {
    {"t T", "One thread fewer, one more; or one transfer, where one thread has many. It takes effect at once, while the "
            "work goes on."},
    {"p P", "One process fewer, one more."},
    {"- +", "One worker fewer, one more, in the lane that the keys act on."},
    {"0 ... 9 Enter", "So many workers. Backspace takes a figure back, Esc all of them."},
    {"Tab", "The keys act on the other lane; so does Shift Tab."},
    {"s S", "The next strategy, the one before: how the jobs are handed to workers."},
    {"g", "The same threads with an interpreter lock as CPython has it (GIL), on, or without it, off."},
    {"l", "Another list to work on; beside the primes also the shared counter: no lock, a mutex, an atomic."},
    {"c", "Compares the ways of doing the work of the lane that the keys act on: all of them, in turn, several times. c or "
          "Esc leaves, x stops, r measures anew."},
    {"v", "The picture of time alone: a lane for every worker, from left to right what it did. v or Esc leaves."},
    {"=", "The last run of the lane that the keys act on and the one before it, one above the other, both from their start. "
          "= or Esc leaves."},
    {"f", "Holds the picture of time, or lets it run along again; the work goes on meanwhile."},
    {"[ ]", "It shows a longer, a shorter time."},
    {"Left Right", "Move it back, as far as the start, and on; at the present it runs along again."},
    {"Home End", "Where it is alone: the whole run; the present."},
    {"j", "The juggler alone: every ball is a worker, every hand a core. j or Esc leaves."},
    {"w", "Time spent: where the time of every worker went, in seconds, in little room in percent; w or Esc leaves. In a "
          "lane: of all "
          "its workers."},
    {"Enter", "The page of the selected worker; Enter or Esc leaves it."},
    {"/",
     "A filter: of the lane that the keys act on only the workers remain that have the text in their state, name or work."},
    {"b",
     "Looks back at the last runs, as they were; what goes on goes on meanwhile. b, Esc or End come back to the present."},
    {"space", "Pause, go on."},
    {"n", "One step: one more job is started, then it pauses again."},
    {"r", "Run again, or start."},
    {"x", "Stop this run; jobs in hand are given up."},
    {"k", "Kill the selected worker. Its job goes to another, and is not charged with it. Threads share one process, so "
          "with one all die: that takes a second k."},
    {"< >", "The built-in server is slower, faster: it waits longer or less before the first byte, and sends less or more a "
            "second. no limit: as fast as it goes."},
    {"Up Down", "The worker above, below. Page Up, Page Down, Home and End go further."},
    {"?", "This help, from what is on the screen. Esc or ? leaves it."},
    {"Esc", "Leaves what lies on top: the help, a number being typed, a view."},
    {"q Q", "Quit."},
};

static const struct help_entry worker_line[] = {
    {"t1 p1 e1", "Thread number 1, process number 1, transfer number 1 of an event loop."},
    {"name", "The file it fetches; \u2264 50328 means: the primes up to 50328, all multiplied."},
    {"300M adds", "So many million times it adds one to the counter."},
    {"bar, percent", "How far this job is, in time, by its worker's own word. Bytes without a percentage: the server did "
                     "not say how long the file is."},
    {"state", "What it is doing now; the words are below."},
    {"core 1",
     "The core that it is on (/proc/PID/task/TID/stat, the field processor). With more workers than cores they take turns."},
    {"ready, no core", "It could go on, but others have the cores. The kernel says so: schedstat's first figure, the time "
                       "on a core, over the last tenth of a second."},
    {"\u25cf holds it", "It has the interpreter lock: of all threads it alone may compute."},
    {"12 ms", "Behind wants GIL: how long it has waited for the lock by now."},
    {"halted, halt",
     "A signal stopped it (SIGSTOP); SIGCONT lets it go on. The kernel says so: T in /proc/PID/task/TID/stat."},
    {"silent, quiet",
     "It has given no sign of life for so many seconds: no progress, no time on a core, not even the once a second "
     "of those who wait. It hangs. A process that is silent or halted is killed when its lease is over (--lease), and "
     "its job goes to another; a thread can't be killed alone."},
    {"try 2", "The first attempt failed; this is the second."},
    {"new", "The worker before it was killed; this one took its place."},
    {"sig 9", "The signal that ended it: 9 is a kill, 11 a crash."},
    {"jobs", "At the end: how many it took."},
    {"busy for", "At the end: the time in which it had a job in hand, by its own clock."},
    {"finished", "It took jobs until none was left."},
    {"left", "It went because fewer workers were asked for."},
    {"stopped", "It went because the run was stopped."},
    {"killed", "A signal or a crash ended it; its job went to another worker."},
};

static const struct help_entry figures[] = {
    {"keys act here", "The lane that most keys change; Tab takes the other one."},
    {"done", "Jobs that are finished, of all."},
    {"were there", "Files that were there before, and were kept (--no-clobber)."},
    {"active", "Jobs that a worker holds now."},
    {"held, executing",
     "Workers that exist in memory, and those that a core is executing this moment (schedstat). It is not the same."},
    {"want a core", "Workers that could go on, if a core were free."},
    {"failed", "Jobs that did not succeed, after all their tries."},
    {"killed", "Workers that died on the way. Their jobs went to others."},
    {"restart", "All threads of a process die together; the process was started again."},
    {"MiB/s", "Bytes that came in over the last two seconds; at the end all that came."},
    {"s left, time left", "The time left, an estimate from the jobs so far. In little room the seconds alone."},
    {"share, has, each",
     "Memory: all threads share that of one process; each process has its own (smaps_rollup). about: not all of them were "
     "asked."},
    {"of their own, shared", "Memory that each process has for itself, on average, and what all of them have in common."},
    {"together, total", "Memory of all processes and the one that made them, what is shared counted once."},
    {"memory unknown", "The kernel has not been asked yet, or does not tell."},
    {"GIL: t3", "Who holds the interpreter lock, and how many wait for it. free: nobody holds it."},
    {"held 97 % of the time",
     "How much of the time the interpreter lock was held by somebody. At 100 % all threads do the work of one."},
    {"switches", "How often the interpreter lock went from one thread to another."},
    {"expected, got, lost",
     "What the counter should read, what it reads at the end, and the adds that are missing. Processes leave their "
     "parent's at 0."},
    {"waited for the mutex", "The share of their time that the workers could not go on for it."},
    {"no lock, nobody waits", "They read, add and write without one: what another added meanwhile is lost."},
    {"mutex", "One thread at a time adds, the others wait for it."},
    {"atomic", "Every add is one step of the processor: nothing is lost, and nobody waits for a lock."},
    {"a copy each, own copies", "Processes share no memory: each adds to a counter of its own."},
    {"batch", "Which batch it is. The next begins when the slowest of this one is done."},
    {"workers", "In the frame: which of them the lines show."},
    {"the sentence",
     "What limits this run now, shown when it has been true for a second. At the end: why it took that long."},
};

static const struct help_entry many[] = {
    {"412 receiving",
     "How many workers are in each state, most first; they sum to all that exist. more, others: in further states."},
    {"letters", "One letter a worker, as they stand with the states below; r: it is ready but has no core; a dot: the "
                "filter does not take it."},
    {"/", "A filter for the lane that the keys act on: only workers remain that have the text in their state, their name "
          "(t12), or the name or URL of what they work on. state: or text: before it looks in one of these only. Enter "
          "keeps it, Esc drops it, also later."},
    {"filter \"rec\"", "How many workers the filter takes now, of all; it follows as they change."},
};

static const struct help_entry words[] = {
    {"I/O-bound, input and output",
     "It is input and output that it waits for: the network, the disk. More workers wait for more at a time."},
    {"CPU-bound", "It is the computing that takes the time: more workers than cores do not help."},
    {"worker", "Whoever does a job: a thread, a process, or a transfer."},
    {"thread", "A worker that shares its memory with the other threads of its process."},
    {"process", "A worker with a memory of its own."},
    {"transfer", "A download that one thread keeps in flight beside many others (event-loop)."},
    {"job", "A file to fetch, a limit to find the primes up to, or so many adds to the counter."},
};

static const struct help_entry timeline[] = {
    {"a cell", "What took most of that bit of time. Letters stand in longer stretches; they are those of the states below."},
    {"running, run", "It computes or writes; with r: it would, but others have the cores."},
    {"ready, no core", "It worked or would have, and had no core: others had them."},
    {"\u258f new job", "Another job begins. Where jobs are too short for it, the sign is left out. In little room: job."},
    {"next batch", "A line through all lanes: the last one of a batch is done, and the next begins. In little room: batch."},
    {"X killed", "A worker was killed here."},
    {"last 10 s", "How much time there is from left to right; the right edge is the present, or the end."},
    {"FROZEN", "It is held: f lets it go on."},
    {"whole run", "All there is, from the first start to the end."},
    {"now, before", "Two runs of a lane, each with its time from its start to its end, which also stands where that is."},
    {"and 9 more", "Workers for whom there is no row here. Up and Down move to them."},
    {"events lost", "Changes of state that nobody could read in time; the picture lacks them."},
    {"coarser steps", "A very long run: before that moment each step has only what took most of it."},
    {"looked at every", "So often the kernel is asked who has a core; what is shorter is not seen. All else is exact. Of "
                        "waits for a counter's mutex it is known how long they were, not when in that tenth of a second."},
    {"letters", "In a stretch that is long enough stands the letter of its state, as in the list of states; r: ready."},
    {"lane", "One line a worker, from its start; the right edge is now. A column shows what took most of its time."},
    {"waiting, wait", "It waited for the server or the network."},
    {"receiving, receive", "Its file was coming in."},
    {"lock", "It waited for a lock."},
    {"barrier", "It waited for the rest of its batch. A line through all lanes: the next batch began."},
    {"source", "Changes of state come from the workers, each with its time (CLOCK_MONOTONIC), none is left out. Whether one "
               "had a core comes from schedstat, about ten times a second."},
    {"no work, idle", "There was nothing for it to do."},
    {"paused", "The pause key held it."},
};

static const struct help_entry juggler[] = {
    {"j", "The juggler on the whole screen. j or Esc leaves."},
    {"(t3) <t3>", "A ball is a worker, with its name. Where both lanes have threads, those of the second are in < >."},
    {"\u25cf",
     "A ball of a crowd: more than there is room for by name. Their count stands beside; the selected one has its name."},
    {"hands, full", "As many as there are usable cores. 1/2: one of two has a ball."},
    {"in the air", "It waits for I/O. It rises with the time that it waits for an answer, and falls as its file arrives: at "
                   "the end of its way all of it has come."},
    {"in a hand", "It works, and has a core by the kernel's word of the last tenth of a second."},
    {"core 0", "Below a hand: the core it is, on which the kernel last saw its ball. core \u2013: that is not known, for "
               "two were seen on the same one."},
    {"GIL", "Below a hand: its ball has the interpreter lock."},
    {"on the floor", "It could go on and wants a core; so do those that had one in the last tenth of a second, when they "
                     "are more than there are hands: they take turns."},
    {"tied", "It waits for a lock. For the interpreter lock by its own word, for a mutex when the kernel saw it asleep "
             "while it counts. Who has the GIL is shown as it was at most a fifth of a second ago."},
    {"standing by", "Its part of the batch is done; it waits for the others. In a row: [ ]."},
    {"put away, away", "It has no work, or the pause holds it. In a row: \\ /."},
    {"unknown",
     "It says that it works, and the kernel has not said yet whether it has a core, or saw it asleep. In a row: ?"},
    {"gone", "It has ended. It does not count among the workers."},
    {"hand, ball, balls", "A hand is a core, a ball a worker: as many hands as cores can be used."},
};

static const struct help_entry account[] = {
    {"time spent, spent", "Where the time of the workers went: the key w shows it."},
    {"account, where the time went", "The columns of a worker sum to the time that it existed."},
    {"bar", "A worker's time so far, shared out as below; in its parts stand the letters of the columns."},
    {"all", "All workers of the lane together: how much of their time, and how many seconds it was."},
    {"in all", "The wall time of a worker, from its start to its end or until now: the columns add up to it."},
    {"the sentence", "What limits the run, in words: shown when it has been true for a second; of the lane in focus also "
                     "above the keys. At the end: why it took that long."},
};

static const struct help_entry results[] = {
    {"#", "The number of the run, in the order in which they ended."},
    {"work", "What was done: downloads, primes, the counter."},
    {"executor", "How: the strategy, and behind the colon how many workers. +gil: with an interpreter lock."},
    {"time", "From the first worker's start to the last one's end, without pauses."},
    {"speed-up, as fast as sequential",
     "How many times as fast as the last sequential run of the same list. Run one with s, then r."},
    {"not yet run sequentially, nothing to compare", "There is nothing yet by which the speed-up could be measured."},
    {"of possible, of the best possible",
     "The best time that was possible, as a share of the time it took. 100 % cannot be beaten."},
    {"done, failed", "Jobs that succeeded, of all, and those that did not."},
    {"list", "Which list was worked on. Only runs of the same list are to be compared."},
    {"result", "What came of it: files and bytes, or primes and digits."},
    {"run, runs", "How many have ended since the start."},
    {"changed", "It was changed or paused on the way, or workers were killed: no fair figure."},
    {"\u2013", "Not known."},
};

static const struct help_entry worker_page[] = {
    {"Enter", "Opens the page of the selected worker; Enter or Esc leaves it. Up and Down go to the next worker, Tab to the "
              "other lane's, Page Up, Page Down, Home and End through its jobs. Its figures are taken five times a second."},
    {"works on", "The whole URL, or the limit, of the job it has in hand."},
    {"last error", "Why its last job that failed did, in full."},
    {"job, attempt", "Which job of the list it has, for how long by now, and which try this is."},
    {"where its time",
     "The account of all workers of this place, from the first one's start: a bar, and the time and share of each part."},
    {"pid, tid", "The numbers of its process and of its thread, as ps -L and top -H show them."},
    {"S: sleeps", "The kernel's letter for its state (/proc/PID/task/TID/stat), and what that means. R also stands for a "
                  "thread that wants a core and has none."},
    {"last core", "The core that it ran on last, by the same file."},
    {"on a core, waited", "How long this thread has been on a core since it was born, and how long it could have run but "
                          "waited for one (schedstat). The first lags a little while it runs."},
    {"switches", "How often it gave up its core because it had to wait (voluntary), and how often the core was taken from "
                 "it (forced), by the file status."},
    {"private",
     "Memory of a process that no other uses. Its share of what several use is counted in the figure behind it (PSS)."},
    {"shared", "Threads have no memory of their own: the figure is that of their whole process."},
    {"place", "Which worker this is of those that sat in this place one after the other (a batch brings a new one each "
              "round, and so does a death), how many of them were killed, and how the last one ended."},
    {"gone", "The kernel does not know it any more. What it did before is still told."},
    {"p50 p90 p99 max", "Half of the jobs took at most so long, nine of ten, 99 of 100, all. Each is the time of a job that "
                        "ended (nearest rank); behind jobs: how many there are."},
    {"start, took", "When a worker first took the job, from the run's start, and how long it was until its end."},
    {"tries", "Attempts, the first one included."},
    {"bytes, primes", "What the job came to."},
    {"outcome", "done, failed, running, poisoned (workers died of it), was there (the file was there before the run)."},
    {"ended here, in this place", "What all workers that sat in this place one after the other did together."},
    {"not in the record", "What only the kernel could say, and a record does not keep."},
};

static const struct help_entry compare[] = {
    {"COMPARE, round, run", "Every round runs each of them once, in an order of its own. warm-up: the round before, which "
                            "counts for nothing."},
    {"bar", "As long as the median, by the scale above it; lighter from the fastest run to the slowest."},
    {"executor", "How the work was done; behind the colon how many workers at once."},
    {"median", "Half of the runs took longer, half less. The first run of each, the warm-up, counts for nothing. Behind "
               "\u2026: how long the run going on has taken so far."},
    {"least, most", "The fastest run and the slowest."},
    {"speed-up", "How many times as fast as sequential."},
    {"no diff.", "No real difference: some runs of the one took as long as some of the other."},
    {"effic.", "Efficiency: the speed-up for each worker. At 100 % four workers are four times as fast."},
    {"memory", "Of all its processes together, what is shared counted once."},
    {"possible", "The best time that was possible with so many workers, as a share of the median."},
    {"*", "The winner: its slowest run was faster than the fastest of every other, by at least 1 %."},
    {"!", "It could not be run, or not to its end; why stands below."},
    {"seed", "The order of the runs is shuffled by this number; with the same one it is the same order."},
};

static const struct help_entry replay[] = {
    {"record", "A run kept in a file (--record FILE); juggler replay FILE shows it again as it was."},
    {"REWIND, REPLAY",
     "What is shown is not now: the last runs of this dashboard, or a record that juggler replay has opened."},
    {"2.31 of 9.81 s", "Where the playhead stands, from the beginning to the end of what is known."},
    {"space", "There it plays, or stands still."},
    {"Left Right",
     "There a second back, on; in what is shorter than twenty seconds a twentieth. Home and End go all the way."},
    {"< > \u00d71", "There slower, faster: from an eighth of the speed that it had to sixteen times."},
    {"n N", "There to the next event, to the one before: to the very moment at which a worker began something else."},
    {"damaged there", "From there on the file of the record was changed or cut off. What is shown is sound."},
};

static const struct help_entry top_line[] = {
    {"core 0, cores", "How busy each core of this machine is, whoever uses it (/proc/stat)."},
    {"2 of 8 cores, usable",
     "How many cores can be used here, and the limit that decides it: affinity (a list of cores), or a cgroup's quota of "
     "time."},
    {"processes on this machine", "All processes, as ps -e counts them (/proc). Few of them execute at any moment."},
    {"ready", "Nothing has been started yet."},
    {"comparing", "A comparison is going on, and has the machine for itself."},
};

static const struct help_entry flat[] = {
    {"--flat", "The same in whole lines of words, without boxes and bars, once a second and when something happens."},
    {"cursor", "It stands on the line that changed last: the answer to a key, a lane's state, a job that ended or failed."},
    {"so far", "Bytes that have come in; how many there will be the server did not say."},
    {"workers below", "How many of them have a line; the arrows move through all of them."},
    {"at work", "By its own word it works; whether it has a core the kernel has not said yet."},
    {"done in, stopped after", "How a run ended, and how long it took."},
    {"answer", "The second line: what the last key did, or why it could not. It stays until the next one."},
};

static const struct help_entry states_of_runs[] = {
    {"starting", "The process that makes the workers is getting ready."},
    {"running", "Jobs are being done."},
    {"paused", "The pause key holds all workers; the clock of the run stands still."},
    {"stopping", "It was told to stop; workers are leaving."},
    {"done", "Every job is final: done, or failed."},
    {"stopped", "It ended before every job was final, because it was told to."},
    {"broken", "It could not be carried out; why stands in the lane."},
    {"queued", "Of a job: nobody has taken it yet."},
    {"failed", "Of a job: it did not succeed, after all its tries."},
    {"poisoned", "Of a job: so many workers died of it that nobody tries it again."},
};

#define SECTION(title, array)                                                                                               \
    {                                                                                                                       \
        .heading = title, .entries = array, .count = sizeof(array) / sizeof(array)[0]                                       \
    }

static const struct help_section sections[HELP_SECTIONS] = {
    [HELP_INTRO] = SECTION("WHAT THIS IS", intro),
    [HELP_KEYS] = SECTION("KEYS", keys),
    [HELP_WORKER_LINE] = SECTION("A WORKER'S LINE", worker_line),
    [HELP_FIGURES] = SECTION("A LANE'S FIGURES", figures),
    [HELP_MANY] = SECTION("MANY WORKERS", many),
    [HELP_WORDS] = SECTION("WORKERS AND THEIR WORK", words),
    [HELP_TIMELINE] = SECTION("TIMELINE", timeline),
    [HELP_JUGGLER] = SECTION("THE JUGGLER", juggler),
    [HELP_ACCOUNT] = SECTION("WHERE THE TIME WENT", account),
    [HELP_RESULTS] = SECTION("RESULTS", results),
    [HELP_WORKER_PAGE] = SECTION("A WORKER'S PAGE", worker_page),
    [HELP_COMPARE] = SECTION("COMPARE", compare),
    [HELP_REPLAY] = SECTION("THE PAST", replay),
    [HELP_TOP_LINE] = SECTION("THE TOP LINE", top_line),
    [HELP_FLAT] = SECTION("WITHOUT PICTURES", flat),
    [HELP_STATES_OF_RUNS] = SECTION("STATES OF A RUN AND OF A JOB", states_of_runs),
    [HELP_STRATEGIES] = {.heading = "STRATEGIES"},
    [HELP_PHASES] = {.heading = "STATES OF A WORKER"},
    [HELP_COLOURS] = {.heading = "COLOURS (never the only sign)"},
};

const struct help_section *help_section_of(enum help_section_name name)
{
    return &sections[(unsigned)name < HELP_SECTIONS ? name : HELP_INTRO];
}

enum help_section_name help_section_for(enum model_view view)
{
    static const enum help_section_name firsts[VIEW_COUNT] = {
        [VIEW_PANES] = HELP_INTRO,     [VIEW_TIMELINE] = HELP_TIMELINE, [VIEW_JUGGLER] = HELP_JUGGLER,
        [VIEW_ACCOUNT] = HELP_ACCOUNT, [VIEW_TWO_RUNS] = HELP_TIMELINE, [VIEW_WORKER] = HELP_WORKER_PAGE,
        [VIEW_COMPARE] = HELP_COMPARE,
    };
    return (unsigned)view < VIEW_COUNT ? firsts[view] : HELP_INTRO;
}
