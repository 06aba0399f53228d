// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * A pattern that removes cells: those that on each of its axes stand at one of the given places.
 *
 * @param places of the values on their axes, counted from 0
 */
record Exclusion(Map<Axis, Set<Integer>> places) {
    Exclusion {
        places = Collections.unmodifiableMap(new EnumMap<>(places));
    }

    /**
     * Whether it removes a point; the control has no method, so it matches no pattern of methods.
     */
    boolean matches(int[] point, boolean control) {
        if (control && places.containsKey(Axis.METHOD)) {
            return false;
        }
        for (Map.Entry<Axis, Set<Integer>> axis : places.entrySet()) {
            if (!axis.getValue().contains(point[axis.getKey().ordinal()])) {
                return false;
            }
        }
        return true;
    }
}
