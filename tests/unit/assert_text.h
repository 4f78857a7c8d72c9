/* assert_text.h - a long text has a part, or has it not; a failure shows both. Include behind cmocka.h. */
#ifndef TESTS_ASSERT_TEXT_H
#define TESTS_ASSERT_TEXT_H

#include <string.h>

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static inline void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

#endif
