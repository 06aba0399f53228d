// SPDX-License-Identifier: Apache-2.0
package violations.results;

import violations.driver.plan.DrawsByItself;

/** The lowest module using the highest. */
final class UsesTheDriver {
    DrawsByItself above;
}
