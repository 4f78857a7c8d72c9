/* libraries.h - which libraries the program runs with. */
#ifndef CLI_LIBRARIES_H
#define CLI_LIBRARIES_H

#include <stdbool.h>

enum { LIBRARIES_ROOM = 512 };

/* "libcurl 7.88.1 OpenSSL/3.0.15, GMP 6.2.1, ...": the versions that are loaded, not those that were compiled against. Returns out. */
char *libraries_line(char out[LIBRARIES_ROOM]);

/* What libcurl was built with, as far as juggler needs it. */
struct transfer_library {
    bool tls;            /* https works */
    bool async_resolver; /* looking up a host can be given up, and needs no signals */
    const char *ca_file; /* certificates it looks for; NULL: none is set */
    const char *ca_folder;
};
struct transfer_library libraries_transfer(void);

#endif
