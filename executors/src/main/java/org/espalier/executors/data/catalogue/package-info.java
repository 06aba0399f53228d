// SPDX-License-Identifier: Apache-2.0
/** The data sets that a sweep can name: those that are made and those in a folder of files. */
package org.espalier.executors.data.catalogue;
