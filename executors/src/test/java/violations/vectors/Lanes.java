// SPDX-License-Identifier: Apache-2.0
package violations.vectors;

/** Stands for the vectors of the JDK. */
public final class Lanes {}
