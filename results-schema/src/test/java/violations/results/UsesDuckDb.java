// SPDX-License-Identifier: Apache-2.0
package violations.results;

import org.duckdb.DuckDBConnection;

/** A library that the schema may not use. */
final class UsesDuckDb {
    DuckDBConnection connection;
}
