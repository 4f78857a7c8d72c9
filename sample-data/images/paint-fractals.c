/* paint-fractals.c - pictures of what iterations do: escape times, basins, exponents, attractors. See paint.h. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "paint.h"

/* How long z -> z^2 + c takes to leave, as a smooth number; -1 when it does not within `most` steps. */
static double escape(double complex z, double complex c, int most)
{
    for (int step = 0; step < most; step++) {
        double size = creal(z) * creal(z) + cimag(z) * cimag(z);
        if (size > 1e4)
            return step + 1 - log2(log(size) / 2);
        z = z * z + c;
    }
    return -1;
}

static const struct rgb ocean[] = {{0.0, 0.03, 0.15}, {0.05, 0.3, 0.6},   {0.9, 0.97, 1.0},
                                   {1.0, 0.7, 0.1},   {0.35, 0.05, 0.05}, {0, 0.03, 0.15}};

static struct rgb mandelbrot_point(double x, double y)
{
    double steps = escape(0, x * 1.15 - 0.65 + y * 1.15 * I, 300);
    return steps < 0 ? (struct rgb){0.01, 0.01, 0.03} : rgb_path(ocean, 6, fmod(log1p(steps) / 4.2, 1));
}

void paint_mandelbrot(struct picture *picture)
{
    paint_points(picture, mandelbrot_point);
}

static struct rgb seahorse_point(double x, double y)
{
    double steps = escape(0, -0.743644 + x * 0.0016 + (0.131826 + y * 0.0016) * I, 1500);
    return steps < 0 ? (struct rgb){0} : rgb_ring(sqrt(steps) / 8, (struct rgb){0.55, 0.45, 0.3});
}

void paint_seahorses(struct picture *picture)
{
    paint_points(picture, seahorse_point);
}

static struct rgb dendrite_point(double x, double y)
{
    double steps = escape(x * 1.05 + y * 1.05 * I, -0.8 + 0.156 * I, 500);
    static const struct rgb fire[] = {{0.03, 0, 0.1}, {0.4, 0, 0.35}, {0.9, 0.25, 0.1}, {1, 0.85, 0.3}, {1, 1, 0.95}};
    return steps < 0 ? (struct rgb){1, 1, 1} : rgb_path(fire, 5, log1p(steps) / 5);
}

void paint_julia_dendrite(struct picture *picture)
{
    paint_points(picture, dendrite_point);
}

/* Coloured by how near the orbit comes to a cross. */
static struct rgb trap_point(double x, double y)
{
    double complex z = x * 0.95 + y * 0.95 * I;
    double near = 1e9;
    double turn = 0;
    for (int step = 0; step < 120 && cabs(z) < 8; step++) {
        z = z * z + (-0.4 + 0.6 * I);
        double distance = fmin(fabs(creal(z) - 0.1), fabs(cimag(z) + 0.1));
        if (distance < near)
            near = distance, turn = carg(z);
    }
    struct rgb colour = rgb_ring(turn / (2 * M_PI) * 0.4 + 0.1, (struct rgb){0.05, 0.4, 0.55});
    return rgb_scale(colour, exp(-near * 14) * 1.05 + 0.04);
}

void paint_julia_trap(struct picture *picture)
{
    paint_points(picture, trap_point);
}

static struct rgb ship_point(double x, double y)
{
    double cx = -1.755 + x * 0.055;
    double cy = -0.028 - y * 0.055;
    double a = 0;
    double b = 0;
    for (int step = 0; step < 400; step++) {
        double next = a * a - b * b + cx;
        b = fabs(2 * a * b) + cy;
        a = next;
        if (a * a + b * b > 1e4) {
            double steps = step + 1 - log2(log(a * a + b * b) / 2);
            static const struct rgb embers[] = {
                {0.02, 0.01, 0.04}, {0.35, 0.04, 0.05}, {0.95, 0.4, 0.05}, {1, 0.95, 0.7}, {0.3, 0.5, 0.7}};
            return rgb_path(embers, 5, steps / 75);
        }
    }
    return (struct rgb){0.01, 0.01, 0.02};
}

void paint_burning_ship(struct picture *picture)
{
    paint_points(picture, ship_point);
}

/* Newton's method for z^5 = 1: which root it finds, and how soon. */
static struct rgb newton_point(double x, double y)
{
    double complex z = x * 1.2 + y * 1.2 * I;
    int step = 0;
    double moved = 1;
    for (; step < 60 && moved > 1e-6; step++) {
        double complex fourth = z * z * z * z;
        double complex by = (fourth * z - 1) / (5 * fourth);
        z -= by;
        moved = cabs(by);
    }
    double root = carg(z) / (2 * M_PI);
    double soon = step - log2(fmax(-log(moved), 1)) * 0.5;
    return rgb_scale(rgb_ring(root * 0.8 + 0.55, (struct rgb){0.0, 0.2, 0.45}), 1.15 * exp(-soon * 0.055) + 0.02);
}

void paint_newton(struct picture *picture)
{
    paint_points(picture, newton_point);
}

/* The growth of small differences when a population's fertility changes as A A B A B ... */
static struct rgb lyapunov_point(double x, double y)
{
    static const char turns[] = "BBBBBBAAAAAA";
    double a = 2.9 + (x + 1.5) / 3 * 1.1;
    double b = 2.9 + (y + 1) / 2 * 1.1;
    double at = 0.5;
    double sum = 0;
    for (int step = 0; step < 360; step++) {
        double rate = turns[step % 12] == 'A' ? a : b;
        at = rate * at * (1 - at);
        if (step >= 120)
            sum += log(fabs(rate * (1 - 2 * at)) + 1e-12);
    }
    double exponent = sum / 240;
    if (exponent > 0)
        return rgb_mix((struct rgb){0.02, 0.02, 0.12}, (struct rgb){0.05, 0.15, 0.45}, exponent * 1.6);
    static const struct rgb gold[] = {{0.15, 0.05, 0}, {0.85, 0.5, 0.05}, {1, 0.9, 0.45}, {0.6, 0.3, 0.05}, {0.1, 0.02, 0}};
    return rgb_path(gold, 5, sqrt(-exponent) / 1.6);
}

void paint_lyapunov(struct picture *picture)
{
    paint_points(picture, lyapunov_point);
}

/* Barnsley's fern: four affine maps, chosen by chance. */
void paint_fern(struct picture *picture)
{
    struct plate plate = plate_new(picture);
    uint64_t state = 20130;
    double x = 0;
    double y = 0;
    for (int i = 0; i < 9000000; i++) {
        double pick = chance(&state);
        double old = x;
        if (pick < 0.01)
            x = 0, y *= 0.16;
        else if (pick < 0.86)
            x = 0.85 * x + 0.04 * y, y = -0.04 * old + 0.85 * y + 1.6;
        else if (pick < 0.93)
            x = 0.2 * x - 0.26 * y, y = 0.23 * old + 0.22 * y + 1.6;
        else
            x = -0.15 * x + 0.28 * y, y = 0.26 * old + 0.24 * y + 0.44;
        struct rgb green = {0.2 + 0.06 * y, 0.9, 0.25 - 0.015 * y};
        plate_expose(&plate, (y - 5) * 0.265, x * 0.34 - 0.1, green);
    }
    plate_develop(&plate, picture, (struct rgb){0.02, 0.05, 0.06}, 0.36);
}

static void paint_attractor(struct picture *picture, const double k[4], int clifford, double scale, struct rgb phase)
{
    struct plate plate = plate_new(picture);
    double x = 0.1;
    double y = 0.1;
    for (int i = 0; i < 16000000; i++) {
        double old_x = x;
        double old_y = y;
        x = clifford ? sin(k[0] * old_y) + k[2] * cos(k[0] * old_x) : sin(k[0] * old_y) - cos(k[1] * old_x);
        y = clifford ? sin(k[1] * old_x) + k[3] * cos(k[1] * old_y) : sin(k[2] * old_x) - cos(k[3] * old_y);
        double moved = hypot(x - old_x, y - old_y);
        plate_expose(&plate, x * scale * 1.25, y * scale, rgb_ring(moved * 0.16, phase));
    }
    plate_develop(&plate, picture, (struct rgb){0.02, 0.02, 0.05}, 0.3);
}

void paint_clifford(struct picture *picture)
{
    paint_attractor(picture, (const double[]){-1.4, 1.6, 1.0, 0.7}, 1, 0.5, (struct rgb){0.0, 0.25, 0.6});
}

void paint_de_jong(struct picture *picture)
{
    paint_attractor(picture, (const double[]){1.4, -2.3, 2.4, -2.1}, 0, 0.46, (struct rgb){0.65, 0.9, 0.05});
}

struct circle {
    double bend; /* 1 / radius */
    double complex middle;
};

static void paint_ball(struct picture *picture, double complex at, double radius, struct rgb colour)
{
    paint_disc(picture, creal(at), cimag(at), radius, rgb_scale(colour, 0.5));
    for (int ring = 1; ring < 24; ring++) {
        double in = ring / 24.0;
        struct rgb lit = rgb_mix(rgb_scale(colour, 0.5 + 0.35 * in), (struct rgb){1, 1, 0.95}, pow(in, 4) * 0.8);
        double complex middle = at + radius * in * (-0.3 + 0.4 * I);
        paint_disc(picture, creal(middle), cimag(middle), radius * (0.98 - 0.86 * in), lit);
    }
}

/* Descartes' theorem: the circle that touches three that touch each other, other than `known`; then the gaps around it. */
static void fill_gap(struct picture *picture, struct circle a, struct circle b, struct circle c, struct circle known)
{
    struct circle d = {.bend = 2 * (a.bend + b.bend + c.bend) - known.bend};
    d.middle = (2 * (a.bend * a.middle + b.bend * b.middle + c.bend * c.middle) - known.bend * known.middle) / d.bend;
    if (d.bend > 400)
        return;
    paint_ball(picture, d.middle, 0.98 / d.bend, rgb_ring(log(d.bend) * 0.17, (struct rgb){0.0, 0.12, 0.3}));
    fill_gap(picture, a, b, d, c);
    fill_gap(picture, a, c, d, b);
    fill_gap(picture, b, c, d, a);
}

/* The gasket of Apollonius: three balls in a circle, and balls in every gap. */
void paint_gasket(struct picture *picture)
{
    static const struct rgb colours[] = {{0.9, 0.25, 0.2}, {0.95, 0.7, 0.15}, {0.2, 0.6, 0.85}};
    for (int i = 0; i < picture->width * picture->height; i++)
        picture->pixels[i] = (struct rgb){0.05, 0.04, 0.09};
    double size = 0.98;
    double radius = size / (1 + 2 / sqrt(3));
    struct circle outer = {-1 / size, 0};
    struct circle inner[3];
    paint_disc(picture, 0, 0, size, (struct rgb){0.11, 0.1, 0.2});
    for (int i = 0; i < 3; i++) {
        inner[i] = (struct circle){1 / radius, (size - radius) * cexp(I * (M_PI / 2 + i * 2 * M_PI / 3))};
        paint_ball(picture, inner[i].middle, radius * 0.99, colours[i]);
    }
    fill_gap(picture, inner[0], inner[1], inner[2], outer);
    for (int i = 0; i < 3; i++)
        fill_gap(picture, inner[i], inner[(i + 1) % 3], outer, inner[(i + 2) % 3]);
}

static double at_torus(const double *field, int width, int height, int x, int y)
{
    return field[(y + height) % height * width + (x + width) % width];
}

static double laplace(const double *f, int w, int h, int x, int y)
{
    double near = at_torus(f, w, h, x - 1, y) + at_torus(f, w, h, x + 1, y) + at_torus(f, w, h, x, y - 1) +
                  at_torus(f, w, h, x, y + 1);
    double far = at_torus(f, w, h, x - 1, y - 1) + at_torus(f, w, h, x + 1, y - 1) + at_torus(f, w, h, x - 1, y + 1) +
                 at_torus(f, w, h, x + 1, y + 1);
    return 0.2 * near + 0.05 * far - f[y * w + x];
}

/* Gray and Scott's reaction: u feeds v, v eats u, both spread. The feed changes from left to right. */
static void react(double *u, double *v, double *u2, double *v2, int w, int h, int steps)
{
    for (int step = 0; step < steps; step++) {
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                int i = y * w + x;
                double feed = 0.030 + 0.026 * x / w;
                double eaten = u[i] * v[i] * v[i];
                u2[i] = u[i] + laplace(u, w, h, x, y) - eaten + feed * (1 - u[i]);
                v2[i] = v[i] + 0.5 * laplace(v, w, h, x, y) + eaten - (feed + 0.0615) * v[i];
            }
        double *swap = u;
        u = u2, u2 = swap;
        swap = v;
        v = v2, v2 = swap;
    }
}

void paint_reaction(struct picture *picture)
{
    enum { W = 342, H = 228 };
    double *field = calloc(4 * W * H, sizeof *field);
    if (!field)
        abort();
    double *u = field;
    double *v = field + W * H;
    uint64_t state = 77;
    for (int i = 0; i < W * H; i++)
        u[i] = 1;
    for (int spot = 0; spot < 90; spot++) {
        int x = (int)(chance(&state) * (W - 8));
        int y = (int)(chance(&state) * (H - 8));
        for (int i = 0; i < 36; i++)
            v[(y + i / 6) * W + x + i % 6] = 0.6;
    }
    react(u, v, field + 2 * W * H, field + 3 * W * H, W, H, 5000);
    static const struct rgb coral[] = {{0.02, 0.1, 0.2}, {0.05, 0.35, 0.45}, {0.95, 0.55, 0.4}, {1, 0.93, 0.8}};
    for (int row = 0; row < picture->height; row++)
        for (int column = 0; column < picture->width; column++) {
            double x = (double)column * (W - 1) / picture->width;
            double y = (double)row * (H - 1) / picture->height;
            int i = (int)y * W + (int)x;
            double p = x - (int)x;
            double q = y - (int)y;
            double value = (v[i] * (1 - p) + v[i + 1] * p) * (1 - q) + (v[i + W] * (1 - p) + v[i + W + 1] * p) * q;
            double slope = (v[i + 1] - v[i]) - (v[i + W] - v[i]);
            picture->pixels[row * picture->width + column] = rgb_scale(rgb_path(coral, 4, value * 2.7), 1 - slope * 2.2);
        }
    free(field);
}
