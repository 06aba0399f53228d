// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.io.Serializable;

/**
 * What computes a network.
 *
 * @param engine id, for finding it; in no name
 * @param numerics what determines its bits
 */
public record Arithmetic(String engine, String numerics) implements Serializable {}
