/* fuzz_url_show.c - a URL as it is shown: fit to show, and without what libcurl takes for user and password.
 * fuzz: runs 80000 */
#include <curl/curl.h>

#include "tests/fuzz/fuzz.h"

#define SECRET "Zq7vKw2x"

/* Whether libcurl would send the secret as somebody's name or password. */
static bool is_credential(const char *url)
{
    bool found = false;
    CURLU *handle = curl_url();
    FUZZ_CHECK(handle);
    if (curl_url_set(handle, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == CURLUE_OK) {
        static const CURLUPart PARTS[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS};
        for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
            char *part = NULL;
            found |= curl_url_get(handle, PARTS[i], &part, 0) == CURLUE_OK && strstr(part, SECRET);
            curl_free(part);
        }
    }
    curl_url_cleanup(handle);
    return found;
}

/* What the input says before and behind the secret; a zero byte parts the two. */
static char *url_around_secret(const char *before, size_t size)
{
    size_t length = strlen(before);
    const char *behind = length < size ? before + length + 1 : "";
    size_t room = size + sizeof SECRET + 1;
    char *url = malloc(room);
    FUZZ_CHECK(url);
    snprintf(url, room, "%s" SECRET "%s", before, behind);
    return url;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *before = fuzz_text(data, size);
    bool is_elsewhere =
        memmem(data, size, SECRET, strlen(SECRET)); /* put there by the fuzzer, who finds it in the program */
    char *url = url_around_secret(before, size);
    size_t room = 16 * (size + sizeof SECRET);
    char *shown = malloc(room);
    FUZZ_CHECK(shown);
    FUZZ_CHECK(text_url_show(shown, room, url) == shown && strlen(shown) < room);
    FUZZ_CHECK(fuzz_is_plain(shown));
    if (!is_elsewhere && is_credential(url))
        FUZZ_CHECK(!strstr(shown, SECRET));
    free(shown);
    free(url);
    free(before);
    return 0;
}
