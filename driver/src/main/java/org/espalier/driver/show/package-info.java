// SPDX-License-Identifier: Apache-2.0
/** What a folder of results says so far: tables and figures from the rows alone. */
package org.espalier.driver.show;
