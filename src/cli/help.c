/* help.c - the texts of --help and --version. Examples first: most people want one of them. */
#include "cli/help.h"

#include "cli/libraries.h"
#include "juggler/version.h"

static const char DASHBOARD[] = "Examples:\n"
                                "  juggler                                  the dashboard, on the sample work\n"
                                "  juggler download list.txt                your own list of URLs\n"
                                "  juggler primes 50328 22756 39371 44832   your own limits\n"
                                "  juggler download list.txt --with thread-pool:50 primes 1e6 --with sequential\n"
                                "  juggler run download list.txt -o images  no screen; a table at the end\n"
                                "  juggler run primes 1e6 --json            the result for a script\n"
                                "\n"
                                "Usage:\n"
                                "  juggler [download FILE...] [primes LIMIT...]   the dashboard\n"
                                "  juggler run download|primes [INPUT...]         headless\n"
                                "  juggler serve                                  the built-in web server alone\n"
                                "  juggler doctor                                 what this machine offers, lacks\n"
                                "  juggler run --help, juggler serve --help, juggler doctor --help\n"
                                "\n"
                                "juggler makes concurrency visible: threads and processes download files and\n"
                                "look for primes; you see what each of them is doing, and change their number\n"
                                "while they work.\n"
                                "\n"
                                "Options of a work, after its name:\n"
                                "  --with HOW[:WIDTH]   how it is carried out: sequential, thread-each,\n"
                                "                       thread-batch, thread-pool, process-each, process-batch,\n"
                                "                       process-pool (default: thread-pool:10 for downloads,\n"
                                "                       process-pool:4 for primes)\n"
                                "  -o, --output DIR     keep the files: downloads under their own names,\n"
                                "                       products as product-LIMIT.txt\n"
                                "  and the others of downloads and of primes: see juggler run --help\n"
                                "\n"
                                "Options of the dashboard:\n"
                                "  --theme NAME         auto, dark, light, blue-orange (for colour-blind\n"
                                "                       people), mono\n"
                                "  --ascii              draw with ASCII only\n"
                                "  --no-color           no colours; so does NO_COLOR in the environment\n"
                                "  --fps N              at most N frames a second, 1 to 120\n"
                                "  -h, --help           this text\n"
                                "  -V, --version        the version, and those of the libraries\n"
                                "\n"
                                "Keys: ? explains everything on the screen, q quits.\n";

static const char RUN[] = "Examples:\n"
                          "  juggler run download                        the sample list, no network needed\n"
                          "  juggler run download list.txt -o images     your list; \"-\" is standard input\n"
                          "  juggler run download https://example.org/a.jpg -o .\n"
                          "  juggler run download list.txt --with thread-each\n"
                          "  juggler run download list.txt --with sequential --json\n"
                          "  juggler run primes                          the sample limits\n"
                          "  juggler run primes 50328 22756 --with process-each\n"
                          "  juggler run primes 1e6 --kernel sieve -o products\n"
                          "\n"
                          "Usage:\n"
                          "  juggler run download [URL | FILE | -]... [OPTION]...\n"
                          "  juggler run primes   [LIMIT | FILE | -]... [OPTION]...\n"
                          "\n"
                          "Options:\n"
                          "  --with HOW[:WIDTH]      sequential, thread-each, thread-batch, thread-pool,\n"
                          "                          process-each, process-batch, process-pool (default:\n"
                          "                          thread-pool:10 for downloads, process-pool:4 for\n"
                          "                          primes)\n"
                          "  -o, --output DIR        where files go: downloads under their own names,\n"
                          "                          products as product-LIMIT.txt; without it downloads\n"
                          "                          go to a folder that is removed at the end\n"
                          "  --json, --csv           the result in that form (default: a table)\n"
                          "  --progress HOW          on stderr: auto, bars, lines, none\n"
                          "  --ascii, --no-color     for terminals that need it\n"
                          "\n"
                          "Downloads:\n"
                          "  --origin live|builtin   builtin: the built-in web server answers for all URLs\n"
                          "                          (default: builtin for the sample list, live for yours)\n"
                          "  --latency MS            of the built-in server, before the first byte\n"
                          "                          (default 500)\n"
                          "  --rate BYTES            a second, for each of its connections: 64K, 2M;\n"
                          "                          0: no limit (default 96K)\n"
                          "  --retry N               extra attempts at a transient failure (default 2)\n"
                          "  --timeout S             no progress for S seconds ends an attempt (default 30)\n"
                          "  --max-size BYTES        a larger body is a failure (default 1G)\n"
                          "  --no-clobber            keep files that are there, count their jobs as done\n"
                          "\n"
                          "Primes:\n"
                          "  --kernel trial|sieve    trial division, which is the lesson, or a sieve\n"
                          "                          (default trial)\n"
                          "  --product fold|tree     one prime after another, or a product tree\n"
                          "                          (default: fold with trial, tree with sieve)\n"
                          "\n"
                          "Exit code: 0 every job done, 1 some failed, 2 bad usage or input and nothing\n"
                          "was started, 3 the run could not be carried out, 130 and 143 stopped by SIGINT\n"
                          "and SIGTERM.\n";

static const char SERVE[] = "Examples:\n"
                            "  juggler serve                 prints its address, serves until it is stopped\n"
                            "  juggler serve --port 8080 --latency 50 --rate 2M\n"
                            "\n"
                            "Usage:\n"
                            "  juggler serve [OPTION]...\n"
                            "\n"
                            "The built-in web server, on 127.0.0.1 only: the sample images under the paths\n"
                            "of the sample list, and /synthetic/0, /synthetic/1, ... of 20 to 160 KB each,\n"
                            "the same bytes on every machine. The address is the first line on stdout.\n"
                            "Ctrl-C stops it.\n"
                            "\n"
                            "Options:\n"
                            "  --port N            0: any that is free (default 0)\n"
                            "  --files N           how many synthetic files (default 5000)\n"
                            "  --latency MS        before the first byte, 0 to 60000 (default 500)\n"
                            "  --rate BYTES        a second, for each connection: 64K, 2M; 0: no limit\n"
                            "                      (default 96K)\n";

static const char DOCTOR[] = "Examples:\n"
                             "  juggler doctor\n"
                             "\n"
                             "Usage:\n"
                             "  juggler doctor\n"
                             "\n"
                             "Says what this machine offers: usable cores (affinity and cgroup quota), what\n"
                             "the kernel tells of threads, memory, limits, terminal, locale, libraries,\n"
                             "certificates, sample data. A line each: ok, note (it works, but less well) or\n"
                             "bad (something will not work), with what to do about it.\n"
                             "\n"
                             "Exit code: 0, or 3 when a line is bad.\n";

static const char *const TEXTS[COMMAND_COUNT] = {
    [COMMAND_DASHBOARD] = DASHBOARD,
    [COMMAND_RUN] = RUN,
    [COMMAND_SERVE] = SERVE,
    [COMMAND_DOCTOR] = DOCTOR,
};

const char *help_text(enum command command)
{
    return TEXTS[(unsigned)command < COMMAND_COUNT ? command : COMMAND_DASHBOARD];
}

void help_print_version(FILE *out)
{
    char libraries[LIBRARIES_ROOM];
    fprintf(out, "juggler " JUGGLER_VERSION " (%s)\n", libraries_line(libraries));
}
