/* secret.h - where secrets stand in what people type: user and password of a URL, and the values of a query that are called a password, a
 * key or a token. Pure functions. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>

/* "user:password" of a URL, without the @ behind it: [*from, *to). False: nobody is named, or it is no URL. */
bool secret_user(const char *url, const char **from, const char **to);
/* The same of what is no right URL, because the password has a slash in it, up to the last @. False: what stands behind its colon is a port. */
bool secret_torn_user(const char *url, const char **from, const char **to);
/* The first value, at or behind `at`, of a parameter whose name says that it is a secret: [*from, *to), never empty. `at` is where a query or
 * a fragment begins ("?", "#"), or the end of the value before. False: there is no further one. */
bool secret_value(const char *at, const char **from, const char **to);
/* Takes both kinds out of a sentence that quotes what somebody typed, be it a right URL or a wrong one. In place; it gets no longer. */
void secret_strip(char *sentence);

#endif
