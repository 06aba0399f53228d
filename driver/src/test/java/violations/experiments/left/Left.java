// SPDX-License-Identifier: Apache-2.0
package violations.experiments.left;

import violations.experiments.right.Right;

/** Half of a cycle, which prints. */
public final class Left {
    Right right;

    void print() {
        System.out.println(right);
    }
}
