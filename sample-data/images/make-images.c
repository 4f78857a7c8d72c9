/* make-images.c - paints the twenty sample images. A tool for developers: the build does not need it, the images are kept with it.
 *
 *     cc -O2 -o /tmp/make-images sample-data/images/*.c -ljpeg -lm && /tmp/make-images sample-data
 *
 * Each URL of article.urls gets one picture, written to images/ under the last part of its path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "paint.h"

enum { WIDTH = 1024, SMALLEST = 42000, LARGEST = 156000 };

static const struct {
    painter *paint;
    int height;
    size_t most; /* bytes wanted at most */
} pictures[] = {
    {paint_mountains, 683, 120000},    {paint_seahorses, 768, 156000},      {paint_fern, 768, 110000},
    {paint_mosaic, 683, 140000},       {paint_julia_trap, 683, 90000},      {paint_strands, 683, 156000},
    {paint_planet, 683, 70000},        {paint_newton, 683, 130000},         {paint_sunflower, 768, 150000},
    {paint_burning_ship, 683, 100000}, {paint_reaction, 683, 120000},       {paint_clifford, 768, 140000},
    {paint_moonlight, 683, 80000},     {paint_mandelbrot, 683, 95000},      {paint_marble, 683, 110000},
    {paint_gasket, 768, 100000},       {paint_julia_dendrite, 683, 150000}, {paint_ripples, 683, 85000},
    {paint_lyapunov, 683, 145000},     {paint_de_jong, 768, 130000},
};
enum { PICTURES = sizeof pictures / sizeof *pictures };

static unsigned char level(double value)
{
    return (unsigned char)(value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5);
}

static unsigned char *encode(const struct picture *picture, int quality, unsigned long *size)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned char row[WIDTH * 3];
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &out, size);
    jpeg.image_width = (JDIMENSION)picture->width;
    jpeg.image_height = (JDIMENSION)picture->height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_simple_progression(&jpeg);
    jpeg.optimize_coding = TRUE;
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < picture->height; y++) {
        const struct rgb *from = picture->pixels + (size_t)y * (size_t)picture->width;
        for (int x = 0; x < picture->width; x++) {
            row[3 * x] = level(from[x].r);
            row[3 * x + 1] = level(from[x].g);
            row[3 * x + 2] = level(from[x].b);
        }
        jpeg_write_scanlines(&jpeg, (JSAMPROW[]){row}, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return out;
}

/* The best quality that keeps to the size. */
static int write_picture(const struct picture *picture, size_t most, const char *path)
{
    unsigned long size = 0;
    unsigned char *data = NULL;
    int quality = 97;
    for (; quality > 10; quality -= 3) {
        size = 0;
        data = encode(picture, quality, &size);
        if (size <= most)
            break;
        free(data);
        data = NULL;
    }
    FILE *file = data ? fopen(path, "wb") : NULL;
    int failed = !file || fwrite(data, 1, size, file) != size;
    if (file && fclose(file))
        failed = 1;
    free(data);
    printf("%s  %lu bytes  quality %d%s\n", path, size, quality, size < SMALLEST || size > LARGEST ? "  SIZE" : "");
    return failed;
}

static int make_picture(int index, const char *folder, const char *name)
{
    char path[4096];
    struct picture picture = {.width = WIDTH, .height = pictures[index].height};
    picture.pixels = calloc((size_t)picture.width * (size_t)picture.height, sizeof *picture.pixels);
    if (!picture.pixels || snprintf(path, sizeof path, "%s/images/%s", folder, name) >= (int)sizeof path)
        return 1;
    pictures[index].paint(&picture);
    int failed = write_picture(&picture, pictures[index].most, path);
    free(picture.pixels);
    return failed;
}

int main(int argc, char **argv)
{
    char line[4096];
    const char *folder = argc > 1 ? argv[1] : "sample-data";
    snprintf(line, sizeof line, "%s/article.urls", folder);
    FILE *list = fopen(line, "r");
    if (!list) {
        perror(line);
        return 1;
    }
    int index = 0;
    int failed = 0;
    while (fgets(line, sizeof line, list) && index < PICTURES) {
        line[strcspn(line, "\r\n")] = 0;
        const char *name = strrchr(line, '/');
        if (line[0] == '#' || !name)
            continue;
        if (argc < 3 || atoi(argv[2]) == index) /* a second argument: that picture alone */
            failed |= make_picture(index, folder, name + 1);
        index++;
    }
    fclose(list);
    return failed || index != PICTURES;
}
