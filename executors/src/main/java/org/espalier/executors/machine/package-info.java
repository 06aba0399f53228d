// SPDX-License-Identifier: Apache-2.0
/**
 * What a machine must have before a cell runs on it: a user with a name, a folder from which native
 * libraries can be loaded, a store that can be written.
 */
package org.espalier.executors.machine;
