// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

/**
 * What the numbers of a row rest on besides the settings that the user chose: where it differs,
 * numbers belong in no common mean.
 *
 * @param fingerprint what the data set's bits are
 * @param numerics version of the engine's arithmetic
 * @param science versions of what engines share, those that are not 1
 */
public record RowOrigin(
        String dataset, String fingerprint, String engine, String numerics, String science) {}
