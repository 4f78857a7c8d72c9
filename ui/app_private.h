/* app_private.h - the app's state, shared by the files app*.c. */
#ifndef UI_APP_PRIVATE_H
#define UI_APP_PRIVATE_H

#include <stdint.h>

#include "juggler/run.h"
#include "measure/sampler.h"
#include "measure/timeline.h"
#include "report/history.h"
#include "ui/app.h"
#include "ui/canvas.h"
#include "ui/model.h"
#include "ui/timeline_cells.h"

struct compare;
struct recorder;
struct reel;
struct terminal;

enum { APP_ACCOUNTS = 6 };

/* The figures of a lane as they are shown: held for a fifth of a second, so that they can be read. */
struct app_figures {
    uint64_t taken_ns;
    uint64_t wall_ns;
    double bytes_per_s, left_s;
    struct model_gil gil;
    struct model_held held;
    struct account account, recent;
    struct account settled
        [APP_ACCOUNTS]; /* as the lane's account was settled the last times these were taken; the newest at taken - 1 */
    uint64_t taken;     /* how often */
    struct model_counts counts;
    struct model_percent *percents; /* slots of them */
    size_t slots;
    struct worker_snapshot *workers; /* of a run with an interpreter lock: all of them at that moment, and the lock */
    size_t workers_room, workers_count;
    struct gil_words lock;
};

/* The run before a lane's present one: what is left of it. */
struct app_past {
    struct timeline timeline; /* start_ns 0: there is none */
    struct executor executor;
    enum run_state state;
    size_t list; /* which of the lane's lists */
};

/* Which sentence is shown, and which one is about to be. */
struct app_sentence {
    int rule;          /* the rule (sentence.h) that speaks now; -1: none */
    uint64_t since_ns; /* since when */
    int shown;         /* whose sentence is shown; -1: nobody's */
    bool over;         /* that of a run that is over is */
};

/* Which workers of a lane have a row, and what is remembered of each for it. */
struct app_marks {
    unsigned char *marks;         /* slots of them, for the model */
    struct app_marks_text *texts; /* slots of them */
    size_t slots;
    unsigned filters; /* goes up with every change of the filter */
};

/* The page of a worker: whose it is, when its figures are due, and the memory for its jobs. */
struct app_worker {
    enum model_view before; /* where it was opened, and leads back to */
    int lane;
    size_t slot;
    uint64_t due_ns, memory_due_ns, jobs_due_ns; /* 0: at once */
    struct app_worker_job *rows;                 /* room of them */
    uint32_t *jobs;
    uint64_t *times;
    size_t room;
};

/* One lane: its choices, and the run that is going on or over. */
struct app_lane {
    const struct app_lane_options *options;
    size_t list;     /* which of its lists */
    size_t run_list; /* which the present run works on */
    struct executor executor;
    struct run *run; /* NULL: not started yet */
    struct sampler sampler;
    struct timeline timeline; /* of this run */
    struct app_past past;
    struct app_figures figures;
    struct app_marks marks;
    bool recorded;  /* the end of this run is among the results */
    bool disturbed; /* its width was changed, it was paused, workers died, or the server's speed was changed meanwhile */
    double sequential_s[APP_LISTS_MAX]; /* the last undisturbed sequential run of each list; 0: none yet */
    struct app_sentence sentence;
    struct recorder *recorder; /* the last run, for looking back; NULL: it cannot be recorded */
};

/* One lane of the past. */
struct app_past_lane {
    unsigned run; /* which run of the record it shows; 0: none */
    const struct timeline *timeline;
    struct app_figures figures;
    struct app_sentence sentence;
};

/* A run of a record that came to its end. */
struct app_past_result {
    uint64_t end_ns;
    bool sequential; /* and fair: others are measured by it */
    struct model_result result;
};

/* The past on the screen: app_replay.c. */
struct app_replay {
    bool on, paused;
    bool moved;                       /* the playhead was put somewhere since the last frame */
    int speed;                        /* which of the speeds */
    uint64_t begin_ns, end_ns, at_ns; /* of what there is; the playhead. The clock is that of the record */
    uint64_t ticked_ns;               /* when the playhead was moved on last */
    struct reel *reels[MODEL_LANES];  /* of this dashboard's runs; a record's is in the options */
    struct app_past_lane lanes[MODEL_LANES];
    struct app_past_result *results; /* of a record, by their ends */
    size_t results_count, results_shown;
};

/* How a picture of time is looked at. */
struct app_look {
    uint64_t span_ns;
    bool whole; /* the span is that of all there is */
    bool frozen;
    uint64_t end_ns; /* where it is frozen, from the axis' 0 */
};

/* A kill that takes more than one worker along waits for the key a second time. */
struct app_kill {
    bool sure; /* it was asked for once, and no other key came since */
    int lane;
    size_t slot;
    uint64_t generation;
};

enum { APP_TITLE_BYTES = 200 };

struct app_picture {
    struct app_look lanes, two;      /* of the lanes as they are; of two runs of one */
    uint64_t starts_ns[MODEL_LANES]; /* of the runs that were last looked at */
    size_t selected;                 /* among two runs: a slot of either */
    char titles[2][APP_TITLE_BYTES]; /* of two runs */
    struct timeline_memo memo;
};

/* What the flat screen last said of a lane. */
struct app_flat_seen {
    bool started;
    enum run_state state;
    size_t ended, trouble, selected; /* jobs; failures and deaths; the selected worker's slot */
};

struct app {
    const struct app_options *options;
    struct terminal *terminal;
    struct canvas canvas;
    struct model model; /* what the next frame shows */
    struct app_lane lanes[MODEL_LANES];
    struct compare *compare;           /* NULL: none was started */
    const struct job_set *compare_set; /* what it works on */
    uint64_t compare_start_ns;
    bool compare_noted;      /* its end is in the history */
    bool history_complained; /* the person knows that the history cannot be written */
    struct app_picture picture;
    struct app_kill kill;
    struct app_worker worker;
    struct app_replay replay;
    struct model_lane behind[MODEL_LANES]; /* what is live, while the model has the past */
    struct machine_load load;              /* of now, and the processes: the model may have those of a record */
    unsigned processes;
    bool record_complained; /* the person knows that runs cannot be recorded */
    struct app_flat_seen flat_seen[MODEL_LANES];
    uint64_t flat_answered_ns; /* the last answer that it has shown */
    enum model_view flat_view; /* the view and the focus that it has shown */
    int flat_focus;
    unsigned results_made;
    int exit_code;                             /* -1: go on */
    bool keys_left;                            /* more was typed than was heard so far */
    bool origin_ended;                         /* the built-in server has died */
    uint64_t load_ns, processes_ns, status_ns; /* when these were last brought up to date */
};

/* app.c: an app that has nothing yet but its options; and everything but the screen, once: runs are looked after, the model is brought up to
 * date */
void app_init(struct app *app, const struct app_options *options);
void app_tick(struct app *app);

/* app_lane.c: a lane's run */
/* Ends what is there, then starts anew with the present choices. False: it says why not; what was going on goes on when the choices
 * themselves are not possible here. */
bool app_lane_start(struct app *app, int lane);
void app_lane_tick(struct app *app, int lane); /* looks after the run and brings the model up to date */
void app_lane_set_width(struct app *app, int lane, unsigned width);
void app_lane_next_executor(struct app *app, int lane, int step);
void app_lane_next_list(struct app *app, int lane);
void app_lane_toggle_gil(struct app *app, int lane);
/* Ends the run at once, and notes it. False: none was going on. */
bool app_lane_end(struct app *app, int lane);
bool app_lane_is_live(const struct app *app, int lane); /* it has a run that is not over */
/* What is live of a lane: the model's, or what stands behind the past. */
struct model_lane *app_lane_model(struct app *app, int lane);
void app_lane_free(struct app *app, int lane);

/* app_figures.c: puts held figures in the place of those that change with every frame; true when new ones were taken */
bool app_figures_hold(struct app_figures *figures, struct model_lane *shown);
/* A new run: nothing of the old one is shown any more. */
void app_figures_reset(struct app_figures *figures);
void app_figures_free(struct app_figures *figures);

/* app_keys.c */
void app_key(struct app *app, int key);
void app_help(struct app *app); /* opens it where what is on the screen is explained, or closes it */
/* The index-th key that does something wherever it is pressed; TERMINAL_KEY_NONE: there are no more. For the test of the help. */
int app_key_at(size_t index);
/* One line for the person; warning: something was not done. */
void app_say(struct app *app, bool warning, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* app_compare.c: the comparison */
/* Shows the one there is for the list of the lane in focus, or starts one: whatever goes on in the lanes is ended. */
void app_compare_open(struct app *app);
bool app_compare_key(struct app *app, int key); /* while it is shown. True: all keys are its own */
void app_compare_tick(struct app *app);
int app_compare_fd(const struct app *app); /* to poll for POLLIN; -1: none */
void app_compare_free(struct app *app);

/* app_picture.c: the picture of time, as a pane and alone */
void app_picture_init(struct app *app);
void app_picture_free(struct app *app);
/* Opens the picture of the last run and the one before it, or leaves it. */
void app_picture_two_runs(struct app *app);
/* Before a lane's run is forgotten: its timeline is kept as the past one, unless it came to nothing. */
void app_picture_keep(struct app *app, int lane);
bool app_picture_key(struct app *app, int key); /* while it is on the screen. False: not one of its keys */
void app_picture_tick(struct app *app);         /* after the lanes */

/* app_kill.c: kills the selected worker; a thread only when asked twice */
void app_kill_selected(struct app *app);

/* app_filter.c: which workers the person wants to see */
void app_filter_open(struct app *app);             /* the key /: from now on a text is typed for the lane in focus */
void app_filter_key(struct app *app, int key);     /* while it is typed: all keys are its own */
bool app_filter_clear(struct app *app);            /* of the lane in focus, else of the other; false: there was none */
void app_filter_mark(struct app *app, int lane);   /* which workers have a row, once a frame */
void app_filter_forget(struct app *app, int lane); /* another run: nothing is known of its workers */
void app_filter_free(struct app *app, int lane);

/* app_worker.c: one worker's own page */
void app_worker_open(struct app *app);         /* that of the worker selected in the lane in focus */
bool app_worker_key(struct app *app, int key); /* while it is shown. False: not one of its keys */
void app_worker_tick(struct app *app);         /* after the lanes */
void app_worker_forget(struct app *app);       /* another run */
void app_worker_free(struct app *app);

/* app_record.c: every run is recorded. begin: it has just started; end: it is ended here, when it goes on */
void app_record_begin(struct app *app, int lane);
void app_record_sample(struct app *app, int lane, const struct model_lane *shown);
void app_record_end(struct app *app, int lane);
void app_record_machine(struct app *app);

/* app_replay.c: the past on the screen */
void app_replay_open(struct app *app);         /* shows the record of the options */
void app_replay_rewind(struct app *app);       /* looks back at the last runs */
void app_replay_tick(struct app *app);         /* after the lanes and the machine: shows the past instead, while it is on */
bool app_replay_key(struct app *app, int key); /* False: not one of its keys, or it is not on */
bool app_replay_is_playing(const struct app *app);
void app_replay_free(struct app *app);
/* What the picture of time shows of a lane. */
const struct timeline *app_lane_timeline(const struct app *app, int lane);

/* app_flat.c: after everything else, where the screen is flat: what has changed since it was drawn */
void app_flat_tick(struct app *app);

/* app_server.c: the built-in server's next setting, slower or faster */
void app_server_change(struct app *app, bool slower);

/* app_results.c: notes a run that has just ended */
void app_results_note(struct app *app, int lane);
/* A finished run as a line of the results. *sequential_s: what the last fair sequential run of the list took, 0: none; changed when this is
 * one. */
struct model_result app_results_of(const struct snapshot *snap, const char *list, bool disturbed, double *sequential_s,
                                   unsigned number);
bool app_results_fair(const struct snapshot *snap, bool disturbed);
bool app_results_worth(const struct snapshot *snap);         /* it has done something: worth a line */
enum run_state app_results_end(const struct snapshot *snap); /* how it ended, or ends if it is left now */
/* Says once why the history cannot be written. */
void app_results_complain(struct app *app, const struct problem *problem);
/* app_results.c: what the history calls the list that has this set: its name, and the pace of the built-in server where that serves it. */
const char *app_results_list_name(const struct app *app, const struct job_set *set, char out[HISTORY_LIST_BYTES]);

/* app_sentence.c: the lane's sentence, brought up to date. figures_due: its figures may change now. at_once: it need not have been true for
 * a second, for the moment that is shown was jumped to. */
void app_sentence_update(struct app_sentence *sentence, struct model_lane *lane, unsigned cores, uint64_t now_ns,
                         bool figures_due, bool at_once);
void app_sentence_reset(struct app_sentence *sentence); /* a new run */

#endif
