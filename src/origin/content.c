/* content.c - what the server carries. See content.h.
 *
 * Everything is opened before the server listens, and read before it answers: no request ever opens a file, so none can reach one that it
 * should not. Two steps, because whoever started the server waits only for the first, in which whatever is wrong with the files is found. */
#include "origin/content.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/problem.h"
#include "base/sys.h"
#include "origin/origin.h"

enum { LIST_BYTES_MAX = 1 << 20, IMAGE_BYTES_MAX = 64 << 20, IMAGES_MAX = 1000 };

/* A file that can be read whole: its descriptor, or -1 with the reason. */
static int open_file(const char *path, size_t max, size_t *out_size, struct problem *problem)
{
    struct stat stat;
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0) {
        problem_set_errno(problem, errno, "cannot open %s", path);
        return -1;
    }
    if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size < 0 || (uintmax_t)stat.st_size > max) {
        problem_set(problem, "%s is not a file of at most %zu bytes", path, max);
        sys_close(fd);
        return -1;
    }
    *out_size = (size_t)stat.st_size;
    return fd;
}

/* Reads a file whole and closes it; a NUL that is not counted follows it. NULL with the reason. */
static uint8_t *read_file(int fd, const char *path, size_t size, struct problem *problem)
{
    size_t have = 0;
    uint8_t *data = sys_alloc(size + 1);
    ssize_t got = 0;
    for (; data && have < size; have += (size_t)got) {
        got = sys_read(fd, data + have, size - have);
        if (got <= 0)
            break;
    }
    int error = !data ? ENOMEM : got < 0 ? errno : EIO;
    sys_close(fd);
    if (data && have == size) {
        data[size] = 0;
        return data;
    }
    problem_set_errno(problem, error, "cannot read %s", path);
    free(data);
    return NULL;
}

/* The path of a URL on a line, without query and fragment; NULL when there is none. Changes the line. */
static char *path_of_line(char *line)
{
    line += strspn(line, " \t");
    line[strcspn(line, "?#\r\n \t")] = 0;
    char *host = strstr(line, "://");
    return host ? strchr(host + 3, '/') : NULL;
}

static int add_image(struct content *content, const char *dir, const char *path, struct problem *problem)
{
    const char *name = strrchr(path, '/') + 1;
    if (!*name || name[0] == '.') {
        problem_set(problem, "%s/article.urls: %s has no file name", dir, path);
        return -1;
    }
    char file[PATH_MAX];
    int length = snprintf(file, sizeof file, "%s/images/%s", dir, name);
    if (length < 0 || (size_t)length >= sizeof file) {
        problem_set(problem, "the path of sample image %s is too long", name);
        return -1;
    }
    struct image *image = &content->images[content->image_count];
    image->path = sys_strdup(path);
    if (!image->path) {
        problem_set_errno(problem, errno, "cannot hold the sample images");
        return -1;
    }
    image->fd = open_file(file, IMAGE_BYTES_MAX, &image->size, problem);
    content->image_count++;
    return image->fd < 0 ? -1 : 0;
}

static int open_images(struct content *content, const char *dir, char *list, struct problem *problem)
{
    content->images = sys_alloc_zeroed(IMAGES_MAX, sizeof *content->images);
    if (!content->images) {
        problem_set_errno(problem, errno, "cannot hold the sample images");
        return -1;
    }
    char *rest = list;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && content->image_count < IMAGES_MAX;) {
        char *path = path_of_line(line);
        if (path && add_image(content, dir, path, problem))
            return -1;
    }
    return 0;
}

int content_open(struct content *content, const char *dir, unsigned files, struct problem *problem)
{
    *content = (struct content){.files = files};
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/article.urls", dir);
    if (length < 0 || (size_t)length >= sizeof path) {
        problem_set(problem, "the path of the sample data is too long");
        return -1;
    }
    size_t size = 0;
    int fd = open_file(path, LIST_BYTES_MAX, &size, problem);
    uint8_t *list = fd < 0 ? NULL : read_file(fd, path, size, problem);
    if (!list)
        return -1;
    int failed = open_images(content, dir, (char *)list, problem);
    free(list);
    return failed;
}

static int read_images(struct content *content, struct problem *problem)
{
    for (size_t i = 0; i < content->image_count; i++) {
        struct image *image = &content->images[i];
        image->data = read_file(image->fd, image->path, image->size, problem);
        image->fd = -1;
        if (!image->data)
            return -1;
    }
    return 0;
}

int content_read(struct content *content, struct problem *problem)
{
    content->block = sys_alloc(SYNTHETIC_BLOCK_BYTES);
    if (!content->block) {
        problem_set_errno(problem, errno, "cannot hold the synthetic files");
        return -1;
    }
    synthetic_block(0, content->block, SYNTHETIC_BLOCK_BYTES);
    return read_images(content, problem);
}

void content_free(struct content *content)
{
    for (size_t i = 0; i < content->image_count; i++) {
        if (content->images[i].fd >= 0)
            sys_close(content->images[i].fd);
        free(content->images[i].path);
        free(content->images[i].data);
    }
    free(content->images);
    free(content->block);
    *content = (struct content){0};
}

/* "/synthetic/N": N in plain decimal without leading zeros, so that every file has one address. */
static bool synthetic_number(const char *path, uint64_t *out)
{
    const char prefix[] = "/synthetic/";
    if (strncmp(path, prefix, sizeof prefix - 1) != 0)
        return false;
    const char *digits = path + sizeof prefix - 1;
    size_t count = strspn(digits, "0123456789");
    if (!count || count > 10 || digits[count] || (count > 1 && digits[0] == '0'))
        return false;
    *out = strtoull(digits, NULL, 10);
    return true;
}

bool content_find(const struct content *content, const char *path, struct body *out)
{
    uint64_t n = 0;
    if (synthetic_number(path, &n)) {
        if (n >= content->files)
            return false;
        *out = (struct body){.bytes = content->block + synthetic_start(n),
                             .size = (size_t)origin_synthetic_bytes(n),
                             .type = "application/octet-stream"};
        return true;
    }
    for (size_t i = 0; i < content->image_count; i++) {
        const struct image *image = &content->images[i];
        if (strcmp(image->path, path) == 0) {
            *out = (struct body){.bytes = image->data, .size = image->size, .type = "image/jpeg"};
            return true;
        }
    }
    return false;
}
