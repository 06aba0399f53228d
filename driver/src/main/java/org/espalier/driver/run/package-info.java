// SPDX-License-Identifier: Apache-2.0
/**
 * A sweep carried out: what is done is skipped, the rest is scheduled, rows are kept as they
 * arrive, progress is shown.
 */
package org.espalier.driver.run;
