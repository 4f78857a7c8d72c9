/* escapes.h - a strict look at the bytes that went to the terminal. */
#ifndef TUI_ESCAPES_H
#define TUI_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a stream of bytes did, as far as a person would mind. */
struct escapes {
    char
        unknown[160]; /* the first thing in it that is not on the list of known sequences, made visible; "": there is none */
    bool alternate_screen;        /* at the end it is on */
    bool was_alternate;           /* it was on once */
    bool cursor_hidden;           /* at the end */
    bool keypad;                  /* at the end: keypad or cursor keys in application mode */
    bool attributes, front, back; /* at the end: bold, reverse and the like; a colour of letters, of the ground */
    size_t colors;                /* how often a colour other than the terminal's own was chosen */
    size_t beyond_ascii;          /* bytes above 0x7f */
};

/* Reads the stream from its beginning. A sequence that breaks off at the very end counts as unknown. */
struct escapes escapes_read(const uint8_t *bytes, size_t count);

#endif
