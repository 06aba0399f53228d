// SPDX-License-Identifier: Apache-2.0
/**
 * The floating-point loops of the vector engine and nothing else of it: {@link
 * org.espalier.executors.engine.vector.kernels.Kernels} says what each one computes, bit for bit,
 * {@link org.espalier.executors.engine.vector.kernels.ScalarKernels} does it in plain Java. They
 * know arrays, rows and steps, but no layers; how the arrays lie in memory is settled here too. The
 * same loops on the JDK's vectors are in the package below.
 */
package org.espalier.executors.engine.vector.kernels;
