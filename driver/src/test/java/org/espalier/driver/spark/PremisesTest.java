// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.espalier.driver.UsageException;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PremisesTest {
    @TempDir private Path folder;

    @Test
    void oneOfSeveralLocalFoldersMustBeWritable() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Path good = folder.resolve("good");

        assertThatThrownBy(
                        () ->
                                Premises.check(
                                        "local[1]",
                                        Map.of("spark.local.dir", good.toString()),
                                        Map.of("SPARK_LOCAL_DIRS", file + "," + file + "/below")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        Text.of(
                                "SPARK_LOCAL_DIRS: expected a folder that can be written, for Spark's own files, got %1$s,%1$s/below (a file; Not a directory); set SPARK_LOCAL_DIRS to one",
                                file));
        assertThatThrownBy(
                        () ->
                                Premises.check(
                                        "local[1]",
                                        Map.of("spark.local.dir", file.toString()),
                                        Map.of()))
                .hasMessageStartingWith("spark.local.dir: expected a folder");
        assertThatCode(
                        () ->
                                Premises.check(
                                        "local[1]",
                                        Map.of(),
                                        Map.of("SPARK_LOCAL_DIRS", file + "," + good)))
                .doesNotThrowAnyException();
        assertThat(good).isEmptyDirectory();
    }

    @Test
    void aMasterMustAnswer() throws IOException {
        int port;
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = listening.getLocalPort();
            String two = "spark://no-such-host.invalid:1,127.0.0.1:" + port;
            assertThatCode(() -> Premises.check(two, Map.of(), Map.of("SPARK_LOCAL_IP", "::1")))
                    .doesNotThrowAnyException();
        }
        String gone = "spark://no-such-host.invalid:1,127.0.0.1:" + port;
        assertThatThrownBy(() -> Premises.check(gone, Map.of(), Map.of("SPARK_LOCAL_IP", "::1")))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        Text.of(
                                "--master %s: no Spark master answers there (host no-such-host.invalid is not known; Connection refused); start it, or name the one that its log or page shows",
                                gone));
    }
}
