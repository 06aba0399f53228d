// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.results.text.Text;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The sweep file: strict YAML 1.2. Whatever is wrong with one is found in one reading, so that a
 * writer mends it once.
 */
public final class SweepFile {
    private static final List<String> KEYS = List.of("name", "grid", "grids", "recipe", "recipes");
    private static final long MOST_POINTS = 1_000_000;
    private static final long MOST_MATCHES = 200_000_000;

    private final Catalogue catalogue;
    private final Problems problems;

    private SweepFile(Catalogue catalogue, Problems problems) {
        this.catalogue = catalogue;
        this.problems = problems;
    }

    /**
     * Reads a sweep file.
     *
     * @throws SweepFileException with every problem, if it cannot be read or there are any in it
     */
    public static Sweep read(Path file, Catalogue catalogue) {
        Problems problems = new Problems();
        byte[] bytes = new byte[0];
        if (Files.isDirectory(file)) {
            problems.add("expected a file, got a folder");
        } else {
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(Document.MOST_BYTES + 1);
            } catch (NoSuchFileException e) {
                problems.add("there is no such file");
            } catch (IOException e) {
                problems.add("cannot be read: " + e);
            }
        }
        problems.throwIfAny(file.toString());
        return read(bytes, file.toString(), catalogue);
    }

    /**
     * Reads the bytes of a sweep file.
     *
     * @param name of the file, for messages
     * @throws SweepFileException with every problem, if there are any
     */
    public static Sweep read(byte[] bytes, String name, Catalogue catalogue) {
        Problems problems = new Problems();
        Optional<Node> root = Document.parse(bytes, problems);
        problems.throwIfAny(name);
        if (root.isEmpty()) {
            problems.add("expected a sweep (name, grid, recipe), got an empty file");
            problems.throwIfAny(name);
        }
        Value file = new Value("", root.orElseThrow(), problems);
        Places places = Places.of(root.orElseThrow());
        Optional<Sweep> sweep = new SweepFile(catalogue, problems).sweep(file, places);
        problems.throwIfAny(name);
        return sweep.orElseThrow();
    }

    private Optional<Sweep> sweep(Value file, Places places) {
        Optional<Fields> found = Fields.of(file, "a mapping with name, grid and recipe", KEYS);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = found.get();
        Optional<String> name =
                fields.require("name", "a name for the sweep").flatMap(v -> v.name("a name"));
        int before = problems.count();
        ScheduleReader schedules =
                new ScheduleReader(
                        value ->
                                value.string()
                                        .map(n -> AxisReader.isDataset(catalogue, value, n))
                                        .orElse(true));
        List<Recipe> recipes = new RecipeReader(catalogue.engines(), schedules).read(fields);
        boolean named = fields.has("recipes");
        boolean choosesRecipes = named && problems.count() == before;
        GridReader reader =
                new GridReader(
                        new AxisReader(catalogue, recipes, choosesRecipes, schedules), named);
        List<GridReader.Read> grids = new ArrayList<>();
        grids(fields).forEach(value -> reader.read(value).ifPresent(grids::add));
        if (problems.count() > 0) {
            return Optional.empty();
        }
        expand(grids);
        Sweep sweep =
                new Sweep(
                        name.orElseThrow(),
                        recipes,
                        grids.stream().map(GridReader.Read::grid).toList(),
                        places);
        if (problems.count() == 0) {
            int frozen = FrozenSweep.text(sweep).getBytes(StandardCharsets.UTF_8).length;
            if (frozen > Document.MOST_BYTES) {
                problems.add(
                        Text.of(
                                "expected at most %d bytes with all defaults written out, got %d",
                                Document.MOST_BYTES, frozen));
            }
        }
        return Optional.of(sweep);
    }

    private List<Value> grids(Fields fields) {
        if (fields.has("grid") && fields.has("grids")) {
            fields.find("grids").orElseThrow().problem("expected grid or grids, got both");
        } else if (fields.has("grids")) {
            return fields.find("grids").orElseThrow().list("a list of grids");
        } else if (!fields.misspelled("grids")) {
            return fields.require("grid", GridReader.SHAPE).stream().toList();
        }
        return List.of();
    }

    /** Reports what shows only in the cells: too many, none, or a pattern that removes none. */
    private void expand(List<GridReader.Read> grids) {
        BigInteger points = BigInteger.ZERO;
        BigInteger matches = BigInteger.ZERO;
        for (GridReader.Read read : grids) {
            BigInteger here = read.grid().points();
            points = points.add(here);
            matches = matches.add(here.multiply(BigInteger.valueOf(read.patterns().size())));
            if (points.compareTo(BigInteger.valueOf(MOST_POINTS)) > 0) {
                read.value()
                        .expected(
                                Text.of("at most %d combinations of values", MOST_POINTS),
                                points.toString());
                return;
            }
            if (matches.compareTo(BigInteger.valueOf(MOST_MATCHES)) > 0) {
                read.value()
                        .expected(
                                "fewer patterns to exclude from so many combinations",
                                Text.of("%d from %s", read.patterns().size(), here));
                return;
            }
        }
        for (GridReader.Read read : grids) {
            AtomicBoolean any = new AtomicBoolean();
            BitSet used = read.grid().visit((point, control) -> any.set(true));
            for (int i = 0; i < read.patterns().size(); i++) {
                if (!used.get(i)) {
                    read.patterns()
                            .get(i)
                            .expected("a pattern that removes a cell", "one that matches none");
                }
            }
            if (!any.get()) {
                read.value().expected("at least one cell", "none: all are excluded");
            }
        }
    }
}
