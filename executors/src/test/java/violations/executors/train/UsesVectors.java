// SPDX-License-Identifier: Apache-2.0
package violations.executors.train;

import violations.vectors.Lanes;

/** Vectors outside their engine. */
final class UsesVectors {
    Lanes lanes;
}
