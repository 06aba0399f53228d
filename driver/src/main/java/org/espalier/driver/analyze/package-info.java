// SPDX-License-Identifier: Apache-2.0
/** Answers for people and programs: tables on the screen and in files. */
package org.espalier.driver.analyze;
