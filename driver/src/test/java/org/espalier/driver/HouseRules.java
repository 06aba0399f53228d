// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Rules for the classes of all modules together.
 *
 * @param root package above the modules' packages
 */
record HouseRules(String root) {

    /** driver, executors, experiments, results: each may use those after it. */
    ArchRule modulesPointOneWay() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(root + "..")
                .layer("driver")
                .definedBy(root + ".driver..")
                .layer("executors")
                .definedBy(root + ".executors..")
                .layer("experiments")
                .definedBy(root + ".experiments..")
                .layer("results")
                .definedBy(root + ".results..")
                .whereLayer("driver")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("executors")
                .mayOnlyBeAccessedByLayers("driver")
                .whereLayer("experiments")
                .mayOnlyBeAccessedByLayers("driver", "executors");
    }

    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(*).(**)").should().beFreeOfCycles();
    }

    ArchRule sparkIsConfined() {
        return confined(".driver.spark..", "org.apache.spark..", "scala..");
    }

    ArchRule nd4jIsConfined() {
        return confined(
                ".executors.engine.dl4j..", "org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");
    }

    ArchRule parquetIsConfined() {
        return confined(".results..", "org.apache.parquet..", "org.apache.avro..");
    }

    ArchRule commandLineIsConfined() {
        return confined(".driver.cli..", "picocli..");
    }

    /** All chance comes from the named streams of a cell's seed. */
    ArchRule chanceComesFromStreams() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".experiments.random..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(StrictMath.class, "random");
    }

    /** Text for a person leaves through the commands, or through the writer that they pass on. */
    ArchRule onlyCommandsPrint() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + ".driver.cli..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
    }

    /**
     * Text is made by {@code results.text.Text} or with a locale that is named: names, rows and
     * messages are the same whoever runs the program.
     */
    ArchRule textKnowsNoLocale() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(ZoneId.class, "systemDefault")
                .orShould()
                .callConstructor(DecimalFormat.class, String.class);
    }

    private ArchRule confined(String home, String... libraries) {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }
}
