/* machine_facts.c - what machine this is. See machine_facts.h. */
#include "measure/machine_facts.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/proc_file.h"

enum { FILE_ROOM = 8192 };

static void read_kernel(struct machine_facts *facts)
{
    struct utsname names;
    if (uname(&names) == 0)
        snprintf(facts->kernel, sizeof facts->kernel, "%.30s %.60s %.30s", names.sysname, names.release, names.machine);
}

/* x86 says "model name", some others "Model", "Processor" or "cpu". */
static void read_processor(struct machine_facts *facts)
{
    static const char *const KEYS[] = {"\nmodel name", "\nModel", "\nProcessor", "\ncpu"};
    char text[FILE_ROOM] = "\n";
    if (proc_read("/proc/cpuinfo", text + 1, sizeof text - 1) < 0)
        return;
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        const char *line = strstr(text, KEYS[i]);
        const char *value = line ? line + strlen(KEYS[i]) : NULL;
        if (!value)
            continue;
        value += strspn(value, " \t:");
        snprintf(facts->processor, sizeof facts->processor, "%.*s", (int)strcspn(value, "\n"), value);
        return;
    }
}

static void read_memory(struct machine_facts *facts)
{
    char text[FILE_ROOM];
    uint64_t kib = 0;
    if (proc_read("/proc/meminfo", text, sizeof text) > 0 && proc_number(text, "MemTotal:", &kib) == 0)
        facts->memory_bytes = kib * 1024;
}

static void read_cores(struct machine_facts *facts)
{
    struct usable_cores cores = machine_usable_cores();
    facts->cores = cores;
    machine_cores_words(&cores, facts->cores_why, sizeof facts->cores_why);
}

struct machine_facts machine_facts_read(void)
{
    struct machine_facts facts = {.kernel = "", .processor = ""};
    read_kernel(&facts);
    read_processor(&facts);
    read_memory(&facts);
    read_cores(&facts);
    return facts;
}
