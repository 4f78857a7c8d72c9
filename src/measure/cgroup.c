/* cgroup.c - the quota of processor time. See cgroup.h.
 *
 * /proc/self/cgroup says which group the process is in, /proc/self/mountinfo where its hierarchy is mounted and which group that
 * mount shows as its root. A quota anywhere on the way from the group up to that root holds, so all of them are read. */
#include "measure/cgroup.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/proc_file.h"

enum { TEXT_ROOM = 65536 };

/* A hierarchy that can hold a quota. */
struct hierarchy {
    const char *type; /* of the file system in mountinfo */
    const char *file; /* where it is said */
    bool is_v2;
    double (*quota_in)(const char *folder);
};

static double quota_v2(const char *folder)
{
    char path[PATH_MAX];
    char text[128];
    double quota = 0;
    double period = 0;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (proc_read(path, text, sizeof text) <= 0 || sscanf(text, "%lf %lf", &quota, &period) != 2)
        return -1; /* no such file, or "max" */
    return quota > 0 && period > 0 ? quota / period : -1;
}

static double quota_v1(const char *folder)
{
    char path[PATH_MAX];
    char text[64];
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (proc_read(path, text, sizeof text) <= 0)
        return -1;
    double quota = strtod(text, NULL);
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    if (proc_read(path, text, sizeof text) <= 0)
        return -1;
    double period = strtod(text, NULL);
    return quota > 0 && period > 0 ? quota / period : -1;
}

static const struct hierarchy HIERARCHIES[] = {
    {.type = "cgroup2", .file = "cpu.max", .is_v2 = true, .quota_in = quota_v2},
    {.type = "cgroup", .file = "cpu.cfs_quota_us", .is_v2 = false, .quota_in = quota_v1},
};

/* True when `word` is one of the comma-separated words from text up to its end or the stop character. */
static bool list_has(const char *text, char stop, const char *word)
{
    size_t length = strlen(word);
    while (*text && *text != stop) {
        size_t span = strcspn(text, ",: \n");
        if (span == length && strncmp(text, word, length) == 0)
            return true;
        text += span;
        if (*text == ',')
            text++;
        else
            break;
    }
    return false;
}

/* The group of this process in the hierarchy: a line "0::/path" for v2, "1:cpu,cpuacct:/path" for v1. */
static bool group_path(const char *text, bool is_v2, char out[PATH_MAX])
{
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *list = strchr(line, ':');
        const char *path = list ? strchr(list + 1, ':') : NULL;
        if (!path)
            continue;
        bool ours = is_v2 ? strncmp(line, "0::", 3) == 0 : list_has(list + 1, ':', "cpu");
        if (!ours)
            continue;
        int span = (int)strcspn(path + 1, "\n");
        snprintf(out, PATH_MAX, "%.*s", span, path + 1);
        return true;
    }
    return false;
}

struct mount {
    char root[PATH_MAX];  /* the group it shows */
    char point[PATH_MAX]; /* where */
};

/* One line of mountinfo: "ID PARENT DEV ROOT POINT OPTIONS [TAGS] - TYPE SOURCE SUPER". */
static bool mount_matches(const char *line, const struct hierarchy *hierarchy, struct mount *out)
{
    char type[32];
    char super[512];
    char copy[2 * PATH_MAX];
    snprintf(copy, sizeof copy, "%.*s", (int)strcspn(line, "\n"), line);
    const char *dash = strstr(copy, " - ");
    if (!dash || sscanf(dash, " - %31s %*s %511s", type, super) != 2 || strcmp(type, hierarchy->type) != 0)
        return false;
    if (!hierarchy->is_v2 && !list_has(super, '\0', "cpu"))
        return false;
    _Static_assert(PATH_MAX == 4096, "the widths below");
    return sscanf(copy, "%*s %*s %*s %4095s %4095s", out->root, out->point) == 2;
}

static bool mount_find(const char *text, const struct hierarchy *hierarchy, struct mount *out)
{
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (mount_matches(line, hierarchy, out))
            return true;
    }
    return false;
}

/* The part of the group's path below what the mount shows; "" when it lies elsewhere (another name space). */
static const char *path_below(const char *group, const char *root)
{
    size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (strstr(group, "/..") || strncmp(group, root, length) != 0 || (group[length] != '/' && group[length] != '\0'))
        return "";
    return strcmp(group + length, "/") == 0 ? "" : group + length;
}

static double smaller(double a, double b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

static double quota_up_to(const struct hierarchy *hierarchy, char *folder, size_t top_length)
{
    double least = -1;
    for (;;) {
        least = smaller(least, hierarchy->quota_in(folder));
        char *slash = strrchr(folder, '/');
        if (!slash || strlen(folder) <= top_length || (size_t)(slash - folder) < top_length)
            return least;
        *slash = '\0';
    }
}

static double quota_of(const struct hierarchy *hierarchy, const char *root, const char *groups, const char *mounts)
{
    char group[PATH_MAX];
    struct mount mount;
    if (!group_path(groups, hierarchy->is_v2, group) || !mount_find(mounts, hierarchy, &mount))
        return -1;
    char folder[3 * PATH_MAX];
    int top = snprintf(folder, sizeof folder, "%s%s", root, mount.point);
    if (top < 0 || (size_t)top >= sizeof folder)
        return -1;
    snprintf(folder + top, sizeof folder - (size_t)top, "%s", path_below(group, mount.root));
    return quota_up_to(hierarchy, folder, (size_t)top);
}

double cgroup_quota(const char *root, const char **file)
{
    char path[PATH_MAX];
    char groups[TEXT_ROOM / 8];
    char mounts[TEXT_ROOM];
    *file = NULL;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (proc_read(path, groups, sizeof groups) <= 0)
        return -1;
    snprintf(path, sizeof path, "%s/proc/self/mountinfo", root);
    if (proc_read(path, mounts, sizeof mounts) <= 0)
        return -1;
    double least = -1;
    for (size_t i = 0; i < sizeof HIERARCHIES / sizeof HIERARCHIES[0]; i++) {
        double quota = quota_of(&HIERARCHIES[i], root, groups, mounts);
        if (quota >= 0 && (least < 0 || quota < least))
            *file = HIERARCHIES[i].file;
        least = smaller(least, quota);
    }
    return least;
}

double cgroup_quota_cores(const char *root)
{
    const char *file;
    return cgroup_quota(root, &file);
}
