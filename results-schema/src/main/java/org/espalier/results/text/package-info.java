// SPDX-License-Identifier: Apache-2.0
/**
 * How text is made everywhere in the program: independent of the JVM's locale. It is at the bottom
 * of the modules, since all of them write names, rows or messages.
 */
package org.espalier.results.text;
