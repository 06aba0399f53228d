// SPDX-License-Identifier: Apache-2.0
/**
 * Published data sets fetched from their mirrors: over a timeout, verified by size and digest,
 * whole or not at all.
 */
package org.espalier.executors.data.fetch;
