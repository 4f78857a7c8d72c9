/* wire.c - numbers and texts as bytes of a record. See wire.h. */
#include "record/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/sys.h"

enum { FIRST_ROOM = 1024, NUMBER_BYTES = 10 };

/* --- writing -------------------------------------------------------------------------------------- */

void wire_free(struct wire_out *out)
{
    free(out->bytes);
    *out = (struct wire_out){0};
}

static bool reach(struct wire_out *out, size_t more)
{
    if (out->failed)
        return false;
    if (out->room - out->count >= more)
        return true;
    size_t room = (out->room ? out->room * 2 : FIRST_ROOM) + more;
    uint8_t *bytes = sys_realloc(out->bytes, room);
    if (!bytes) {
        out->failed = true;
        return false;
    }
    out->bytes = bytes;
    out->room = room;
    return true;
}

void wire_byte(struct wire_out *out, uint8_t byte)
{
    if (reach(out, 1))
        out->bytes[out->count++] = byte;
}

void wire_bytes(struct wire_out *out, const void *bytes, size_t count)
{
    if (!count || !reach(out, count))
        return;
    memcpy(out->bytes + out->count, bytes, count);
    out->count += count;
}

void wire_number(struct wire_out *out, uint64_t value)
{
    if (!reach(out, NUMBER_BYTES))
        return;
    for (; value >= 0x80; value >>= 7)
        out->bytes[out->count++] = (uint8_t)(value | 0x80);
    out->bytes[out->count++] = (uint8_t)value;
}

static uint64_t fold(uint64_t value)
{
    return value << 1 ^ (value >> 63 ? UINT64_MAX : 0);
}

static uint64_t unfold(uint64_t value)
{
    return value >> 1 ^ (value & 1 ? UINT64_MAX : 0);
}

void wire_change(struct wire_out *out, uint64_t now, uint64_t before)
{
    wire_number(out, fold(now - before));
}

void wire_double(struct wire_out *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 8; i++)
        wire_byte(out, (uint8_t)(bits >> 8 * i));
}

void wire_text(struct wire_out *out, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    wire_number(out, text ? length + 1 : 0);
    wire_bytes(out, text, length);
}

/* --- reading -------------------------------------------------------------------------------------- */

static void spoil(struct wire_in *in)
{
    in->bad = true;
    in->at = in->end;
}

uint8_t wire_take_byte(struct wire_in *in)
{
    if (in->at < in->end)
        return *in->at++;
    spoil(in);
    return 0;
}

uint64_t wire_take_number(struct wire_in *in)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = wire_take_byte(in);
        if (shift == 63 && byte > 1)
            break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return in->bad ? 0 : value;
    }
    spoil(in);
    return 0;
}

uint64_t wire_take_up_to(struct wire_in *in, uint64_t most)
{
    uint64_t value = wire_take_number(in);
    if (value <= most)
        return value;
    spoil(in);
    return 0;
}

uint64_t wire_take_change(struct wire_in *in, uint64_t before)
{
    return before + unfold(wire_take_number(in));
}

double wire_take_double(struct wire_in *in)
{
    uint64_t bits = 0;
    double value;
    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)wire_take_byte(in) << 8 * i;
    memcpy(&value, &bits, sizeof value);
    return in->bad ? 0 : value;
}

const char *wire_take_text(struct wire_in *in, size_t most, size_t *length)
{
    *length = 0;
    uint64_t with_one = wire_take_number(in);
    if (in->bad || with_one == 0)
        return NULL;
    size_t bytes = (size_t)(with_one - 1);
    if (bytes > most || bytes > wire_left(in) || (bytes && memchr(in->at, 0, bytes))) {
        spoil(in);
        return NULL;
    }
    const char *text = (const char *)in->at;
    in->at += bytes;
    *length = bytes;
    return text;
}

bool wire_take_text_into(struct wire_in *in, char *out, size_t room)
{
    size_t length;
    const char *text = wire_take_text(in, room - 1, &length);
    if (text)
        memcpy(out, text, length);
    out[text ? length : 0] = '\0';
    return text;
}

size_t wire_left(const struct wire_in *in)
{
    return (size_t)(in->end - in->at);
}
