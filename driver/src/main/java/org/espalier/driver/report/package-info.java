// SPDX-License-Identifier: Apache-2.0
/** The report of results: one page of HTML that opens without a network. */
package org.espalier.driver.report;
