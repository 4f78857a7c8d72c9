/* content.h - what the server carries: the sample images under the article's paths, and the synthetic files. Server process only. */
#ifndef ORIGIN_CONTENT_H
#define ORIGIN_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

enum { SYNTHETIC_BLOCK_BYTES = 256 * 1024 };

/* One file, in memory for as long as the content is. */
struct body {
    const unsigned char *bytes;
    size_t size;
    const char *type; /* for Content-Type */
};

struct image {
    char *path;    /* as in its URL, "/6022/..._b.jpg"; owned */
    uint8_t *data; /* owned; NULL before it was read */
    size_t size;
    int fd; /* until it was read; else -1 */
};

struct content {
    struct image *images;
    size_t image_count;
    unsigned char *block; /* SYNTHETIC_BLOCK_BYTES that every synthetic file is a window into */
    unsigned files;       /* synthetic files: 0 ... files - 1 */
};

/* Reads DIR/article.urls and opens the file in DIR/images for each of its URLs. 0, or -1 with the reason; content_free in both cases. */
int content_open(struct content *content, const char *dir, unsigned files, struct problem *problem);
/* Reads all that was opened, and closes it; nothing can be found before. 0, or -1 with the reason. */
int content_read(struct content *content, struct problem *problem);
void content_free(struct content *content);
/* The file under a URL's path; false when there is none. */
bool content_find(const struct content *content, const char *path, struct body *out);

/* Where synthetic file n starts in the block; and `count` bytes of the block from `at` on. */
size_t synthetic_start(uint64_t n);
void synthetic_block(size_t at, unsigned char *out, size_t count);

#endif
