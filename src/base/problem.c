/* problem.c - a failure's sentence. */
#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void problem_set(struct problem *problem, const char *format, ...)
{
    if (!problem)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
}

void problem_set_errno(struct problem *problem, int error, const char *format, ...)
{
    if (!problem)
        return;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
    if (used < 0 || (size_t)used >= sizeof problem->text)
        return;
    char words[128];
    snprintf(problem->text + used, sizeof problem->text - (size_t)used, ": %s", strerror_r(error, words, sizeof words));
}
