// SPDX-License-Identifier: Apache-2.0
/**
 * Words for messages: names that a user may have meant, and foreign text made safe to print. Used
 * by everything that reads what a user wrote.
 */
package org.espalier.experiments.text;
