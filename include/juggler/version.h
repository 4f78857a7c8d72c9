/* version.h - the program's version, in one place. */
#ifndef JUGGLER_VERSION_H
#define JUGGLER_VERSION_H

#define JUGGLER_VERSION "1.0.0"

#endif
