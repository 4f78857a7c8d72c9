/* reel_source.c - the bytes of a record, in memory or in a file; and a chunk of them, checked and inflated. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sys.h"
#include "record/reel_private.h"

enum { INFLATE_WINDOW = -15 /* whatever window the writer took */ };

bool source_read(const struct reel_source *source, uint64_t offset, void *out, size_t count)
{
    if (offset > source->count || count > source->count - offset)
        return false;
    if (source->bytes) {
        if (count)
            memcpy(out, source->bytes + offset, count);
        return true;
    }
    for (size_t got = 0; got < count;) {
        ssize_t more = pread(source->fd, (char *)out + got, count - got, (off_t)(offset + got));
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return false;
        got += (size_t)more;
    }
    return true;
}

void source_close(struct reel_source *source)
{
    if (source->inflates)
        inflateEnd(&source->inflater);
    if (source->fd >= 0)
        close(source->fd);
    free(source->stored);
    free(source->raw);
}

static bool reach(uint8_t **bytes, size_t *room, size_t count)
{
    if (count <= *room)
        return true;
    uint8_t *more = sys_realloc(*bytes, count);
    if (!more)
        return false;
    *bytes = more;
    *room = count;
    return true;
}

/* To exactly as many bytes as its head says. */
static enum source_result unpack(struct reel_source *source, const struct chunk_head *head)
{
    z_stream *stream = &source->inflater;
    if (!source->inflates && inflateInit2(stream, INFLATE_WINDOW) != Z_OK)
        return SOURCE_NO_MEMORY;
    source->inflates = true;
    inflateReset(stream);
    stream->next_in = source->stored;
    stream->avail_in = head->stored_bytes;
    stream->next_out = source->raw;
    stream->avail_out = head->raw_bytes;
    bool whole = inflate(stream, Z_FINISH) == Z_STREAM_END && !stream->avail_in && !stream->avail_out;
    return whole ? SOURCE_CHUNK : SOURCE_DAMAGED;
}

enum source_result source_chunk(struct reel_source *source, uint64_t offset, uint32_t checksum_before,
                                struct chunk_head *head, struct wire_in *payload, const char **what)
{
    uint8_t bytes[RECORD_HEAD_BYTES];
    *what = "";
    if (offset == source->count)
        return SOURCE_END;
    if (!source_read(source, offset, bytes, sizeof bytes))
        return SOURCE_CUT;
    *what = chunk_head_take(bytes, head);
    if (*what)
        return SOURCE_DAMAGED;
    if (head->stored_bytes > source->count - offset - sizeof bytes)
        return SOURCE_CUT;
    if (!reach(&source->stored, &source->stored_room, head->stored_bytes) ||
        !reach(&source->raw, &source->raw_room, head->raw_bytes))
        return SOURCE_NO_MEMORY;
    if (!source_read(source, offset + sizeof bytes, source->stored, head->stored_bytes))
        return SOURCE_CUT;
    *what = "the checksum";
    if (chunk_checksum(checksum_before, bytes, source->stored, head->stored_bytes) != head->checksum)
        return SOURCE_DAMAGED;
    bool deflated = head->flags & FLAG_DEFLATED;
    const uint8_t *from = deflated ? source->raw : source->stored;
    *payload = (struct wire_in){.at = from, .end = from ? from + head->raw_bytes : from};
    *what = "the compressed data";
    return deflated ? unpack(source, head) : SOURCE_CHUNK;
}
