// SPDX-License-Identifier: Apache-2.0
/**
 * The command line. A command reads its options, calls what does the work, and prints; a user's
 * mistake becomes one message and exit code 2.
 */
package org.espalier.driver.cli;
