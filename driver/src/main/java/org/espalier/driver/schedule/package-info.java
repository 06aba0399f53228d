// SPDX-License-Identifier: Apache-2.0
/**
 * Which work goes out next. The scheduler knows segments and outcomes, not Spark: it keeps a window
 * of tasks in flight, always sends the longest ready work, and releases branches as their trunk
 * ends.
 */
package org.espalier.driver.schedule;
