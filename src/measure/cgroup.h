/* cgroup.h - how much of the cores the control groups let this process have. Private to src/measure. */
#ifndef MEASURE_CGROUP_H
#define MEASURE_CGROUP_H

/* The smallest quota, in cores, of the groups this process is in and of all above them: cgroup v2 cpu.max, v1 cpu.cfs_quota_us.
 * < 0: none. `root` stands before every path: "" for this machine, a folder in tests. */
double cgroup_quota_cores(const char *root);
/* The same, and in *file the name of the file that says so ("cpu.max", "cpu.cfs_quota_us"); NULL: there is no quota. */
double cgroup_quota(const char *root, const char **file);

#endif
