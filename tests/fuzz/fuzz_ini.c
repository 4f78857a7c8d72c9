/* fuzz_ini.c - config.ini as words: each is in the file as it stands there, on the line it says, and whatever was left out is told.
 * fuzz: runs 60000 */
#include "cli/settings.h"
#include "tests/fuzz/fuzz.h"

static void check_word(const char *text, const char *word, size_t room)
{
    FUZZ_CHECK(memchr(word, '\0', room) && !strchr(word, '\n') && strstr(text, word));
}

static void check_read(const struct settings *settings, const char *text, size_t size)
{
    unsigned lines = 1, last = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->list[i];
        FUZZ_CHECK(one->line >= 1 && one->line >= last && one->line <= lines);
        last = one->line;
        check_word(text, one->section, sizeof one->section);
        check_word(text, one->key, sizeof one->key);
        check_word(text, one->value, sizeof one->value);
        FUZZ_CHECK(one->key[0] || !one->value[0]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings;
    char *text = fuzz_text(data, size);
    settings_read_text(&settings, "FILE", text, size);
    FUZZ_CHECK(settings.count <= SETTINGS_MAX);
    FUZZ_CHECK(settings.state == SETTINGS_READ || settings.state == SETTINGS_UNREADABLE);
    FUZZ_CHECK(settings.state == SETTINGS_READ || (settings.problem.text[0] && !settings.count));
    FUZZ_CHECK(!settings.problem.text[0] || strncmp(settings.problem.text, "FILE", 4) == 0);
    if (settings.state == SETTINGS_READ)
        check_read(&settings, text, size);
    settings_free(&settings);
    free(text);
    return 0;
}
