// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

import org.apache.avro.Schema;

/** Avro in the driver. */
final class UsesAvro {
    Schema schema;
}
