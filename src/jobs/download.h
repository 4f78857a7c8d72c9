/* download.h - between the parts of the download: the job for a worker with a thread of its own (download.c) and for the event loop
 * (download_loop.c), its steps (download_errand.c), one transfer of it (download_transfer.c), and what became of it in words
 * (download_verdict.c). Only these know libcurl. Each belongs to one worker; nothing is shared but, in the loop, libcurl's multi handle. */
#ifndef JOBS_DOWNLOAD_H
#define JOBS_DOWNLOAD_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jobs/download_file.h"

enum {
    HEADER_BYTES_MAX = 256 << 10, /* of one attempt, redirects included */
    DROPPED_BYTES_MAX = 64 << 10, /* of an error's or a redirect's body, read only to keep the connection */
    PROGRESS_BYTES_MIN = 64, /* of a body: fewer in timeout_s seconds are none, or 1 byte a second would go on for ever */
    HEADS_THAT_COUNT = 10,   /* so many whole headers of one attempt are progress, too */
    CONNECT_TIMEOUT_S = 10,  /* or timeout_s when that is less */
    REDIRECTS_MAX = 10,
    RETRY_AFTER_MAX_S = 30
};

/* Why one of our own callbacks ended a transfer. */
enum cut {
    CUT_NONE,
    CUT_STOPPED,   /* the run is being stopped */
    CUT_TOO_LARGE, /* more than max_size_bytes */
    CUT_HEADERS,   /* more than HEADER_BYTES_MAX */
    CUT_LENGTH,    /* its Content-Length is no number, in parts, or two different ones */
    CUT_DETOUR,    /* a redirect's own body was longer than worth reading */
    CUT_STALLED,   /* no progress for timeout_s */
    CUT_DROPPED,   /* an error's body was longer than worth reading */
    CUT_UNWATCHED, /* event loop: the kernel would not watch its socket: file_error */
    CUT_FILE       /* the file could not be written: file_error */
};

/* One attempt, and the handle that all attempts of a worker share. */
struct transfer {
    CURL *easy;
    struct worker *worker;
    const struct download_options *options;
    struct part *part;
    char words[CURL_ERROR_SIZE]; /* libcurl's, of this attempt */

    /* Of this attempt; begun anew by transfer_begin. */
    CURLcode code;
    enum cut cut;
    int file_error;
    long status;     /* of the last response, 0: none */
    bool begun;      /* the body has begun: keep and length are known */
    bool keep;       /* its status says that this is the file */
    bool chunked;    /* the length is told piece by piece */
    bool head_whole; /* the last response's header has come to its end */
    bool framing;    /* the last line of a header was about the length */
    bool said;       /* that response has a Content-Length: said_bytes */
    uint64_t said_bytes;
    int64_t length;        /* of the body as promised; -1: not known */
    uint64_t body_bytes;   /* that came, kept or not */
    uint64_t header_bytes; /* that came, of all responses */
    unsigned heads;        /* whole headers that came */
    uint64_t mark_bytes;   /* of the body, at the last sign of progress */
    uint64_t mark_ns;      /* when that was, on the clock without pauses */
    uint64_t paused_ns;    /* how long its job had been paused when it began */
    bool paused;           /* the run was paused meanwhile: a broken connection is nobody's fault; known at its end */
};

/* Makes the handle and sets it up. 0 or an errno. */
int transfer_init(struct transfer *transfer, struct worker *worker, const struct download_options *options);
void transfer_free(struct transfer *transfer);
/* Makes the handle ready to fetch url into part, which is opened when the first byte is to be kept. Not CURLE_OK: there is nothing to start. */
CURLcode transfer_begin(struct transfer *transfer, const char *url, struct part *part);
/* libcurl, or transfer_begin, ended it with that code. What came of it is in the fields above. */
void transfer_end(struct transfer *transfer, CURLcode code);
/* Between the two, now and then: true when it got nowhere for so long that it has to be ended; its cut then says why. libcurl asks by itself
 * where it runs one transfer alone. */
bool transfer_is_stalled(struct transfer *transfer);
/* True when the whole body came with a status that makes it the file. */
bool transfer_is_whole(const struct transfer *transfer);
/* True when nothing tells whether the body is whole: it ended when the connection did. */
bool transfer_is_unverified(const struct transfer *transfer);

/* What became of an attempt that was not whole. */
struct verdict {
    bool transient; /* worth another attempt */
    char note[BOARD_NOTE_BYTES];
};
/* name: the file's final name, for an error in writing it. url is not quoted but for its host. */
void verdict_of(const struct transfer *transfer, const char *url, const char *name, struct verdict *verdict);
/* "NAME: reason" fit to show, a long name shortened in its middle. */
void note_about_file(char note[BOARD_NOTE_BYTES], const char *name, const char *reason);

#endif
