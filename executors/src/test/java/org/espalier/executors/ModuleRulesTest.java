// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Engines stay behind their port. Each rule is tried on the fixtures in {@code violations} too,
 * where it must fail.
 */
class ModuleRulesTest {
    private static final String MAIN = "org.espalier.executors";
    private static final String BAD = "violations.executors";
    private static final JavaClasses MAIN_CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(MAIN);
    private static final JavaClasses BAD_CLASSES = new ClassFileImporter().importPackages(BAD);

    /** The package of one engine, and the libraries that only that engine may use. */
    private record Confined(String engine, List<String> libraries) {}

    static final List<Confined> ENGINES =
            List.of(
                    new Confined(
                            ".engine.dl4j",
                            List.of("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")),
                    new Confined(".engine.vector", List.of("jdk.incubator..")));

    private static ArchRule isConfined(Confined engine, String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + engine.engine + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(engine.libraries.toArray(String[]::new));
    }

    /** Engines are found as services; nothing names one, the ports least of all. */
    private static ArchRule isNamedByNobody(String engine, String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + engine + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + engine + "..");
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void theLibraryOfAnEngineIsConfined(Confined engine) {
        isConfined(engine, MAIN).check(MAIN_CLASSES);
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void nothingNamesAnEngine(Confined engine) {
        isNamedByNobody(engine.engine, MAIN).check(MAIN_CLASSES);
    }

    @Test
    void aLibraryElsewhereIsFound() {
        assertThat(failures(isConfined(ENGINES.get(0), BAD))).contains(BAD + ".train.UsesNd4j");
    }

    /**
     * The vectors of the JDK need an option of the compiler, so another library stands for them.
     */
    @Test
    void vectorsElsewhereAreFound() {
        Confined vectors = new Confined(".engine.vector", List.of("violations.vectors.."));

        assertThat(failures(isConfined(vectors, BAD)))
                .contains(BAD + ".train.UsesVectors")
                .doesNotContain(BAD + ".engine.vector.Kernel");
    }

    @Test
    void aNamedEngineIsFound() {
        assertThat(failures(isNamedByNobody(".engine.dl4j", BAD)))
                .contains(BAD + ".engine.NamesAnEngine");
    }

    private static String failures(ArchRule rule) {
        return rule.evaluate(BAD_CLASSES).getFailureReport().toString();
    }
}
