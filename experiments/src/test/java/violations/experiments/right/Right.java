// SPDX-License-Identifier: Apache-2.0
package violations.experiments.right;

import violations.experiments.left.Left;

/** The other half. */
public final class Right {
    Left left;
}
