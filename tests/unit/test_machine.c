/* test_machine.c - what is read off the kernel: on this machine, and on made-up ones in a temporary folder. test: alone (it counts the processes of the machine) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/task_stat.h"
#include "measure/cgroup.h"
#include "measure/load.h"
#include "measure/machine.h"

/* --- a made-up machine -------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

static int root_make(void **state)
{
    static char root[64];
    strcpy(root, "/tmp/juggler-test-XXXXXX");
    *state = mkdtemp(root);
    return *state ? 0 : -1;
}

static int root_remove(void **state)
{
    return nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *root, const char *path, const char *text)
{
    char full[PATH_MAX];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_quota(const char *root, double cores)
{
    double got = cgroup_quota_cores(root);
    if (got < cores - 1e-9 || got > cores + 1e-9)
        fail_msg("a quota of %f cores, not %f", got, cores);
}

static void test_quota_v2_the_smallest_on_the_way_up(void **state)
{
    const char *root = *state;
    put(root, "/proc/self/cgroup", "0::/a/b\n");
    put(root, "/proc/self/mountinfo",
        "30 20 0:26 / /proc rw - proc proc rw\n31 20 0:27 / /cg rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
    assert_quota(root, -1);
    put(root, "/cg/a/b/cpu.max", "max 100000\n");
    assert_quota(root, -1);
    put(root, "/cg/cpu.max", "700000 100000\n");
    assert_quota(root, 7);
    put(root, "/cg/a/cpu.max", "150000 100000\n");
    assert_quota(root, 1.5);
    put(root, "/cg/a/b/cpu.max", "400000 100000\n");
    assert_quota(root, 1.5);
    put(root, "/cg/a/b/cpu.max", "25000 50000\n");
    assert_quota(root, 0.5);
}

static void test_quota_v1_of_the_cpu_hierarchy(void **state)
{
    const char *root = *state;
    put(root, "/proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/y\n");
    put(root, "/proc/self/mountinfo",
        "40 20 0:30 /docker/abc /cg/cpuset ro - cgroup cgroup rw,cpuset\n"
        "41 20 0:31 /docker/abc /cg/cpu,cpuacct ro master:2 - cgroup cgroup rw,cpu,cpuacct\n");
    put(root, "/cg/cpuset/cpu.cfs_quota_us", "100000\n"); /* not the one to look at */
    put(root, "/cg/cpuset/cpu.cfs_period_us", "100000\n");
    put(root, "/cg/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put(root, "/cg/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    assert_quota(root, -1);
    put(root, "/cg/cpu,cpuacct/cpu.cfs_quota_us", "250000\n");
    assert_quota(root, 2.5);
}

static void test_quota_of_nothing_and_of_elsewhere(void **state)
{
    const char *root = *state;
    assert_quota(root, -1); /* no /proc at all */
    put(root, "/proc/self/cgroup", "0::/../../up\n");
    put(root, "/proc/self/mountinfo", "31 20 0:27 / /cg rw - cgroup2 cgroup2 rw\n");
    put(root, "/up/cpu.max", "100000 100000\n"); /* outside of what is mounted */
    assert_quota(root, -1);
    put(root, "/cg/cpu.max", "300000 100000\n");
    assert_quota(root, 3);
}

static void test_which_quota_it_is(void **state)
{
    const char *root = *state;
    const char *file = "";
    assert_true(cgroup_quota(root, &file) < 0);
    assert_null(file);
    put(root, "/proc/self/cgroup", "0::/a\n4:cpu,cpuacct:/b\n");
    put(root, "/proc/self/mountinfo",
        "31 20 0:27 / /cg2 rw - cgroup2 cgroup2 rw\n41 20 0:31 / /cg1 ro - cgroup cgroup rw,cpu,cpuacct\n");
    put(root, "/cg1/b/cpu.cfs_quota_us", "250000\n");
    put(root, "/cg1/b/cpu.cfs_period_us", "100000\n");
    assert_true(cgroup_quota(root, &file) > 2.4);
    assert_string_equal(file, "cpu.cfs_quota_us");
    put(root, "/cg2/a/cpu.max", "150000 100000\n"); /* the smaller of the two holds */
    assert_true(cgroup_quota(root, &file) < 1.6);
    assert_string_equal(file, "cpu.max");
}

static void test_words_name_the_limit_that_decides(void **state)
{
    static const struct {
        struct usable_cores cores;
        const char *words;
    } CASES[] = {
        {{.count = 2, .online = 2, .affinity = 2, .quota = -1}, "2 usable, all the machine has"},
        {{.count = 2, .online = 8, .affinity = 2, .quota = -1}, "2 usable of 8: this process may use 2 (affinity)"},
        {{.count = 2, .online = 8, .affinity = 2, .quota = 4, .quota_file = "cpu.max"},
         "2 usable of 8: this process may use 2 (affinity)"},
        {{.count = 2, .online = 8, .affinity = 8, .quota = 1.5, .quota_file = "cpu.max"},
         "2 usable of 8: the container's quota is 1.5 cores (cgroup cpu.max)"},
        {{.count = 1, .online = 2, .affinity = 2, .quota = 1, .quota_file = "cpu.cfs_quota_us"},
         "1 usable of 2: the container's quota is 1 core (cgroup cpu.cfs_quota_us)"},
        {{.count = 2, .online = 2, .affinity = 2, .quota = 1.75, .quota_file = "cpu.max"},
         "2 usable of 2: the container's quota is 1.75 cores (cgroup cpu.max)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char words[CORES_WORDS_BYTES];
        assert_string_equal(machine_cores_words(&CASES[i].cores, words, sizeof words), CASES[i].words);
    }
}

/* --- this machine ------------------------------------------------------------------------------- */

static void test_cores_follow_the_affinity(void **state)
{
    cpu_set_t before;
    cpu_set_t one;
    (void)state;
    struct usable_cores cores = machine_usable_cores();
    assert_true(cores.count >= 1 && cores.count <= cores.affinity);
    assert_true(cores.affinity <= cores.online);
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(cores.affinity, CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (size_t core = 0; CPU_COUNT(&one) == 0; core++)
        if (CPU_ISSET(core, &before))
            CPU_SET(core, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    cores = machine_usable_cores();
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(cores.affinity, 1);
    assert_int_equal(cores.count, 1);
}

static void burn_ms(uint64_t ms)
{
    uint64_t until = clock_thread_cpu_ns() + ms * NS_PER_MS;
    while (clock_thread_cpu_ns() < until)
        ;
}

static void test_load_of_a_busy_core(void **state)
{
    static struct machine_load load;
    cpu_set_t before;
    cpu_set_t one;
    size_t core = (size_t)sched_getcpu();
    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    machine_load_update(&load);
    assert_true(load.cores >= 1);
    assert_true(load.busy[core] < 0); /* one reading is not enough */
    burn_ms(300);
    machine_load_update(&load);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_true(load.busy[core] > 0.7 && load.busy[core] <= 1);
}

static void test_load_of_made_up_readings(void **state)
{
    static struct machine_load load;
    (void)state;
    machine_load_read(&load,
                      "cpu  9 9 9 9\ncpu0 100 0 0 100 0 0 0 0 0 0\ncpu2 5 5 5 5 5 5 5 5 0 0\nintr 1 2 3\ncpu1 1 1 1 1\n");
    assert_int_equal(load.cores, 3);
    assert_true(load.busy[0] < 0 && load.busy[1] < 0 && load.busy[2] < 0);
    machine_load_read(&load, "cpu  9 9 9 9\ncpu0 130 0 0 170 0 0 0 0 0 0\ncpu1 1 1 1 1\nintr 1\n");
    assert_true(load.busy[0] > 0.2999 && load.busy[0] < 0.3001);
    assert_true(load.busy[1] < 0);
    assert_int_equal(load.cores, 2);
    machine_load_read(&load, "cpu0 130 0 0 170 0 0 0 0 0 0\ncpu1 1 1 1 11\n"); /* clock stood still; all idle */
    assert_true(load.busy[0] > 0.2999 && load.busy[0] < 0.3001);
    assert_true(load.busy[1] > -0.0001 && load.busy[1] < 0.0001);
    machine_load_read(&load, "");
    assert_int_equal(load.cores, 0);
}

static void test_processes_are_counted(void **state)
{
    (void)state;
    enum { CHILDREN = 20 };
    pid_t children[CHILDREN];
    unsigned before = machine_processes();
    assert_true(before >= 1);
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            pause();
            _exit(0);
        }
    }
    unsigned with = machine_processes();
    for (int i = 0; i < CHILDREN; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    assert_true(with + 10 >= before + CHILDREN); /* others come and go meanwhile */
    assert_true(with <= before + CHILDREN + 10);
}

static void test_task_of_this_thread_and_of_none(void **state)
{
    (void)state;
    struct task_state self = machine_task(getpid(), gettid());
    assert_int_equal(self.letter, 'R');
    assert_true(self.core >= 0 && self.core < (int)sysconf(_SC_NPROCESSORS_CONF));
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    assert_true(child > 0);
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(machine_task(child, child).letter, 'Z');
    waitpid(child, NULL, 0);
    struct task_state gone = machine_task(child, child);
    assert_int_equal(gone.letter, 0);
    assert_int_equal(gone.core, -1);
}

static void test_task_with_brackets_in_its_name(void **state)
{
    (void)state;
    struct task_stat task =
        task_stat_parse("7 (a) R 9) 8) S 1 1 1 0 -1 4194304 9 0 0 0 0 0 0 0 20 0 1 0 99 1 1 1 1 1 1 1 1 0 0 0 0 0 0 "
                        "0 17 5 0 0 0 0 0\n");
    assert_int_equal(task.letter, 'S');
    assert_int_equal(task.core, 5);
    assert_int_equal(task_stat_parse("7 (cut) D 1 1").letter, 'D');
    assert_int_equal(task_stat_parse("7 (cut) D 1 1").core, -1);
    assert_int_equal(task_stat_parse("").letter, 0);
}

static void test_memory_of_this_machine(void **state)
{
    uint64_t pss = 0;
    uint64_t private_bytes = 0;
    uint64_t rss = 0;
    (void)state;
    assert_true(machine_memory_available() > 0);
    if (!machine_memory_of(getpid(), &pss, &private_bytes, &rss))
        skip(); /* a kernel before 4.14 */
    assert_true(private_bytes <= pss && pss <= rss && private_bytes > 0);
    assert_false(machine_memory_of(0x7ffffff0, &pss, &private_bytes, &rss));
}

/* In a child, because the limit cannot be taken back. */
static void test_memory_under_an_address_space_limit(void **state)
{
    (void)state;
    uint64_t before = machine_memory_available();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit limit = {.rlim_cur = 1 << 20, .rlim_max = RLIM_INFINITY}; /* less than is mapped already */
        getrlimit(RLIMIT_AS, &limit);
        limit.rlim_cur = 1 << 20;
        int failed = setrlimit(RLIMIT_AS, &limit);
        _exit(!failed && machine_memory_available() < (1 << 20) ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_true(before > (1 << 20));
    assert_int_equal(status, 0);
}

/* The dashboard asks several times a second. */
static void test_a_look_is_cheap(void **state)
{
    static struct machine_load load;
    (void)state;
    uint64_t start = clock_thread_cpu_ns();
    for (int i = 0; i < 20; i++) {
        machine_load_update(&load);
        machine_processes();
        machine_task(getpid(), getpid());
    }
    assert_true((clock_thread_cpu_ns() - start) / 20 < 20 * NS_PER_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_quota_v2_the_smallest_on_the_way_up, root_make, root_remove),
        cmocka_unit_test_setup_teardown(test_quota_v1_of_the_cpu_hierarchy, root_make, root_remove),
        cmocka_unit_test_setup_teardown(test_quota_of_nothing_and_of_elsewhere, root_make, root_remove),
        cmocka_unit_test_setup_teardown(test_which_quota_it_is, root_make, root_remove),
        cmocka_unit_test(test_words_name_the_limit_that_decides),
        cmocka_unit_test(test_cores_follow_the_affinity),
        cmocka_unit_test(test_load_of_a_busy_core),
        cmocka_unit_test(test_load_of_made_up_readings),
        cmocka_unit_test(test_processes_are_counted),
        cmocka_unit_test(test_task_of_this_thread_and_of_none),
        cmocka_unit_test(test_task_with_brackets_in_its_name),
        cmocka_unit_test(test_memory_of_this_machine),
        cmocka_unit_test(test_memory_under_an_address_space_limit),
        cmocka_unit_test(test_a_look_is_cheap),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
