// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.espalier.experiments.recipe.Recipe;

/**
 * A sweep file that has been read: names checked, defaults resolved.
 *
 * @param recipes in the order of the file; one called {@code default} where the file does not name
 *     them
 * @param grids in the order of the file
 * @param places where in its file it says so; sweeps are equal wherever they stand
 */
public record Sweep(String name, List<Recipe> recipes, List<Grid> grids, Places places) {
    public Sweep {
        recipes = List.copyOf(recipes);
        grids = List.copyOf(grids);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sweep sweep
                && name.equals(sweep.name)
                && recipes.equals(sweep.recipes)
                && grids.equals(sweep.grids);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, recipes, grids);
    }

    /**
     * The cells, each once, expanded anew by every call. Their order is fixed: grids in the order
     * of the file; in a grid recipe, architecture, dataset, noise, seed, schedule, ratio, method,
     * the last fastest, each in the order of its values; axes that are zipped advance together in
     * the place of the first of them. A cell that comes again stays where it came first. Where
     * nothing is pruned, methods do not differ: one control stands for all.
     */
    public List<Cell> cells() {
        Set<Cell> cells = new LinkedHashSet<>();
        grids.forEach(grid -> grid.forEachCell(cells::add));
        return List.copyOf(cells);
    }
}
