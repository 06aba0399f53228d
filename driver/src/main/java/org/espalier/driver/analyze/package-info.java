// SPDX-License-Identifier: Apache-2.0
/** From result folders to answers: rows through Spark SQL, tables to the screen and to files. */
package org.espalier.driver.analyze;
