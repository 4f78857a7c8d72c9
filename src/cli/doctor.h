/* doctor.h - juggler doctor: what this machine offers, and what to do about what is missing. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>

/* Prints a line a check, starting with ok, note or bad; ASCII only when that is set. 0; 3 when something essential is missing (a bad line). */
int doctor_run(FILE *out, bool ascii);

#endif
