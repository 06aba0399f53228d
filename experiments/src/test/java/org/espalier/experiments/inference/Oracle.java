// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Values that another program computed; the first line of {@code scripts/oracles} says how. */
record Oracle(String function, List<double[]> arguments, double[] expected) {

    static List<Oracle> of(String file, String function) {
        try (InputStream in = Oracle.class.getResourceAsStream(file)) {
            List<Oracle> found =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.startsWith(function + "\t"))
                            .map(line -> parse(line.split("\t")))
                            .toList();
            if (found.isEmpty()) {
                throw new AssertionError(file + " has nothing of " + function);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of both programs. */
    static List<Oracle> ofBoth(String function) {
        return Stream.of("r.tsv", "scipy.tsv").flatMap(f -> of(f, function).stream()).toList();
    }

    private static Oracle parse(String... fields) {
        return new Oracle(
                fields[0],
                Arrays.stream(fields[1].split(";")).map(Oracle::vector).toList(),
                vector(fields[2]));
    }

    private static double[] vector(String text) {
        return Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    }

    double[] x() {
        return arguments.get(0);
    }

    double[] y() {
        return arguments.get(1);
    }

    /** The first number of an argument. */
    double number(int argument) {
        return arguments.get(argument)[0];
    }

    @Override
    public String toString() {
        return function + " of " + arguments.stream().map(Arrays::toString).toList();
    }
}
