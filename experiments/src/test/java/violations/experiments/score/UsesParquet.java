// SPDX-License-Identifier: Apache-2.0
package violations.experiments.score;

import org.apache.parquet.schema.MessageType;

/** A library that the science may not use. */
final class UsesParquet {
    MessageType type;
}
