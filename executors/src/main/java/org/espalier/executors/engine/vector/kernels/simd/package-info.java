// SPDX-License-Identifier: Apache-2.0
/**
 * The kernels on {@code jdk.incubator.vector}: the only classes that need the module. They are
 * found by name, so that everything else loads without it. Each keeps to the arithmetic that {@link
 * org.espalier.executors.engine.vector.kernels.Kernels} documents.
 */
package org.espalier.executors.engine.vector.kernels.simd;
