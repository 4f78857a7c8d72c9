/* fuzz.h - what the fuzz targets share: what has to be so, and the input as a text.
 *
 * A target is a file fuzz_NAME.c with LLVMFuzzerTestOneInput. It says what has to be true of whatever comes out, with FUZZ_CHECK: that nothing
 * crashes is what the sanitizers look for by themselves. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define FUZZ_CHECK(condition)                                                                                               \
    do {                                                                                                                    \
        if (!(condition)) {                                                                                                 \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                         \
            __builtin_trap();                                                                                               \
        }                                                                                                                   \
    } while (0)

/* The bytes with a NUL behind them, in a block of exactly that size, so that reading past the end is seen. To be freed. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* Takes a byte off the front; 0 when there is none. */
static inline uint8_t fuzz_byte(const uint8_t **data, size_t *size)
{
    if (!*size)
        return 0;
    --*size;
    return *(*data)++;
}

/* Eight bytes, little-endian, zeros behind the end. */
static inline uint64_t fuzz_number(const uint8_t **data, size_t *size)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number |= (uint64_t)fuzz_byte(data, size) << 8 * i;
    return number;
}

/* What a person would not see, or what would move or reorder what they see, and no character at all: written down here once more, by category
 * and not by the table that is tested. */
static inline bool fuzz_is_unseen(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
           code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f) || code > 0x10ffff ||
           (code >= 0xd800 && code <= 0xdfff);
}

/* Valid UTF-8 without control characters (C0, DEL, C1). */
static inline bool fuzz_is_plain(const char *text)
{
    while (*text) {
        uint32_t code = text_next(&text);
        if (code == UINT32_MAX || code < 0x20 || (code >= 0x7f && code < 0xa0))
            return false;
    }
    return true;
}

/* The name of a file in the output folder. */
static inline bool fuzz_is_file_name(const char *name)
{
    size_t bytes = strlen(name);
    return bytes >= 1 && bytes <= 200 && name[0] != '.' && !strchr(name, '/') && fuzz_is_plain(name);
}

#endif
