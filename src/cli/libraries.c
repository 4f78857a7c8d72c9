/* libraries.c - which libraries the program runs with. Asks for versions and nothing else: their use is elsewhere. */
#include "cli/libraries.h"

#include <curl/curl.h>
#include <gmp.h>
#include <jansson.h>
#include <microhttpd.h>
#include <primesieve.h>
#include <stdio.h>
#include <zlib.h>

char *libraries_line(char out[LIBRARIES_ROOM])
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    snprintf(out, LIBRARIES_ROOM, "libcurl %s%s%s, GMP %s, primesieve %s, libmicrohttpd %s, jansson %s, zlib %s",
             curl->version, curl->ssl_version ? " " : "", curl->ssl_version ? curl->ssl_version : "", gmp_version,
             primesieve_version(), MHD_get_version(), jansson_version_str(), zlibVersion());
    return out;
}

struct transfer_library libraries_transfer(void)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    struct transfer_library library = {
        .tls = curl->features & CURL_VERSION_SSL,
        .async_resolver = curl->features & CURL_VERSION_ASYNCHDNS,
    };
#if LIBCURL_VERSION_NUM >= 0x074600 /* 7.70.0 has the fields, if the loaded one is as new */
    if (curl->age >= CURLVERSION_SEVENTH) {
        library.ca_file = curl->cainfo;
        library.ca_folder = curl->capath;
    }
#endif
    return library;
}
