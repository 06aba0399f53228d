// SPDX-License-Identifier: Apache-2.0
package violations.executors.train;

import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J outside its engine. */
final class UsesNd4j {
    INDArray array;
}
