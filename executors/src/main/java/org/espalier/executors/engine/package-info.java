// SPDX-License-Identifier: Apache-2.0
/**
 * The port behind which networks run. The training loop and the methods see a network only through
 * it; each engine is a sub-package.
 */
package org.espalier.executors.engine;
