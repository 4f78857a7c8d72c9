/* text.h - untrusted text made fit to show, and texts measured in columns.
 *
 * Names, URLs, error messages and a server's words pass text_show before they reach any place where a person or a terminal
 * reads them: screen, stderr, table, HTML. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies `text` (NUL-terminated, any bytes) to out (room bytes, NUL-terminated, cut at a whole character): control characters (C0,
 * DEL, C1), bidirectional overrides, zero-width characters and invalid UTF-8 become visible as \xNN or \u{NNNN}. What comes out is
 * valid UTF-8 (ASCII when ascii is set: other characters become '?'). Returns out. */
char *text_show(char *out, size_t room, const char *text, bool ascii);

/* Decodes one UTF-8 character at *at (NUL-terminated string), moves *at behind it. Invalid bytes: returns UINT32_MAX and moves one byte.
 * 0 at the end, *at unmoved. Overlong forms, surrogates and values past U+10FFFF are invalid. */
uint32_t text_next(const char **at);
/* Encodes a code point; returns the bytes written, 1 ... 4, out is not terminated. */
size_t text_put(char out[4], uint32_t code);
/* What a hexadecimal digit stands for; -1: it is none. */
int text_hex_digit(char c);
/* Columns one character takes on a terminal: 0, 1 or 2, never negative (a table from wcwidth's idea, independent of the locale). */
int text_code_columns(uint32_t code);
/* Columns a text made fit to show takes. */
size_t text_columns(const char *text);

/* Sizes with three figures: "0 B", "987 B", "9.8 MiB", "148 KiB". Returns out. */
char *text_bytes(char *out, size_t room, uint64_t bytes);
/* Durations with three figures: "0.41 s", "12.3 s", "148 s", "48 ms", "0.12 ms". Returns out. */
char *text_duration(char *out, size_t room, uint64_t ns);
/* "5,164". Returns out. */
enum { TEXT_GROUPED_BYTES = 32 };
char *text_grouped(char out[TEXT_GROUPED_BYTES], uint64_t value);
/* A URL without user, password and with "..." for the values of its query: fit for screen, logs and reports. Returns out. */
char *text_url_show(char *out, size_t room, const char *url);

#endif
