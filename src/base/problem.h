/* problem.h - why something could not be done, in words for the person.
 *
 * Functions that can fail for a reason worth telling take a `struct problem *` and fill it before they return their error.
 * The text is made fit to show by whoever shows it (text.h), so it may quote untrusted input. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

struct problem {
    char text[1024]; /* one sentence, no final newline; "" when there is no problem */
};

/* Formats the sentence; what does not fit is cut. problem may be NULL. */
void problem_set(struct problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same with ": " and the words for errno value `error` at its end. */
void problem_set_errno(struct problem *problem, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
