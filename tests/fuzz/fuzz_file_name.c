/* fuzz_file_name.c - the name of a URL's file, and the n-th of that name: a plain name in the folder, whatever the URL is.
 * fuzz: runs 80000 */
#include "jobs/inputs.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[FILE_NAME_MAX + 1], numbered[FILE_NAME_MAX + 1], next[FILE_NAME_MAX + 1];
    unsigned n = 2U + fuzz_byte(&data, &size);
    n <<= n % 24;
    char *url = fuzz_text(data, size);
    file_name_from_url(url, name);
    FUZZ_CHECK(fuzz_is_file_name(name));
    file_name_numbered(name, n, numbered);
    file_name_numbered(name, n + 1, next);
    FUZZ_CHECK(fuzz_is_file_name(numbered) && fuzz_is_file_name(next));
    FUZZ_CHECK(strcmp(numbered, next) != 0); /* a long name that ends in -2 may be its own second: then the third is tried */
    free(url);
    return 0;
}
