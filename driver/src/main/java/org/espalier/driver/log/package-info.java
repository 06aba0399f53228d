// SPDX-License-Identifier: Apache-2.0
/** The log file of a run, and what libraries may say on the screen meanwhile. */
package org.espalier.driver.log;
