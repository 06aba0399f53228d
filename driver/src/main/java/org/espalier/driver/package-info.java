// SPDX-License-Identifier: Apache-2.0
/**
 * The driver: what a user starts. See the packages below for command line, plan, schedule and run.
 */
package org.espalier.driver;
