/* sanitized.h - whether a sanitizer is built in, in either compiler's words: gcc defines a name, clang has features. */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED_ADDRESS true
#endif
#if __has_feature(thread_sanitizer)
#define SANITIZED_THREAD true
#endif
#endif

#if !defined(SANITIZED_ADDRESS) && defined(__SANITIZE_ADDRESS__)
#define SANITIZED_ADDRESS true
#endif
#if !defined(SANITIZED_THREAD) && defined(__SANITIZE_THREAD__)
#define SANITIZED_THREAD true
#endif

#ifndef SANITIZED_ADDRESS
#define SANITIZED_ADDRESS false
#endif
#ifndef SANITIZED_THREAD
#define SANITIZED_THREAD false
#endif

/* What takes how long, and how much memory, is the sanitizer's doing. */
#define SANITIZED (SANITIZED_ADDRESS || SANITIZED_THREAD)

#endif
