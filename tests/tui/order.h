/* order.h - what has to hold after the end, however it came: the terminal is as it was before, no process is left, no file. */
#ifndef TUI_ORDER_H
#define TUI_ORDER_H

#include "escapes.h"
#include "screen.h"

/* All that the program has written so far. */
struct escapes escapes_of(struct screen *screen);
/* Nothing is in the program's temporary folder. */
bool no_file_is_left(struct screen *screen, const void *unused);

/* Each fails the test when it does not come true within a second. */
/* The terminal's settings are those of before; there is no alternate screen, no hidden cursor, no keypad mode, no colour. */
void expect_terminal_in_order(struct screen *screen);
/* After any end: that, no process, no file. */
void expect_order(struct screen *screen);
/* After an end that the program heard of: also, all that it ever wrote was whole, and known. */
void expect_good_order(struct screen *screen);

#endif
