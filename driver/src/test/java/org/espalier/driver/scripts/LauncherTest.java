// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/espalier} on a copy of the scripts, with JDKs and a Maven that only pretend. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir private Path folder;
    private FakeCheckout checkout;

    @BeforeEach
    void make() throws IOException {
        checkout = new FakeCheckout(folder.resolve("a folder"), folder.resolve("jdks"));
    }

    @Test
    void runsOnTheJdkOfJavaHome() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");

        FakeCheckout.Ended ended = checkout.espalier(jdk, "version", "two words");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("java 17.0.9", "org.espalier.driver.cli.Espalier", "[two words]")
                .contains("[--add-opens=java.base/sun.nio.ch=ALL-UNNAMED]");
        assertThat(ended.err()).contains("espalier: building").contains("espalier: built in");
    }

    /** With CDPATH cd prints where it went, in the middle of what a script reads from itself. */
    @Test
    void worksWhereCdpathIsSet() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");

        FakeCheckout.Ended ended =
                checkout.fromInside("scripts/espalier", jdk, checkout.home() + ":.:/");

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .startsWith("java 17.0.9")
                .contains("[version]")
                .doesNotContain("\n");
    }

    /** The JVM prints a warning where it takes the module; other commands compute nothing. */
    @ParameterizedTest
    @CsvSource({
        "run, true",
        "quickstart, true",
        "--debug run, true",
        "plan, false",
        "plan run, false",
        "show, false",
        "list, false",
        "data, false",
        "version, false",
        "help run, false",
        "--version, false",
    })
    void takesTheVectorModuleWhereItComputes(String command, boolean computes) throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");

        String out = checkout.espalier(jdk, command.split(" ")).out();

        assertThat(out.contains("[--add-modules=jdk.incubator.vector]")).isEqualTo(computes);
        assertThat(out.contains("[-Despalier.vector.promised=true]")).isEqualTo(!computes);
    }

    /** In an ASCII locale a JVM opens no file with another name. */
    @Test
    void takesUtf8InAnAsciiLocale() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");
        checkout.locales("ANSI_X3.4-1968", "C", "C.utf8", "POSIX");
        assertThat(checkout.espalier(jdk, "version").out()).endsWith("LC_ALL=C.UTF-8");

        checkout.locales("UTF-8", "C", "C.utf8", "de_DE.utf8");
        assertThat(checkout.espalier(jdk, "version").out()).doesNotContain("LC_ALL");

        checkout.locales("ANSI_X3.4-1968", "C", "POSIX");
        assertThat(checkout.espalier(jdk, "version").out()).doesNotContain("LC_ALL");
    }

    @Test
    void saysThatAFolderBeyondAsciiCannotBeOpened() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");
        FakeCheckout beyond =
                new FakeCheckout(folder.resolve("gr\u00f6\u00dfe"), folder.resolve("jdks"));
        beyond.locales("ANSI_X3.4-1968", "C", "POSIX");

        FakeCheckout.Ended ended = beyond.espalier(jdk, "version");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err())
                .contains("has a name beyond ASCII, which no JVM can open in this locale;");
    }

    /** A terminal of 67 columns by {@code script} of util-linux, where it is there. */
    @Test
    void handsOverHowWideTheTerminalIs() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("my jdk"), "17.0.9");
        assertThat(checkout.espalier(jdk, "list").out()).contains(" columns 0 0 ");

        Path terminal = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(terminal));
        String espalier = "'" + checkout.script("espalier") + "' list";
        for (String end : new String[] {"", " 2>/dev/null"}) {
            FakeCheckout.Ended ended =
                    checkout.run(
                            terminal,
                            jdk,
                            List.of("-qec", "stty cols 67; " + espalier + end, "/dev/null"));
            assertThat(ended.out()).contains(end.isEmpty() ? " columns 67 67 " : " columns 67 0 ");
        }
    }

    @Test
    void takesAFittingJdkFromAUsualPlaceAndAJdk17First() throws Exception {
        checkout.jdk(folder.resolve("jdks/a21"), "21.0.1");
        checkout.jdk(folder.resolve("jdks/b 17"), "17.0.9");
        Path unfit = checkout.jdk(folder.resolve("tooNew"), "25.0.1");

        assertThat(checkout.espalier(null, "version").out()).contains("java 17.0.9");
        FakeCheckout.Ended told = checkout.espalier(unfit, "version");
        assertThat(told.out()).contains("java 17.0.9");
        assertThat(told.err())
                .isEqualTo(
                        Text.of(
                                "espalier: taking JDK 17 in %s; found JDK 25 in %s%n",
                                folder.resolve("jdks/b 17"), unfit));
    }

    @Test
    void saysWhatToInstallWhereEveryJdkIsTooNewOrTooOld() throws Exception {
        Path old = checkout.jdk(folder.resolve("jdks/old"), "1.8.0_392");
        assertRefused(checkout.espalier(null, "version"), "found JDK 8 in " + old);

        Path young = checkout.jdk(folder.resolve("young"), "24");
        assertRefused(checkout.espalier(young, "version"), "found JDK 24 in " + young);
        assertThat(checkout.builds()).isZero();
    }

    @Test
    void saysWhatToInstallWhereThereIsNoJdk() throws Exception {
        assertRefused(checkout.espalier(null, "version"), "found no JDK, but");
        assertRefused(
                checkout.espalier(folder.resolve("gone"), "version"),
                Text.of("found no JDK in %s, which JAVA_HOME names", folder.resolve("gone")));
        Path runtime = checkout.jdk(folder.resolve("jdks/jre"), "17.0.9");
        Files.delete(runtime.resolve("bin/javac"));
        assertRefused(checkout.espalier(null, "version"), "found no JDK, but");
    }

    private static void assertRefused(FakeCheckout.Ended ended, String found) {
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).startsWith("espalier: found ").contains(found, "install JDK 17");
    }

    @Test
    void worksThroughALinkFromAnyFolder() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        Path links = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(links.resolve("first"), checkout.script("espalier"));
        Path second = Files.createSymbolicLink(links.resolve("second"), Path.of("first"));

        FakeCheckout.Ended ended = checkout.run(second, jdk, List.of("version"));

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains(checkout.home() + "/driver/target/classes:")
                .contains(checkout.home() + "/driver/target/spark/jars/*");
    }

    @Test
    void buildsOnlyWhatIsNotBuilt() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.espalier(jdk, "version");
        FakeCheckout.Ended again = checkout.espalier(jdk, "version");
        assertThat(again.err()).isEmpty();
        assertThat(checkout.builds()).isEqualTo(1);

        Path source = checkout.home().resolve("executors/src/main/A.java");
        Files.writeString(source, "changed"); // as git checkout does
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        checkout.espalier(jdk, "version");
        assertThat(checkout.builds()).isEqualTo(2);
    }

    @Test
    void noticesASourceThatIsGone() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.espalier(jdk, "version");
        Files.delete(checkout.home().resolve("driver/src/main/B.java"));
        Files.setLastModifiedTime(
                checkout.home().resolve("driver/src/main"),
                FileTime.from(Instant.now().plusSeconds(2)));

        checkout.espalier(jdk, "version");

        assertThat(checkout.builds()).isEqualTo(2);
    }

    @Test
    void takesWhatMavenHasBuiltWithoutIt() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.builtByMaven();

        assertThat(checkout.espalier(jdk, "version").err()).isEmpty();
        assertThat(checkout.builds()).isZero();
    }

    @Test
    void buildsAgainWhereMavenHasCompiledButNotPacked() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.builtByMaven();
        Path pom = checkout.home().resolve("pom.xml"); // a library more, which is not copied yet
        Files.writeString(pom, "changed");
        Files.setLastModifiedTime(pom, FileTime.from(Instant.now().plusSeconds(2)));

        checkout.espalier(jdk, "version");

        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.mavenTakes(1);
        var first = CompletableFuture.supplyAsync(() -> checkout.espalier(jdk, "version"));
        var second = CompletableFuture.supplyAsync(() -> checkout.espalier(jdk, "version"));

        assertThat(first.get().status()).isZero();
        assertThat(second.get().status()).isZero();
        assertThat(checkout.builds()).isEqualTo(1);
    }

    @Test
    void saysBrieflyWhyABuildFailed() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.mavenFails(
                "[ERROR] A.java:[3,5] cannot find symbol",
                "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.");

        FakeCheckout.Ended ended = checkout.espalier(jdk, "version");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .contains("espalier: the build failed; all of it is in " + checkout.home())
                .contains("A.java:[3,5] cannot find symbol")
                .doesNotContain("full stack trace", "could not be reached");
        assertThat(checkout.espalier(jdk, "version").status()).isEqualTo(1); // not taken for built
    }

    @Test
    void saysThatMavenCentralCannotBeReached() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.mavenFails("[ERROR] Could not transfer artifact a:b:jar:1 from/to central");

        assertThat(checkout.espalier(jdk, "version").err())
                .contains("espalier: Maven Central could not be reached");
    }

    @Test
    void submitWantsASparkThatFits() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        Path submit = checkout.script("espalier-submit");
        List<String> command = List.of("--master", "spark://h:1", "--", "run", "a.yaml");

        assertThat(checkout.run(submit, jdk, List.of("run")).err())
                .startsWith("espalier: expected [OPTION OF SPARK-SUBMIT...] -- COMMAND");
        assertThat(checkout.run(submit, jdk, command).err())
                .startsWith("espalier: SPARK_HOME is not set: Espalier needs Spark 3.5");
        checkout.spark(folder.resolve("empty spark"), "none.jar");
        assertThat(checkout.run(submit, jdk, command).err()).contains("there is no Spark in it");
        checkout.spark(folder.resolve("spark4"), "spark-core_2.13-4.0.1.jar");
        FakeCheckout.Ended ended = checkout.run(submit, jdk, command);
        assertThat(ended.err())
                .startsWith("espalier: found Spark 4.0.1 for Scala 2.13 in ")
                .contains("but Espalier needs Spark 3.5 for Scala 2.12.");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(checkout.builds()).isZero();
    }

    @Test
    void submitPutsTheUsersOptionsBehindItsOwn() throws Exception {
        Path jdk = checkout.jdk(folder.resolve("jdk"), "17.0.9");
        checkout.spark(folder.resolve("spark 3"), "spark-core_2.12-3.5.9.jar");
        Path conf = Files.createDirectories(folder.resolve("spark 3/conf"));
        Files.writeString(
                conf.resolve("spark-defaults.conf"),
                "spark.executor.defaultJavaOptions -Dsite=1\n");

        FakeCheckout.Ended ended =
                checkout.run(
                        checkout.script("espalier-submit"),
                        jdk,
                        List.of("--master", "spark://h:1", "--", "run", "a b.yaml"));

        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains(
                        "[spark.executor.defaultJavaOptions=-Dsite=1 --add-modules=jdk.incubator.vector"
                                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=0]",
                        "[spark.executorEnv.OMP_NUM_THREADS=1]");
        assertThat(ended.out().strip())
                .endsWith(
                        "[--master] [spark://h:1] [--class] [org.espalier.driver.cli.Espalier] ["
                                + checkout.home()
                                + "/driver/target/espalier.jar] [run] [a b.yaml]");
    }
}
