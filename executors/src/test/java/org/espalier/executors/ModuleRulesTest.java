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

    static final List<String> ENGINES = List.of(".engine.dl4j", ".engine.vector");

    private static final String VECTORS = ".engine.vector.kernels.simd";

    /** A package, and the libraries that only it and those below it may use. */
    private record Confined(String home, List<String> libraries) {}

    static final List<Confined> LIBRARIES =
            List.of(
                    new Confined(
                            ".engine.dl4j",
                            List.of("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")),
                    new Confined(VECTORS, List.of("jdk.incubator..")));

    private static ArchRule isConfined(Confined confined, String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + confined.home + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(confined.libraries.toArray(String[]::new));
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
    @FieldSource("LIBRARIES")
    void theLibraryOfAnEngineIsConfined(Confined confined) {
        isConfined(confined, MAIN).check(MAIN_CLASSES);
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void nothingNamesAnEngine(String engine) {
        isNamedByNobody(engine, MAIN).check(MAIN_CLASSES);
    }

    @Test
    void aLibraryElsewhereIsFound() {
        assertThat(failures(isConfined(LIBRARIES.get(0), BAD))).contains(BAD + ".train.UsesNd4j");
    }

    /**
     * The vectors of the JDK need an option of the compiler, so another library stands for them.
     */
    @Test
    void vectorsElsewhereAreFound() {
        Confined vectors = new Confined(VECTORS, List.of("violations.vectors.."));

        assertThat(failures(isConfined(vectors, BAD)))
                .contains(BAD + ".train.UsesVectors", BAD + ".engine.vector.UsesVectors")
                .doesNotContain(BAD + VECTORS + ".Kernel");
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
