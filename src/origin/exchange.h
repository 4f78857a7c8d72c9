/* exchange.h - one request and its response: checks, latency, pace. Server process only, one thread. */
#ifndef ORIGIN_EXCHANGE_H
#define ORIGIN_EXCHANGE_H

#include <microhttpd.h>
#include <stdint.h>

#include "origin/content.h"
#include "origin/throttle.h"

/* All requests of the server. */
struct exchanges {
    struct content content;
    struct waiters waiters;
    unsigned open; /* requests under way */
    uint64_t latency_ns;
    uint64_t rate; /* bytes a second for each connection; 0: no limit */
};

/* Callbacks of libmicrohttpd; cls is the struct exchanges. */
enum MHD_Result exchange_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                const char *version, const char *upload_data, size_t *upload_data_size, void **con_cls);
void exchange_completed(void *cls, struct MHD_Connection *connection, void **con_cls, enum MHD_RequestTerminationCode code);

/* Lets everyone go on whose moment has come. */
void exchanges_resume_due(struct exchanges *exchanges, uint64_t now_ns);
/* New settings, for those that wait already too. */
void exchanges_set(struct exchanges *exchanges, uint64_t latency_ns, uint64_t rate, uint64_t now_ns);

#endif
