/* paint.h - what the painters of the sample images share: pictures, colours, noise, chance. Everything follows from fixed seeds. */
#ifndef PAINT_H
#define PAINT_H

#include <stdint.h>

struct rgb {
    double r, g, b; /* 0 ... 1 */
};

struct picture {
    int width, height;
    struct rgb *pixels; /* row by row, from the top */
};

/* The colour of a point: y from -1 (bottom) to 1 (top), x as wide as the picture is. */
typedef struct rgb shade(double x, double y);
/* Paints the whole picture by its points, 3 x 3 of them a pixel. */
void paint_points(struct picture *picture, shade *colour_of);

struct rgb rgb_mix(struct rgb a, struct rgb b, double t); /* t is held to 0 ... 1 */
struct rgb rgb_scale(struct rgb colour, double factor);
struct rgb rgb_add(struct rgb a, struct rgb b);
/* A colour from a ring of them: phase tells which ring (0, 0.33, 0.67 for red, green, blue is a rainbow). */
struct rgb rgb_ring(double t, struct rgb phase);
/* A colour on a path of `count` colours, t from 0 to 1. */
struct rgb rgb_path(const struct rgb *colours, int count, double t);
double smooth(double from, double to, double x); /* 0 ... 1, soft at both ends */

double noise(double x, double y, uint32_t seed);                  /* -1 ... 1 */
double noise_sum(double x, double y, int octaves, uint32_t seed); /* about -1 ... 1 */
double chance(uint64_t *state);                                   /* 0 ... 1; state: any number but 0 */

/* Light that fell on a picture, to be developed: how many points fell on each pixel, and their mean colour. */
struct plate {
    int width, height;
    struct rgb *light;
};
struct plate plate_new(const struct picture *picture);
void plate_expose(struct plate *plate, double x, double y, struct rgb colour); /* coordinates as for shade */
/* Adds the light over `ground`, its brightness on a logarithmic scale; frees the plate. */
void plate_develop(struct plate *plate, struct picture *picture, struct rgb ground, double gain);

/* A disc with a soft edge; coordinates as for shade, radius in the same measure. */
void paint_disc(struct picture *picture, double x, double y, double radius, struct rgb colour);

typedef void painter(struct picture *picture);
painter paint_mandelbrot, paint_seahorses, paint_julia_dendrite, paint_julia_trap, paint_burning_ship, paint_newton,
    paint_lyapunov;
painter paint_fern, paint_clifford, paint_de_jong, paint_gasket, paint_reaction;
painter paint_mountains, paint_moonlight, paint_strands, paint_mosaic, paint_marble, paint_ripples, paint_sunflower,
    paint_planet;

#endif
