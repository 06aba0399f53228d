// SPDX-License-Identifier: Apache-2.0
/**
 * What a cell changes in a data set before a network sees it: noise and the split. Each change
 * draws from its own stream and leaves the original as it was.
 */
package org.espalier.executors.data.change;
