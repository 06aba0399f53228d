// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

import picocli.CommandLine.Command;

/** A command outside the command line. */
@Command(name = "plan")
final class IsACommand {}
