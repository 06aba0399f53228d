// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** What this module may use; the fixture in {@code violations} shows that the rule can fail. */
class ModuleRulesTest {

    private static ArchRule usesOnlyStorage(String root) {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        root + "..",
                        "java..",
                        "org.apache.avro..",
                        "org.apache.hadoop..",
                        "org.apache.parquet..");
    }

    @Test
    void theSchemaUsesOnlyStorage() {
        JavaClasses main =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.espalier.results");

        usesOnlyStorage("org.espalier.results").check(main);
    }

    @Test
    void anotherLibraryIsFound() {
        JavaClasses violations = new ClassFileImporter().importPackages("violations.results");

        assertThat(
                        usesOnlyStorage("violations.results")
                                .evaluate(violations)
                                .getFailureReport()
                                .toString())
                .contains("violations.results.UsesDuckDb");
    }
}
