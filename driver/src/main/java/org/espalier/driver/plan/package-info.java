// SPDX-License-Identifier: Apache-2.0
/**
 * From a sweep to its plan: every cell with its identity, the stages they share, and what that
 * comes to. Nothing is started.
 */
package org.espalier.driver.plan;
