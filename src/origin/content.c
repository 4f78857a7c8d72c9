/* content.c - what the server carries. See content.h.
 *
 * Everything is read before the server listens: no request ever opens a file, so none can reach one that it should not. */
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

static int read_open_file(int fd, const char *path, size_t max, uint8_t **out, size_t *out_size, struct problem *problem)
{
    struct stat stat;
    if (fstat(fd, &stat) || !S_ISREG(stat.st_mode) || stat.st_size < 0 || (uintmax_t)stat.st_size > max) {
        problem_set(problem, "%s is not a file of at most %zu bytes", path, max);
        return -1;
    }
    size_t size = (size_t)stat.st_size;
    size_t have = 0;
    uint8_t *data = sys_alloc(size + 1);
    if (!data) {
        problem_set_errno(problem, errno, "cannot hold %s", path);
        return -1;
    }
    while (have < size) {
        ssize_t got = sys_read(fd, data + have, size - have);
        if (got <= 0) {
            problem_set_errno(problem, got ? errno : EIO, "cannot read %s", path);
            free(data);
            return -1;
        }
        have += (size_t)got;
    }
    data[size] = 0;
    *out = data;
    *out_size = size;
    return 0;
}

/* Reads a file whole; a NUL that is not counted follows it. */
static int read_file(const char *path, size_t max, uint8_t **out, size_t *out_size, struct problem *problem)
{
    int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0) {
        problem_set_errno(problem, errno, "cannot open %s", path);
        return -1;
    }
    int failed = read_open_file(fd, path, max, out, out_size, problem);
    sys_close(fd);
    return failed;
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
    content->image_count++;
    return read_file(file, IMAGE_BYTES_MAX, &image->data, &image->size, problem);
}

static int load_images(struct content *content, const char *dir, char *list, struct problem *problem)
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

static int load_block(struct content *content, unsigned files, struct problem *problem)
{
    content->block = sys_alloc(SYNTHETIC_BLOCK_BYTES);
    if (!content->block) {
        problem_set_errno(problem, errno, "cannot hold the synthetic files");
        return -1;
    }
    synthetic_block(0, content->block, SYNTHETIC_BLOCK_BYTES);
    content->files = files;
    return 0;
}

int content_load(struct content *content, const char *dir, unsigned files, struct problem *problem)
{
    *content = (struct content){0};
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/article.urls", dir);
    if (length < 0 || (size_t)length >= sizeof path) {
        problem_set(problem, "the path of the sample data is too long");
        return -1;
    }
    uint8_t *list = NULL;
    size_t size = 0;
    if (read_file(path, LIST_BYTES_MAX, &list, &size, problem))
        return -1;
    int failed = load_images(content, dir, (char *)list, problem);
    free(list);
    return failed ? -1 : load_block(content, files, problem);
}

void content_free(struct content *content)
{
    for (size_t i = 0; i < content->image_count; i++) {
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
