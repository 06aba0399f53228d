// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import java.util.ArrayList;
import java.util.List;

/**
 * The ways in which a digit is written: pen strokes as control points of smooth curves, in
 * hundredths of a box whose x grows to the right and y downwards. A corner ends a stroke; the next
 * one starts where it ended.
 */
final class StrokeSkeletons {

    /** Number of digits. */
    static final int DIGITS = 10;

    /**
     * One way to write a digit.
     *
     * @param weight how often it is used, relative to the digit's other ways
     * @param strokes shape [strokes][points][2]
     */
    record Skeleton(int weight, double[][][] strokes) {}

    private static final List<List<Skeleton>> ALL =
            List.of(
                    List.of( // 0: round; narrow; not quite closed
                            way(5, "55,4 22,16 10,48 22,84 50,97 80,84 90,50 80,16 55,4"),
                            way(3, "52,3 34,20 28,52 36,86 52,97 68,84 74,50 66,18 52,3"),
                            way(2, "62,8 28,14 12,50 26,86 54,96 82,78 88,44 74,14 46,10")),
                    List.of( // 1: a bar; with a short flag; with a long flag, near a 7; with a foot
                            way(5, "52,2 51,35 50,65 48,98"),
                            way(3, "36,20 54,2|54,2 53,35 52,65 50,98"),
                            way(1, "22,26 40,14 56,3|56,3 54,35 50,65 46,98"),
                            way(1, "36,20 54,2|54,2 53,50 52,96|28,97 52,96 76,96")),
                    List.of( // 2: with a straight foot; with a loop; with a flat head, near a 7
                            way(4, "16,26 30,6 60,4 78,24 70,48 42,74 14,95|14,95 48,94 86,93"),
                            way(
                                    3,
                                    "18,24 34,5 64,6 76,28 62,56 36,82 18,92 20,78 36,78 58,92"
                                            + " 86,90"),
                            way(1, "18,14 44,5 74,8 76,28 54,60 20,94|20,94 50,95 80,94")),
                    List.of( // 3: two bowls; flat head; lower bowl drawn in, near an 8
                            way(
                                    4,
                                    "20,14 44,3 72,10 74,32 46,46|46,46 76,54 84,76 64,95 36,97"
                                            + " 14,84"),
                            way(2, "18,6 50,5 80,5|80,5 62,24 44,42|44,42 76,50 84,74 60,95 18,88"),
                            way(
                                    2,
                                    "26,22 40,4 70,8 74,30 44,47|44,47 78,56 82,82 52,97 22,86"
                                            + " 24,70")),
                    List.of( // 4: open; closed by a slanted stroke; with a round head, near a 9
                            way(4, "28,4 22,30 18,56|18,56 50,56 86,52|70,12 68,50 66,98"),
                            way(3, "64,3 40,32 12,62|12,62 48,62 88,60|64,3 64,50 62,98"),
                            way(1, "36,8 20,28 28,48 52,52 70,44|72,6 72,46 68,98")),
                    List.of( // 5: with a hat; in one pull, near an S; with a wide bowl, near a 6
                            way(
                                    4,
                                    "30,6 26,28 22,46|22,46 50,38 78,50 82,76 58,96 16,90|30,6 56,6"
                                            + " 80,4"),
                            way(2, "76,6 40,8 26,26 36,44 64,52 78,72 62,94 18,92"),
                            way(
                                    2,
                                    "32,5 24,30 22,50|22,50 54,40 80,58 74,88 42,97 18,82|32,5"
                                            + " 72,5")),
                    List.of( // 6: round back; straight back; small loop
                            way(4, "70,4 38,22 18,54 24,86 50,97 76,84 74,60 50,52 24,68"),
                            way(2, "52,2 36,28 24,60 30,90 54,96 72,80 64,60 42,58 26,74"),
                            way(2, "78,8 44,16 20,46 20,80 46,96 70,88 68,68 44,64 24,80")),
                    List.of( // 7: plain; with a hook; crossed; steep with a short bar, near a 1
                            way(4, "12,10 46,8 84,6|84,6 62,40 48,70 40,98"),
                            way(2, "14,22 16,8|16,8 50,8 84,8|84,8 66,44 54,98"),
                            way(2, "12,10 46,8 84,6|84,6 60,46 42,98|28,52 52,50 74,50"),
                            way(1, "28,16 48,10 66,5|66,5 58,36 50,68 44,98")),
                    List.of( // 8: one pull; two rings; upper ring open, near a 3 or a 9
                            way(
                                    4,
                                    "72,14 46,3 24,18 34,38 60,54 78,76 54,97 24,82 36,58 64,38"
                                            + " 76,20 66,10"),
                            way(
                                    2,
                                    "50,3 28,12 28,34 50,47 72,34 72,12 50,3|50,47 24,58 20,82"
                                            + " 50,97 80,82 76,58 50,47"),
                            way(
                                    2,
                                    "76,10 48,5 26,20 40,40 66,56 76,78 52,96 28,82 38,60 60,44"
                                            + " 78,28")),
                    List.of( // 9: straight tail; curved tail; loop open at the top, near a 4
                            way(4, "74,22 52,4 24,14 22,40 48,52 72,34|74,12 74,54 68,98"),
                            way(3, "74,26 54,4 26,12 22,38 46,50 70,36 76,20 76,56 60,90 28,94"),
                            way(1, "40,6 22,22 26,44 48,52 72,40|74,10 72,52 66,98")));

    private StrokeSkeletons() {}

    /** All ways to write a digit. */
    static List<Skeleton> of(int digit) {
        return ALL.get(digit);
    }

    private static Skeleton way(int weight, String text) {
        List<double[][]> strokes = new ArrayList<>();
        for (String stroke : text.split("\\|")) {
            String[] points = stroke.split(" ");
            double[][] path = new double[points.length][2];
            for (int i = 0; i < points.length; i++) {
                int comma = points[i].indexOf(',');
                path[i][0] = Integer.parseInt(points[i].substring(0, comma)) / 100.0;
                path[i][1] = Integer.parseInt(points[i].substring(comma + 1)) / 100.0;
            }
            strokes.add(path);
        }
        return new Skeleton(weight, strokes.toArray(double[][][]::new));
    }
}
