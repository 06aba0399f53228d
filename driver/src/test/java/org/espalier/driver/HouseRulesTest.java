// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of the house: kept by the classes of all modules, broken by the fixtures. */
class HouseRulesTest {
    private static final HouseRules MAIN = new HouseRules("org.espalier");
    private static final HouseRules BAD = new HouseRules("violations");
    private static final JavaClasses MAIN_CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(MAIN.root());
    private static final JavaClasses BAD_CLASSES =
            new ClassFileImporter().importPackages(BAD.root());

    /** A rule, and the fixtures that break it. */
    enum Rule {
        MODULES_POINT_ONE_WAY(HouseRules::modulesPointOneWay, "results.UsesTheDriver"),
        PACKAGES_HAVE_NO_CYCLES(
                HouseRules::packagesHaveNoCycles,
                "experiments.left.Left.right",
                "experiments.right.Right.left"),
        SPARK_IS_CONFINED(HouseRules::sparkIsConfined, "driver.plan.UsesSpark"),
        ND4J_IS_CONFINED(HouseRules::nd4jIsConfined, "driver.plan.UsesNd4j"),
        PARQUET_IS_CONFINED(HouseRules::parquetIsConfined, "driver.plan.UsesAvro"),
        COMMAND_LINE_IS_CONFINED(HouseRules::commandLineIsConfined, "driver.plan.IsACommand"),
        CHANCE_COMES_FROM_STREAMS(
                HouseRules::chanceComesFromStreams,
                "driver.plan.DrawsByItself.random",
                "driver.plan.DrawsByItself.draw()"),
        ONLY_COMMANDS_PRINT(HouseRules::onlyCommandsPrint, "experiments.left.Left.print()"),
        TEXT_KNOWS_NO_LOCALE(
                HouseRules::textKnowsNoLocale,
                "driver.plan.SpeaksItsOwnTongue.digits",
                "driver.plan.SpeaksItsOwnTongue.small");

        private final Function<HouseRules, ArchRule> rule;
        private final List<String> violations;

        Rule(Function<HouseRules, ArchRule> rule, String... violations) {
            this.rule = rule;
            this.violations = List.of(violations);
        }
    }

    @Test
    void allModulesAreLookedAt() {
        assertThat(MAIN_CLASSES.stream().map(c -> c.getPackageName().split("[.]")[2]).distinct())
                .containsExactlyInAnyOrder("driver", "executors", "experiments", "results");
    }

    @ParameterizedTest
    @EnumSource
    void holds(Rule rule) {
        rule.rule.apply(MAIN).check(MAIN_CLASSES);
    }

    @ParameterizedTest
    @EnumSource
    void canFail(Rule rule) {
        String report = rule.rule.apply(BAD).evaluate(BAD_CLASSES).getFailureReport().toString();

        for (String violation : rule.violations) {
            assertThat(report).contains("violations." + violation);
        }
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (String module : List.of("driver", "executors", "experiments", "results-schema")) {
            assertThat(undescribed(Path.of("..", module, "src", "main", "java"))).isEmpty();
        }
    }

    @Test
    void aPackageThatSaysNothingIsFound(@TempDir Path sources) throws IOException {
        Files.createDirectories(sources.resolve("described/silent"));
        Files.writeString(sources.resolve("described/package-info.java"), "package described;");
        Files.writeString(sources.resolve("described/silent/A.java"), "class A {}");

        assertThat(undescribed(sources)).containsExactly(sources.resolve("described/silent"));
    }

    /** Folders with sources but no package-info.java. */
    private static List<Path> undescribed(Path sources) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path folder : all.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> children = Files.list(folder)) {
                    boolean source = children.anyMatch(f -> f.toString().endsWith(".java"));
                    if (source && !Files.exists(folder.resolve("package-info.java"))) {
                        folders.add(folder);
                    }
                }
            }
        }
        return folders;
    }
}
