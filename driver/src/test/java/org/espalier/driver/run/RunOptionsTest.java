// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunOptionsTest {

    /** An executor of a cluster runs in a folder of its own. */
    @Test
    void executorsGetAnAbsolutePathOfTheData() {
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(with("some data").dataForExecutors()).contains(here + "/some data");
        assertThat(with("./a/../b").dataForExecutors()).contains(here + "/b");
        assertThat(with("/data").dataForExecutors()).contains("/data");
        assertThat(with("hdfs:///data").dataForExecutors()).contains("hdfs:///data");
        assertThat(with(null).dataForExecutors()).isEmpty();
    }

    private static RunOptions with(String data) {
        return new RunOptions(
                "out",
                Optional.ofNullable(data),
                "store",
                "local[1]",
                Map.of(),
                RunOptions.Changed.REFUSE,
                RunOptions.Failed.LEAVE,
                RunOptions.Failures.PAUSE,
                1,
                1);
    }
}
