// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J in the driver. */
final class UsesNd4j {
    INDArray array;
}
