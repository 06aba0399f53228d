// SPDX-License-Identifier: Apache-2.0
/**
 * The floating-point loops of the vector engine and nothing else of it: {@link
 * org.espalier.executors.engine.vector.kernels.Kernels} says what each one computes, bit for bit,
 * {@link org.espalier.executors.engine.vector.kernels.ScalarKernels} does it in plain Java. They
 * know no layers: {@link org.espalier.executors.engine.vector.kernels.Rows} of arrays, and in a
 * {@link org.espalier.executors.engine.vector.kernels.Product} which weight meets which of them.
 * How the arrays lie in memory is settled here too. The same loops on the JDK's vectors are in the
 * package below.
 */
package org.espalier.executors.engine.vector.kernels;
