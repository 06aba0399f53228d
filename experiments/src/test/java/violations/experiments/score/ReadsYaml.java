// SPDX-License-Identifier: Apache-2.0
package violations.experiments.score;

import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML outside the package of sweep files. */
final class ReadsYaml {
    LoadSettings settings;
}
