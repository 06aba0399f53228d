// SPDX-License-Identifier: Apache-2.0
package violations.executors.engine.vector.kernels.simd;

import violations.vectors.Lanes;

/** Vectors where they belong. */
final class Kernel {
    Lanes lanes;
}
