/* fuzz_urls.c - a list of URLs: what is taken is what libcurl takes, without its password wherever it is shown, and every job has a file
 * name of its own.
 * fuzz: runs 30000 */
#include <curl/curl.h>

#include "base/problem.h"
#include "jobs/inputs.h"
#include "tests/fuzz/fuzz.h"

enum { PORT = 8080 };

/* The part of a URL as libcurl sees it; NULL: it has none. To be given to curl_free. */
static char *part_of(const char *url, CURLUPart part)
{
    char *out = NULL;
    CURLU *handle = curl_url();
    FUZZ_CHECK(handle);
    if (curl_url_set(handle, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(handle, part, &out, 0) != CURLUE_OK)
        out = NULL;
    curl_url_cleanup(handle);
    return out;
}

static bool has_part(const char *url, CURLUPart part)
{
    char *found = part_of(url, part);
    curl_free(found);
    return found != NULL;
}

static bool is_requestable(const char *url)
{
    for (; *url; url++)
        if ((unsigned char)*url <= ' ' || *url == 0x7f)
            return false;
    return true;
}

static void check_item(const struct job_input *item)
{
    FUZZ_CHECK(strncasecmp(item->url, "http://", 7) == 0 || strncasecmp(item->url, "https://", 8) == 0);
    FUZZ_CHECK(is_requestable(item->url));
    FUZZ_CHECK(has_part(item->url, CURLUPART_HOST));
    FUZZ_CHECK(!has_part(item->text, CURLUPART_USER));
    FUZZ_CHECK(!has_part(item->text, CURLUPART_PASSWORD));
}

static void check_redirected(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        char *host = part_of(inputs->items[i].url, CURLUPART_HOST);
        FUZZ_CHECK(host && strcmp(host, "127.0.0.1") == 0);
        FUZZ_CHECK(!has_part(inputs->items[i].url, CURLUPART_USER));
        curl_free(host);
    }
}

static void check_names(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        FUZZ_CHECK(fuzz_is_file_name(inputs->items[i].name));
        for (size_t j = 0; j < i && i < 64; j++)
            FUZZ_CHECK(strcmp(inputs->items[i].name, inputs->items[j].name) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct inputs inputs = {0};
    struct problem problem = {.text = ""};
    char *text = fuzz_text(data, size);
    if (inputs_add_url_text(&inputs, "LIST", text, size, &problem) != 0) {
        FUZZ_CHECK(strncmp(problem.text, "LIST:", 5) == 0 && strlen(problem.text) > 6 && fuzz_is_plain(problem.text));
    } else {
        FUZZ_CHECK(inputs.count > 0);
        for (size_t i = 0; i < inputs.count; i++)
            check_item(&inputs.items[i]);
        FUZZ_CHECK(inputs_name(&inputs, WORK_DOWNLOAD, &problem) == 0);
        check_names(&inputs);
        FUZZ_CHECK(inputs_redirect(&inputs, PORT, &problem) == 0);
        check_redirected(&inputs);
    }
    inputs_free(&inputs);
    free(text);
    return 0;
}
