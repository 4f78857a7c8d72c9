/* fuzz_text_show.c - untrusted text made fit to show: nothing that a terminal would act on or a person would not see, as wide as it says.
 * fuzz: runs 40000 */
#include "tests/fuzz/fuzz.h"

enum { ROOM_MAX = 4096 };

static void check_shown(const char *shown, bool ascii)
{
    size_t columns = 0, marks = 0;
    bool first = true;
    for (const char *at = shown; *at; first = false) {
        uint32_t code = text_next(&at);
        FUZZ_CHECK(code != UINT32_MAX && !fuzz_is_unseen(code));
        FUZZ_CHECK(!ascii || code < 0x7f);
        int wide = text_code_columns(code);
        FUZZ_CHECK(wide >= 0 && wide <= 2 && (wide > 0 || !first));
        marks = wide ? 0 : marks + 1;
        FUZZ_CHECK(marks <= 4);
        columns += (size_t)wide;
    }
    FUZZ_CHECK(text_columns(shown) == columns);
    FUZZ_CHECK(!ascii || columns == strlen(shown));
}

static void check_text(const char *text, size_t room, bool ascii)
{
    static char whole[8 * ROOM_MAX * 4], again[sizeof whole];
    char *part = malloc(room ? room : 1);
    FUZZ_CHECK(part);
    FUZZ_CHECK(text_show(part, room, text, ascii) == part);
    text_show(whole, sizeof whole, text, ascii);
    check_shown(whole, ascii);
    if (room) {
        check_shown(part, ascii);
        FUZZ_CHECK(strlen(part) < room && strncmp(part, whole, strlen(part)) == 0);
    }
    FUZZ_CHECK(strcmp(text_show(again, sizeof again, whole, ascii), whole) == 0);
    free(part);
}

/* At most three figures and a unit. */
static void check_figures(uint64_t number)
{
    char out[TEXT_GROUPED_BYTES];
    FUZZ_CHECK(strlen(text_bytes(out, sizeof out, number)) <= strlen("99.9 KiB") && strchr(out, ' '));
    text_duration(out, sizeof out, number);
    FUZZ_CHECK(strlen(out) <= strlen("5123456 h") && strchr(out, ' '));
    uint64_t back = 0;
    for (const char *at = text_grouped(out, number); *at; at++)
        back = *at == ',' ? back : back * 10 + (uint64_t)(*at - '0');
    FUZZ_CHECK(back == number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool ascii = fuzz_byte(&data, &size) & 1;
    size_t room = fuzz_byte(&data, &size);
    char *text = fuzz_text(data, size > ROOM_MAX ? ROOM_MAX : size);
    check_text(text, room, ascii);
    check_text(text, room, !ascii);
    free(text);
    check_figures(fuzz_number(&data, &size));
    return 0;
}
