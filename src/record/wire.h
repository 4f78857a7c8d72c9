/* wire.h - numbers and texts as bytes of a record: what is small takes little room. Pure.
 *
 * Numbers are LEB128: seven bits a byte, the last one without the top bit. Signed ones and differences are folded first (zigzag), so that
 * small negative ones are short too. Reading never goes past the end: from the first thing that is wrong on, everything reads as 0
 * and `bad` says so. */
#ifndef RECORD_WIRE_H
#define RECORD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that grow. Zero-initialise; free with wire_free. failed: there was no memory, and what is in it is not whole. */
struct wire_out {
    uint8_t *bytes;
    size_t count, room;
    bool failed;
};
void wire_free(struct wire_out *out);
void wire_byte(struct wire_out *out, uint8_t byte);
void wire_bytes(struct wire_out *out, const void *bytes, size_t count);
void wire_number(struct wire_out *out, uint64_t value);
/* now - before, modulo 2^64: every pair comes back exactly. */
void wire_change(struct wire_out *out, uint64_t now, uint64_t before);
void wire_double(struct wire_out *out, double value);
void wire_text(struct wire_out *out, const char *text); /* NULL stays NULL */

struct wire_in {
    const uint8_t *at, *end;
    bool bad;
};
uint8_t wire_take_byte(struct wire_in *in);
uint64_t wire_take_number(struct wire_in *in);
/* More than `most` is bad, and reads as 0. */
uint64_t wire_take_up_to(struct wire_in *in, uint64_t most);
uint64_t wire_take_change(struct wire_in *in, uint64_t before);
double wire_take_double(struct wire_in *in);
/* A text of at most `most` bytes and no NUL: where it begins (it is not terminated) and how long it is; NULL: it was NULL, or is bad. */
const char *wire_take_text(struct wire_in *in, size_t most, size_t *length);
/* The same, copied to out and terminated; what does not fit into room is bad. False: it was NULL, or is bad; out is "". */
bool wire_take_text_into(struct wire_in *in, char *out, size_t room);
size_t wire_left(const struct wire_in *in);

#endif
