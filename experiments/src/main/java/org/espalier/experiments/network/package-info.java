// SPDX-License-Identifier: Apache-2.0
/**
 * Networks as plain data: layers, shapes, parameters and named tensors. Nothing here computes an
 * output.
 */
package org.espalier.experiments.network;
