// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * What the science may use, and how its packages stand to each other. Each rule is tried on the
 * fixtures in {@code violations} too, where it must fail.
 */
class ModuleRulesTest {
    private static final String MAIN = "org.espalier.experiments";
    private static final String BAD = "violations.experiments";
    private static final JavaClasses MAIN_CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(MAIN);
    private static final JavaClasses BAD_CLASSES = new ClassFileImporter().importPackages(BAD);

    /** No Spark, ND4J, Hadoop, Avro or Parquet: the row alone is shared with the modules around. */
    private static ArchRule isPlainJava(String root) {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        root + "..",
                        "java..",
                        "org.espalier.results..",
                        "org.hipparchus..",
                        "de.rototor.pdfbox..",
                        "javax.imageio..",
                        "javax.xml.parsers..",
                        "org.apache.batik..",
                        "org.apache.pdfbox..",
                        "org.w3c.dom..",
                        "org.snakeyaml.engine..");
    }

    private static ArchRule readsYamlInSweepsOnly(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".sweep..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.snakeyaml..");
    }

    private static ArchRule hasNoCycles(String root) {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    @Test
    void theScienceIsPlainJava() {
        isPlainJava(MAIN).check(MAIN_CLASSES);
    }

    @Test
    void yamlIsReadInSweepsOnly() {
        readsYamlInSweepsOnly(MAIN).check(MAIN_CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        hasNoCycles(MAIN).check(MAIN_CLASSES);
    }

    @Test
    void anotherLibraryIsFound() {
        assertThat(failures(isPlainJava(BAD))).contains(BAD + ".score.UsesParquet");
    }

    @Test
    void yamlElsewhereIsFound() {
        assertThat(failures(readsYamlInSweepsOnly(BAD))).contains(BAD + ".score.ReadsYaml");
    }

    @Test
    void aCycleIsFound() {
        assertThat(failures(hasNoCycles(BAD))).contains("Slice left", "Slice right");
    }

    private static String failures(ArchRule rule) {
        return rule.evaluate(BAD_CLASSES).getFailureReport().toString();
    }
}
