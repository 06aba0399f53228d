// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

import java.util.SplittableRandom;

/** Chance from elsewhere than a stream. */
public final class DrawsByItself {
    SplittableRandom random;

    double draw() {
        return Math.random();
    }
}
