/* json_document.h - a JSON document that is whole or not written at all. For src/report only.
 *
 * jansson answers NULL where it gets no memory, and leaves out of an object what is NULL: the document would be valid, and not whole. So its
 * memory comes from here, and what was not to be had is remembered. The mark is the thread's: one document at a time. */
#ifndef REPORT_JSON_DOCUMENT_H
#define REPORT_JSON_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Before one is made or read in another way: from here on it is remembered what there is no memory for. */
void json_document_begin(void);
/* Begins one: an empty object, or NULL when there is no memory for that. */
json_t *json_document_new(void);
/* True while there has been memory for all of it. */
bool json_document_is_whole(void);
/* A text for it. One that is no UTF-8 cannot be in JSON, and DEL would stay as it is there: such a one goes in as it would be shown. */
json_t *json_document_text(const char *value);
/* Writes it, a newline behind it, and frees it. NULL is fine. 0 or an errno; ENOMEM: it was not whole, and nothing was written. */
int json_document_write(json_t *root, FILE *out);

#endif
