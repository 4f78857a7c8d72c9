/* app_server.c - the keys < and >: the built-in server slower or faster, latency and rate together, while it runs. */
#include "origin/origin.h"
#include "ui/app_private.h"
#include "ui/parts.h"

#define KIB ((uint64_t)1024)

/* Settings that a class can tell apart, the fastest first. */
static const struct setting {
    unsigned latency_ms;
    uint64_t rate; /* bytes a second; 0: no limit */
} settings[] = {
    {0, 0},           {10, 8192 * KIB}, {20, 4096 * KIB}, {50, 1024 * KIB}, {100, 512 * KIB},
    {200, 256 * KIB}, {500, 96 * KIB},  {1000, 48 * KIB}, {2000, 24 * KIB}, {5000, 12 * KIB},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* No limit is above every rate. */
static bool is_less(uint64_t rate, uint64_t than)
{
    return rate - 1 < than - 1;
}

/* The next setting that is slower in one of the two. What is slower already stays, so that nothing gets faster on the way. */
static struct setting slower_than(struct setting now)
{
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *next = &settings[i];
        bool later = next->latency_ms > now.latency_ms, less = is_less(next->rate, now.rate);
        if (later || less)
            return (struct setting){later ? next->latency_ms : now.latency_ms, less ? next->rate : now.rate};
    }
    return now;
}

static struct setting faster_than(struct setting now)
{
    for (int i = SETTINGS - 1; i >= 0; i--) {
        const struct setting *next = &settings[i];
        bool sooner = next->latency_ms < now.latency_ms, more = is_less(now.rate, next->rate);
        if (sooner || more)
            return (struct setting){sooner ? next->latency_ms : now.latency_ms, more ? next->rate : now.rate};
    }
    return now;
}

static const char *refusal(const struct app *app)
{
    const struct app_lane *lane = &app->lanes[0];
    if (!app->options->origin)
        return "the built-in server is not in use";
    if (app->model.compare.live)
        return "a comparison is going on, and has to have the same server throughout: c shows it";
    if (app->origin_ended)
        return "the built-in server has died: start juggler again";
    return lane->options->lists_count && lane->options->lists[lane->list].builtin
               ? NULL
               : "these downloads do not come from the built-in server";
}

void app_server_change(struct app *app, bool slower)
{
    struct origin *origin = app->options->origin;
    struct app_lane *lane = &app->lanes[0];
    const char *why = refusal(app);
    if (why) {
        app_say(app, true, "%s", why);
        return;
    }
    const struct setting now = {origin_latency_ms(origin), origin_rate(origin)};
    const struct setting next = slower ? slower_than(now) : faster_than(now);
    char rate[PARTS_RATE_BYTES];
    parts_rate(rate, next.rate);
    if (next.latency_ms == now.latency_ms && next.rate == now.rate) {
        app_say(app, true, "the server is as %s as it gets here: %u ms, %s", slower ? "slow" : "fast", now.latency_ms, rate);
        return;
    }
    origin_set(origin, next.latency_ms, next.rate);
    lane->disturbed = true;
    for (size_t i = 0; i < APP_LISTS_MAX; i++)
        lane->sequential_s[i] = 0; /* it was measured against another server */
    app_say(app, false, "the server now waits %u ms before the first byte, then sends %s", next.latency_ms,
            next.rate ? rate : "without a limit");
}
