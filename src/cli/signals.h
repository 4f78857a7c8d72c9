/* signals.h - the signals that end or change a run, read from a descriptor instead of handled: no code runs at odd moments. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/* Blocks SIGINT, SIGTERM, SIGHUP and SIGQUIT and opens a descriptor that says when one came; SIGPIPE is ignored. -1 with errno. App only. */
int signals_open(void);
/* The next one that came, or 0. Never blocks. */
int signals_next(int fd);

#endif
