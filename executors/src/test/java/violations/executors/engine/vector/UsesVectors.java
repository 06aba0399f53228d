// SPDX-License-Identifier: Apache-2.0
package violations.executors.engine.vector;

import violations.vectors.Lanes;

/** Vectors outside the kernels. */
final class UsesVectors {
    Lanes lanes;
}
