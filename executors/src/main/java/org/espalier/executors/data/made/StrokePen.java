// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import java.util.Arrays;
import org.espalier.experiments.random.RandomStream;

/**
 * Writes one digit after another as an unsteady hand would: bends its skeleton, slants, turns and
 * stretches it, fits it into the page and draws it with a round pen whose pressure varies. All in
 * plain double arithmetic and {@link StrictMath}, so a stream gives the same bytes everywhere.
 */
final class StrokePen {

    /** Pixels of a side of the page. */
    static final int SIDE = 28;

    private static final double BOX = 20; // the longer side of a digit, before it is scaled
    private static final int PIECES = 6; // straight pieces between two control points

    private final RandomStream random;
    private final double[] page = new double[SIDE * SIDE];
    private final double[] blurred = new double[SIDE * SIDE];

    StrokePen(RandomStream random) {
        this.random = random;
    }

    /**
     * Writes a digit.
     *
     * @param unsteadiness how far the hand strays: 1 is a usual hand
     * @param into receives the page row by row, 0 is paper and 255 is ink, from {@code at} on
     */
    void write(StrokeSkeletons.Skeleton skeleton, double unsteadiness, byte[] into, int at) {
        double[][][] lines = bend(skeleton.strokes(), unsteadiness);
        for (int s = 0; s < lines.length; s++) {
            lines[s] = smooth(lines[s]);
        }
        transform(lines, unsteadiness);
        fit(lines);
        Arrays.fill(page, 0);
        double radius = uniform(0.65, 1.45);
        double edge = uniform(0.7, 1.3);
        for (double[][] line : lines) {
            double pressure = uniform(0.8, 1.2);
            double release = uniform(0.6, 1.15);
            for (int i = 1; i < line.length; i++) {
                double along = (double) i / (line.length - 1);
                double r = radius * (pressure + along * (release - pressure));
                draw(line[i - 1], line[i], Math.max(r, 0.45), edge);
            }
        }
        blur(uniform(0, 0.55));
        double ink = uniform(200, 255);
        for (int i = 0; i < page.length; i++) {
            into[at + i] = (byte) (int) (ink * page[i] + 0.5);
        }
    }

    /**
     * Moves control points by a smooth field of two waves per axis, which keeps joined strokes
     * joined, and by a little each on its own, which does not.
     */
    private double[][][] bend(double[][][] strokes, double unsteadiness) {
        double[][] waves = new double[4][4]; // amplitude, x frequency, y frequency, phase
        for (double[] wave : waves) {
            wave[0] = 0.043 * unsteadiness * random.nextGaussian();
            wave[1] = uniform(-5.5, 5.5);
            wave[2] = uniform(-5.5, 5.5);
            wave[3] = uniform(0, 2 * Math.PI);
        }
        double[][][] bent = new double[strokes.length][][];
        for (int s = 0; s < strokes.length; s++) {
            bent[s] = new double[strokes[s].length][];
            for (int i = 0; i < bent[s].length; i++) {
                double x = strokes[s][i][0];
                double y = strokes[s][i][1];
                bent[s][i] =
                        new double[] {
                            x
                                    + wave(waves[0], x, y)
                                    + wave(waves[1], x, y)
                                    + 0.017 * unsteadiness * random.nextGaussian(),
                            y
                                    + wave(waves[2], x, y)
                                    + wave(waves[3], x, y)
                                    + 0.017 * unsteadiness * random.nextGaussian()
                        };
            }
        }
        return bent;
    }

    private static double wave(double[] wave, double x, double y) {
        return wave[0] * StrictMath.sin(wave[1] * x + wave[2] * y + wave[3]);
    }

    /** Catmull and Rom's (1974) curve through the points, as straight pieces. */
    private static double[][] smooth(double[][] points) {
        int n = points.length;
        double[][] line = new double[(n - 1) * PIECES + 1][2];
        for (int i = 0; i + 1 < n; i++) {
            for (int piece = 0; piece < PIECES; piece++) {
                double t = (double) piece / PIECES;
                for (int axis = 0; axis < 2; axis++) {
                    double p1 = points[i][axis];
                    double p2 = points[i + 1][axis];
                    double p0 = i == 0 ? 2 * p1 - p2 : points[i - 1][axis];
                    double p3 = i + 2 == n ? 2 * p2 - p1 : points[i + 2][axis];
                    double cubic = 3 * (p1 - p2) + p3 - p0;
                    double square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
                    line[i * PIECES + piece][axis] =
                            p1 + 0.5 * t * (p2 - p0 + t * (square + t * cubic));
                }
            }
        }
        line[line.length - 1] = points[n - 1].clone();
        return line;
    }

    /** Slant, turn and stretch. */
    private void transform(double[][][] lines, double unsteadiness) {
        double slant = 0.12 + 0.16 * unsteadiness * random.nextGaussian();
        double turn = 0.08 * unsteadiness * random.nextGaussian();
        double narrow = uniform(0.55, 0.95);
        double cos = StrictMath.cos(turn);
        double sin = StrictMath.sin(turn);
        for (double[][] line : lines) {
            for (double[] point : line) {
                double x = narrow * (point[0] - 0.5) - slant * (point[1] - 0.5);
                double y = point[1] - 0.5;
                point[0] = cos * x - sin * y;
                point[1] = sin * x + cos * y;
            }
        }
    }

    /** Scales the longer side to nearly {@link #BOX} pixels and centres the digit, not exactly. */
    private void fit(double[][][] lines) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double[][] line : lines) {
            for (double[] point : line) {
                for (int axis = 0; axis < 2; axis++) {
                    low[axis] = Math.min(low[axis], point[axis]);
                    high[axis] = Math.max(high[axis], point[axis]);
                }
            }
        }
        double extent = Math.max(high[0] - low[0], high[1] - low[1]);
        double scale = BOX * uniform(0.82, 1.04) / extent;
        for (int axis = 0; axis < 2; axis++) {
            double middle = (low[axis] + high[axis]) / 2;
            double centre = (SIDE - 1) / 2.0 + uniform(-1, 1);
            for (double[][] line : lines) {
                for (double[] point : line) {
                    point[axis] = centre + scale * (point[axis] - middle);
                }
            }
        }
    }

    /** Inks the pixels near a straight piece: full within the radius, fading over the edge. */
    private void draw(double[] from, double[] to, double radius, double edge) {
        double reach = radius + edge / 2;
        int left = clamp(Math.floor(Math.min(from[0], to[0]) - reach));
        int right = clamp(Math.ceil(Math.max(from[0], to[0]) + reach));
        int top = clamp(Math.floor(Math.min(from[1], to[1]) - reach));
        int bottom = clamp(Math.ceil(Math.max(from[1], to[1]) + reach));
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double square = dx * dx + dy * dy;
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double px = x - from[0];
                double py = y - from[1];
                double t = square > 0 ? (px * dx + py * dy) / square : 0;
                t = Math.max(0, Math.min(1, t));
                double ex = px - t * dx;
                double ey = py - t * dy;
                double distance = Math.sqrt(ex * ex + ey * ey);
                double ink = Math.min(1, (radius - distance) / edge + 0.5);
                page[y * SIDE + x] = Math.max(page[y * SIDE + x], ink);
            }
        }
    }

    private static int clamp(double pixel) {
        return (int) Math.max(0, Math.min(SIDE - 1, pixel));
    }

    /** Mixes in each pixel the share {@code amount} of its 3x3 neighbourhood, weighted 1-2-1. */
    private void blur(double amount) {
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                double sum = 0;
                for (int j = -1; j <= 1; j++) {
                    for (int i = -1; i <= 1; i++) {
                        boolean inside = y + j >= 0 && y + j < SIDE && x + i >= 0 && x + i < SIDE;
                        if (inside) {
                            int weight = (i == 0 ? 2 : 1) * (j == 0 ? 2 : 1);
                            sum += weight * page[(y + j) * SIDE + x + i];
                        }
                    }
                }
                double here = page[y * SIDE + x];
                blurred[y * SIDE + x] = here + amount * (sum / 16 - here);
            }
        }
        System.arraycopy(blurred, 0, page, 0, page.length);
    }

    private double uniform(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
