/* paint.c - pictures, colours, noise, chance. See paint.h. */
#include "paint.h"

#include <math.h>
#include <stdlib.h>

void paint_points(struct picture *picture, shade *colour_of)
{
    enum { FINE = 3 };
    double unit = 2.0 / picture->height;
    for (int row = 0; row < picture->height; row++)
        for (int column = 0; column < picture->width; column++) {
            struct rgb sum = {0};
            for (int part = 0; part < FINE * FINE; part++) {
                double x = (column + (part % FINE + 0.5) / FINE) * unit - (double)picture->width / picture->height;
                double y = 1 - (row + (part / FINE + 0.5) / FINE) * unit;
                sum = rgb_add(sum, colour_of(x, y));
            }
            picture->pixels[row * picture->width + column] = rgb_scale(sum, 1.0 / (FINE * FINE));
        }
}

struct rgb rgb_mix(struct rgb a, struct rgb b, double t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return (struct rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

struct rgb rgb_scale(struct rgb colour, double factor)
{
    return (struct rgb){colour.r * factor, colour.g * factor, colour.b * factor};
}

struct rgb rgb_add(struct rgb a, struct rgb b)
{
    return (struct rgb){a.r + b.r, a.g + b.g, a.b + b.b};
}

struct rgb rgb_ring(double t, struct rgb phase)
{
    double turn = 2 * M_PI;
    return (struct rgb){0.5 + 0.5 * cos(turn * (t + phase.r)), 0.5 + 0.5 * cos(turn * (t + phase.g)),
                        0.5 + 0.5 * cos(turn * (t + phase.b))};
}

struct rgb rgb_path(const struct rgb *colours, int count, double t)
{
    t = (t < 0 ? 0 : t > 1 ? 1 : t) * (count - 1);
    int at = t >= count - 1 ? count - 2 : (int)t;
    return rgb_mix(colours[at], colours[at + 1], t - at);
}

double smooth(double from, double to, double x)
{
    double t = (x - from) / (to - from);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

static double corner(int x, int y, uint32_t seed)
{
    uint32_t h = (uint32_t)x * 0x9E3779B1u ^ (uint32_t)y * 0x85EBCA77u ^ seed * 0xC2B2AE3Du;
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    h = (h ^ (h >> 12)) * 0x297A2D39u;
    return (h ^ (h >> 15)) / 2147483648.0 - 1;
}

double noise(double x, double y, uint32_t seed)
{
    int column = (int)floor(x);
    int row = (int)floor(y);
    double u = x - column;
    double v = y - row;
    u = u * u * u * (u * (u * 6 - 15) + 10);
    v = v * v * v * (v * (v * 6 - 15) + 10);
    double low = corner(column, row, seed) * (1 - u) + corner(column + 1, row, seed) * u;
    double high = corner(column, row + 1, seed) * (1 - u) + corner(column + 1, row + 1, seed) * u;
    return low * (1 - v) + high * v;
}

double noise_sum(double x, double y, int octaves, uint32_t seed)
{
    double sum = 0;
    double weight = 0.5;
    for (int octave = 0; octave < octaves; octave++, weight /= 2) {
        sum += weight * noise(x, y, seed + (uint32_t)octave);
        double turned = 1.6 * x + 1.2 * y;
        y = 1.6 * y - 1.2 * x;
        x = turned;
    }
    return sum * 1.4;
}

double chance(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) / 9007199254740992.0;
}

struct plate plate_new(const struct picture *picture)
{
    size_t pixels = (size_t)picture->width * (size_t)picture->height;
    struct plate plate = {picture->width, picture->height, calloc(pixels, sizeof(struct rgb))};
    if (!plate.light)
        abort();
    return plate;
}

void plate_expose(struct plate *plate, double x, double y, struct rgb colour)
{
    int column = (int)floor(x * plate->height / 2 + plate->width / 2.0);
    int row = (int)floor((1 - y) * plate->height / 2);
    if (column < 0 || column >= plate->width || row < 0 || row >= plate->height)
        return;
    struct rgb *light = &plate->light[row * plate->width + column];
    *light = rgb_add(*light, colour);
}

void plate_develop(struct plate *plate, struct picture *picture, struct rgb ground, double gain)
{
    for (int i = 0; i < plate->width * plate->height; i++) {
        struct rgb light = plate->light[i];
        double bright = light.r + light.g + light.b;
        double factor = bright > 0 ? gain * log1p(bright) / bright : 0;
        picture->pixels[i] = rgb_add(ground, rgb_scale(light, factor));
    }
    free(plate->light);
}

void paint_disc(struct picture *picture, double x, double y, double radius, struct rgb colour)
{
    double unit = picture->height / 2.0;
    double middle_x = x * unit + picture->width / 2.0;
    double middle_y = (1 - y) * unit;
    double reach = radius * unit;
    for (int row = (int)(middle_y - reach - 1); row <= middle_y + reach + 1; row++)
        for (int column = (int)(middle_x - reach - 1); column <= middle_x + reach + 1; column++) {
            if (row < 0 || row >= picture->height || column < 0 || column >= picture->width)
                continue;
            double cover = reach + 0.5 - hypot(column + 0.5 - middle_x, row + 0.5 - middle_y);
            struct rgb *pixel = &picture->pixels[row * picture->width + column];
            *pixel = rgb_mix(*pixel, colour, cover);
        }
}
