/* test_outlet.c - what curses wrote reaches a terminal in order, and a terminal that does not read costs no time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "ui/outlet.h"

struct pair {
    int master, slave;
    struct outlet outlet;
};

static void pair_open(struct pair *pair)
{
    struct termios raw;
    assert_int_equal(openpty(&pair->master, &pair->slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(pair->slave, &raw), 0);
    cfmakeraw(&raw);
    assert_int_equal(tcsetattr(pair->slave, TCSANOW, &raw), 0);
    assert_int_equal(outlet_init(&pair->outlet, pair->slave), 0);
}

static void pair_close(struct pair *pair)
{
    outlet_free(&pair->outlet);
    close(pair->slave);
    if (pair->master >= 0) {
        close(pair->master);
    }
}

static void write_frame(struct pair *pair, const char *bytes, size_t count)
{
    assert_int_equal(write(pair->outlet.memory_fd, bytes, count), count);
    assert_int_equal(outlet_collect(&pair->outlet), 0);
}

/* Reads until `wanted` bytes have come; waits at most 5 s for each piece. */
static size_t read_bytes(int fd, char *out, size_t wanted)
{
    size_t count = 0;
    struct pollfd asked = {.fd = fd, .events = POLLIN};
    while (count < wanted && poll(&asked, 1, 5000) > 0) {
        ssize_t got = read(fd, out + count, wanted - count);
        if (got <= 0) {
            break;
        }
        count += (size_t)got;
    }
    return count;
}

static void expect_out(const char *written, const char *wanted)
{
    struct pair pair;
    char text[256] = "";
    pair_open(&pair);
    write_frame(&pair, written, strlen(written));
    assert_true(outlet_flush(&pair.outlet));
    read_bytes(pair.master, text, strlen(wanted));
    assert_string_equal(text, wanted);
    pair_close(&pair);
}

static void bytes_come_out_as_they_went_in(void **state)
{
    (void)state;
    expect_out("\x1b[2Jhello \x1b[1;31mred", "\x1b[2Jhello \x1b[1;31mred");
}

static void repeats_are_spelled_out(void **state)
{
    (void)state;
    expect_out("+-\x1b[5b+", "+------+");
    expect_out("x\x1b[12bX\x1b[3by", "xxxxxxxxxxxxxXXXXy");
    expect_out("a\x1b[b\x1b[4B\x1b[", "a\x1b[b\x1b[4B\x1b["); /* none of these is a repeat */
}

static void frames_follow_each_other(void **state)
{
    (void)state;
    struct pair pair;
    char text[8] = "";
    pair_open(&pair);
    write_frame(&pair, "one", 3);
    write_frame(&pair, "two", 3);
    assert_true(outlet_flush(&pair.outlet));
    assert_int_equal(read_bytes(pair.master, text, 6), 6);
    assert_string_equal(text, "onetwo");
    pair_close(&pair);
}

static void a_terminal_that_does_not_read_costs_no_time(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    struct pair pair;
    char *frame = malloc(BYTES), *got = calloc(1, BYTES);
    assert_true(frame != NULL && got != NULL);
    memset(frame, 'f', BYTES);
    pair_open(&pair);
    write_frame(&pair, frame, BYTES);
    uint64_t start_ns = clock_now_ns();
    assert_false(outlet_flush(&pair.outlet));
    assert_false(outlet_flush_within(&pair.outlet, 20 * NS_PER_MS));
    assert_true(clock_now_ns() - start_ns < NS_PER_S);
    size_t count = 0; /* it begins to read again: nothing was lost */
    while (count < BYTES) {
        size_t ready = pair.outlet.count - pair.outlet.sent;
        bool all = outlet_flush(&pair.outlet);
        size_t more = read_bytes(pair.master, got + count, all ? BYTES - count : 1024);
        assert_true(more > 0 || pair.outlet.count - pair.outlet.sent < ready);
        count += more;
    }
    assert_memory_equal(frame, got, BYTES);
    free(frame);
    free(got);
    pair_close(&pair);
}

static void a_terminal_that_is_gone_is_known_to_be(void **state)
{
    (void)state;
    struct pair pair;
    pair_open(&pair);
    close(pair.master);
    pair.master = -1;
    write_frame(&pair, "x", 1);
    assert_true(outlet_flush(&pair.outlet));
    assert_true(pair.outlet.lost);
    pair_close(&pair);
}

static void scrolling_is_spelled_out(void **state)
{
    (void)state;
    expect_out("\x1b[16;22r\x1b[16;1H\x1b[2T.", "\x1b[16;22r\x1b[16;1H\033M\033M.");
    expect_out("\x1b[22;1H\x1b[3S.", "\x1b[22;1H\033D\033D\033D.");
    expect_out("a\x1b[T\x1b[?2S\x1b[", "a\x1b[T\x1b[?2S\x1b["); /* none of these scrolls by a number */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(repeats_are_spelled_out),
        cmocka_unit_test(scrolling_is_spelled_out),
        cmocka_unit_test(frames_follow_each_other),
        cmocka_unit_test(a_terminal_that_does_not_read_costs_no_time),
        cmocka_unit_test(a_terminal_that_is_gone_is_known_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
