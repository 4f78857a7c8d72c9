/* paint-nature.c - landscapes and patterns made of noise, waves and chance. See paint.h. */
#include <math.h>
#include <stdlib.h>

#include "paint.h"

static struct rgb mountain_point(double x, double y)
{
    static const struct rgb dusk[] = {{1, 0.83, 0.5}, {0.98, 0.55, 0.35}, {0.6, 0.3, 0.5}, {0.15, 0.15, 0.4}};
    double sun = hypot(x - 0.45, y - 0.22);
    struct rgb sky = rgb_path(dusk, 4, (y + 0.15) * 0.85);
    sky = rgb_add(sky, rgb_scale((struct rgb){1, 0.75, 0.4}, 0.35 * exp(-sun * 4)));
    sky = rgb_mix(sky, (struct rgb){1, 0.97, 0.85}, smooth(0.165, 0.155, sun));
    double cloud = smooth(0.05, 0.6, noise_sum(x * 0.9 + 4, y * 5, 6, 11)) * smooth(-0.1, 0.3, y);
    struct rgb colour = rgb_mix(sky, (struct rgb){1, 0.75, 0.65}, cloud * 0.55);
    for (int ridge = 0; ridge < 7; ridge++) {
        double scale = 0.7 + ridge * 0.25;
        double top =
            0.22 - ridge * 0.17 + 0.32 * noise_sum(x * scale + ridge * 17.3, ridge * 5.1, 8, (uint32_t)(40 + ridge));
        if (y > top)
            continue;
        struct rgb rock = rgb_mix((struct rgb){0.75, 0.45, 0.5}, (struct rgb){0.04, 0.06, 0.14}, (ridge + 0.8) / 6.5);
        double mist = smooth(0, 0.5, top - y) * 0.35;
        colour = rgb_mix(rock, (struct rgb){0.95, 0.65, 0.55}, mist * (1 - ridge / 7.0));
        colour = rgb_scale(colour, 1 + 0.12 * noise_sum(x * 9, y * 14, 4, (uint32_t)ridge));
    }
    return colour;
}

void paint_mountains(struct picture *picture)
{
    paint_points(picture, mountain_point);
}

static struct rgb night_sky(double x, double y)
{
    struct rgb sky = rgb_mix((struct rgb){0.1, 0.2, 0.36}, (struct rgb){0.01, 0.02, 0.09}, y * 1.1);
    double moon = hypot(x + 0.5, y - 0.55);
    double craters = 0.9 + 0.14 * noise_sum(x * 9, y * 9, 5, 3);
    double column = floor(x * 45);
    double row = floor(y * 45);
    double star = noise(column + 0.01, row + 0.01, 99);
    double at = hypot(x * 45 - column - 0.5, y * 45 - row - 0.5);
    if (star > 0.72)
        sky = rgb_add(sky, rgb_scale((struct rgb){0.9, 0.95, 1}, (star - 0.72) * 4 * smooth(0.16, 0.02, at)));
    double aurora =
        exp(-pow((y - 0.45 - 0.18 * noise_sum(x * 1.2, 2, 4, 5)) * 5, 2)) * (0.5 + 0.5 * noise_sum(x * 9, y * 0.7, 4, 6));
    sky = rgb_add(sky, rgb_scale((struct rgb){0.1, 0.75, 0.45}, 0.6 * aurora * smooth(-0.6, 0.6, x)));
    sky = rgb_add(sky, rgb_scale((struct rgb){0.5, 0.6, 0.8}, 0.3 * exp(-moon * 5)));
    return rgb_mix(sky, (struct rgb){0.98 * craters, 0.96 * craters, 0.86 * craters}, smooth(0.142, 0.137, moon));
}

static struct rgb night_land(double x, double y)
{
    double far = 0.12 + 0.16 * noise_sum(x * 1.3 + 8, 1, 8, 21);
    double close = 0.03 + 0.05 * noise_sum(x * 3, 7, 5, 22) + 0.045 * fabs(noise(x * 38, 3, 23));
    if (y < close)
        return (struct rgb){0.005, 0.015, 0.025};
    return y < far ? rgb_mix((struct rgb){0.05, 0.1, 0.18}, (struct rgb){0.02, 0.04, 0.09}, y * 5) : night_sky(x, y);
}

/* A lake below the horizon shows the land upside down, shaken by waves. */
static struct rgb moonlight_point(double x, double y)
{
    double shore = -0.25;
    if (y > shore)
        return night_land(x, y - shore);
    double depth = shore - y;
    double wave = noise_sum(x * 3, 14 / (depth + 0.12), 4, 31) * (0.02 + depth * 0.12);
    struct rgb mirrored = night_land(x + wave * 0.4, depth * 1.3 + wave);
    return rgb_add(rgb_scale(mirrored, 0.62), rgb_scale((struct rgb){0.02, 0.06, 0.1}, 1 + wave * 8));
}

void paint_moonlight(struct picture *picture)
{
    paint_points(picture, moonlight_point);
}

/* Threads that follow a field of directions. */
void paint_strands(struct picture *picture)
{
    struct plate plate = plate_new(picture);
    uint64_t state = 4242;
    for (int strand = 0; strand < 5200; strand++) {
        double x = chance(&state) * 3.4 - 1.7;
        double y = chance(&state) * 2.2 - 1.1;
        double tint = noise_sum(x * 0.8, y * 0.8, 2, 9) * 0.5 + chance(&state) * 0.12;
        struct rgb colour = rgb_ring(tint + 0.1, (struct rgb){0.0, 0.2, 0.45});
        for (int step = 0; step < 900; step++) {
            double angle = 5.5 * noise_sum(x * 0.75, y * 0.75, 3, 17);
            x += 0.0011 * cos(angle);
            y += 0.0011 * sin(angle);
            plate_expose(&plate, x, y, rgb_scale(colour, 0.5 * sin(M_PI * step / 900)));
        }
    }
    plate_develop(&plate, picture, (struct rgb){0.03, 0.03, 0.07}, 0.48);
}

enum { CELLS = 260 };
struct cells {
    double x[CELLS], y[CELLS];
};

static struct cells scatter(uint64_t seed)
{
    struct cells cells;
    for (int i = 0; i < CELLS; i++) {
        double turn = i * 2.39996323;
        double out = 1.85 * sqrt((i + 0.5) / CELLS);
        cells.x[i] = out * cos(turn) + 0.11 * (chance(&seed) - 0.5);
        cells.y[i] = out * sin(turn) + 0.11 * (chance(&seed) - 0.5);
    }
    return cells;
}

/* A window of coloured glass: every point belongs to the nearest cell, lead where two are equally near. */
static struct rgb mosaic_colour(const struct cells *cells, double x, double y)
{
    double first = 9;
    double second = 9;
    int nearest = 0;
    for (int i = 0; i < CELLS; i++) {
        double distance = hypot(cells->x[i] - x, cells->y[i] - y);
        if (distance < first)
            second = first, first = distance, nearest = i;
        else if (distance < second)
            second = distance;
    }
    double out = hypot(cells->x[nearest], cells->y[nearest]);
    double vary = noise(nearest * 3.7, 0.5, 61);
    struct rgb glass = rgb_ring(out * 0.42 + vary * 0.09, (struct rgb){0.0, 0.28, 0.55});
    double light = 0.72 + 0.2 * vary + 0.22 * noise_sum(x * 7 + nearest, y * 7, 5, 62) + 0.35 * exp(-out * 1.2);
    glass = rgb_scale(rgb_mix(glass, (struct rgb){1, 0.95, 0.85}, 0.12), light);
    return rgb_mix((struct rgb){0.03, 0.03, 0.035}, glass, smooth(0.008, 0.018, second - first));
}

void paint_mosaic(struct picture *picture)
{
    struct cells cells = scatter(808);
    for (int row = 0; row < picture->height; row++)
        for (int column = 0; column < picture->width; column++) {
            struct rgb sum = {0};
            for (int part = 0; part < 4; part++) {
                double x = (2 * column + part % 2 + 0.5 - picture->width) / picture->height;
                double y = 1 - (2 * row + part / 2 + 0.5) / picture->height;
                sum = rgb_add(sum, mosaic_colour(&cells, x, y));
            }
            picture->pixels[row * picture->width + column] = rgb_scale(sum, 0.25);
        }
}

/* Noise bent by noise bent by noise. */
static struct rgb marble_point(double x, double y)
{
    double a = noise_sum(x * 0.7, y * 0.7, 3, 1);
    double b = noise_sum(x * 0.7 + 5.2, y * 0.7 + 1.3, 3, 2);
    double c = noise_sum(x * 0.7 + 1.6 * a, y * 0.7 + 1.6 * b, 3, 3);
    double d = noise_sum(x * 0.7 + 1.6 * a + 1.7, y * 0.7 + 1.6 * b + 9.2, 3, 4);
    double value = noise_sum(x * 0.7 + 1.8 * c, y * 0.7 + 1.8 * d, 5, 5);
    static const struct rgb stone[] = {
        {0.02, 0.08, 0.12}, {0.04, 0.35, 0.38}, {0.85, 0.8, 0.6}, {0.75, 0.35, 0.15}, {0.2, 0.04, 0.06}};
    struct rgb colour = rgb_path(stone, 5, 0.5 + value * 0.9);
    colour = rgb_mix(colour, (struct rgb){1, 0.95, 0.8}, smooth(0.5, 0.9, fabs(c)) * 0.7);
    return rgb_scale(colour, 0.85 + 0.4 * d);
}

void paint_marble(struct picture *picture)
{
    paint_points(picture, marble_point);
}

/* Waves from seven stones thrown into a pond, lit from the left. */
static double pond_height(double x, double y)
{
    static const double stones[7][2] = {{-1.1, 0.4}, {-0.4, -0.6}, {0.2, 0.55}, {0.9, -0.25},
                                        {1.35, 0.8}, {-1.4, -0.8}, {0.35, -1.2}};
    double height = 0;
    for (int i = 0; i < 7; i++) {
        double distance = hypot(x - stones[i][0], y - stones[i][1]);
        height += sin(distance * (38 + 3 * i) - i) * exp(-distance * 1.5);
    }
    return height;
}

static struct rgb ripple_point(double x, double y)
{
    double step = 0.002;
    double height = pond_height(x, y);
    double slope_x = (pond_height(x + step, y) - height) / step / 40;
    double slope_y = (pond_height(x, y + step) - height) / step / 40;
    static const struct rgb water[] = {{0.01, 0.07, 0.16}, {0.02, 0.25, 0.4}, {0.1, 0.55, 0.6}, {0.7, 0.9, 0.85}};
    double light = 0.5 - 0.5 * slope_x + 0.35 * slope_y;
    struct rgb colour = rgb_path(water, 4, 0.2 + 0.16 * height + 0.3 * light);
    double glint = pow(fmax(0, light), 6) * 0.55;
    return rgb_add(colour, rgb_scale((struct rgb){1, 0.85, 0.55}, glint));
}

void paint_ripples(struct picture *picture)
{
    paint_points(picture, ripple_point);
}

/* Seeds a golden angle apart, in petals. */
void paint_sunflower(struct picture *picture)
{
    for (int row = 0; row < picture->height; row++)
        for (int column = 0; column < picture->width; column++) {
            double x = (2.0 * column - picture->width) / picture->height;
            double y = 1 - 2.0 * row / picture->height;
            struct rgb meadow =
                rgb_mix((struct rgb){0.03, 0.12, 0.1}, (struct rgb){0.12, 0.3, 0.16}, 0.5 + noise_sum(x * 2, y * 2, 5, 71));
            picture->pixels[row * picture->width + column] = meadow;
        }
    for (int i = 1500; i > 0; i--) {
        double turn = i * 2.39996323;
        double out = 0.0245 * sqrt(i);
        double petal = smooth(0.62, 0.7, out);
        struct rgb seed =
            rgb_path((const struct rgb[]){{0.45, 0.5, 0.1}, {0.25, 0.12, 0.04}, {0.6, 0.3, 0.05}}, 3, out / 0.62);
        struct rgb colour =
            rgb_mix(seed, rgb_mix((struct rgb){1, 0.75, 0.05}, (struct rgb){1, 0.45, 0.02}, noise(i * 0.7, 1, 72)), petal);
        double radius = 0.016 + 0.008 * out + petal * 0.032;
        for (int part = 0; part < (petal > 0 ? 6 : 1); part++)
            paint_disc(picture, (out + part * 0.022) * cos(turn), (out + part * 0.022) * sin(turn),
                       radius * (1 - part * 0.13), rgb_scale(colour, 0.75 + part * 0.05));
        paint_disc(picture, out * cos(turn) - radius * 0.2, out * sin(turn) + radius * 0.25, radius * 0.45,
                   rgb_mix(colour, (struct rgb){1, 0.95, 0.6}, 0.25));
    }
}

static struct rgb space_point(double x, double y)
{
    double cloud = noise_sum(x * 1.3 + noise_sum(x, y, 4, 83), y * 1.3, 6, 84);
    struct rgb space = rgb_scale((struct rgb){0.3, 0.1, 0.4}, 0.25 + 0.5 * cloud);
    double star = noise(floor(x * 60) + 0.01, floor(y * 60) + 0.01, 85);
    double at = hypot(x * 60 - floor(x * 60) - 0.5, y * 60 - floor(y * 60) - 0.5);
    return rgb_add(space, rgb_scale((struct rgb){1, 0.97, 0.9}, star > 0.8 ? (star - 0.8) * 5 * smooth(0.3, 0.05, at) : 0));
}

/* A ringed giant; its shadow falls on the ring. */
static struct rgb planet_point(double x, double y)
{
    double tilt = 0.35;
    double u = x * cos(tilt) + y * sin(tilt) + 0.05;
    double v = y * cos(tilt) - x * sin(tilt);
    double radius = 0.52;
    double out = hypot(u, v * 4.2);
    struct rgb colour = space_point(x, y);
    double bands = 0.5 + 0.5 * noise_sum(out * 22, 0.5, 4, 81);
    double cover = smooth(0.72, 0.75, out) * smooth(1.32, 1.28, out) * (0.25 + 0.75 * bands) *
                   (1 - 0.9 * smooth(0.02, 0, fabs(out - 1.08)));
    int shaded = u > 0 && fabs(v) < radius * 0.9 && v > 0 && u < 1.0 && hypot(u - 0.5, v * 2) < 0.35;
    struct rgb ring =
        rgb_scale(rgb_mix((struct rgb){0.6, 0.5, 0.4}, (struct rgb){0.95, 0.88, 0.75}, bands), shaded ? 0.25 : 0.95);
    double from = hypot(u, v);
    if (from < radius) {
        double z = sqrt(radius * radius - u * u - v * v) / radius;
        double storm = noise_sum(u * 2.5, v * 14, 5, 82);
        static const struct rgb belts[] = {
            {0.55, 0.33, 0.2}, {0.93, 0.78, 0.55}, {0.75, 0.48, 0.3}, {0.98, 0.9, 0.75}, {0.5, 0.35, 0.3}};
        double light = fmax(0, (-u * 0.6 + v * 0.35) / radius + z * 0.65);
        colour = rgb_scale(rgb_path(belts, 5, fmod(fabs(0.5 + v / radius * 0.9 + 0.1 * storm + 2), 1)), 0.06 + 1.05 * light);
    }
    return from < radius && v > 0 ? colour : rgb_mix(colour, ring, cover);
}

void paint_planet(struct picture *picture)
{
    paint_points(picture, planet_point);
}
