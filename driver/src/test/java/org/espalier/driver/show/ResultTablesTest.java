// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.driver.show.Rows.classes;
import static org.espalier.driver.show.Rows.control;
import static org.espalier.driver.show.Rows.counts;
import static org.espalier.driver.show.Rows.loss;
import static org.espalier.driver.show.Rows.regression;

import java.util.List;
import org.espalier.driver.CopiedRow;
import org.espalier.experiments.statistics.DuplicateRowsException;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Condition;
import org.junit.jupiter.api.Test;

class ResultTablesTest {

    /**
     * By hand: dense 90 and 70 of 100, accuracy 0.8, balances +-0.125. The control ends as it
     * began: alpha 1 for both seeds, and no spread. Pruned and fine-tuned, seed 1 has 90 and 50:
     * accuracy 0.7, balances +-2/7, alpha = (2/7) / 0.125 = 2.2857; seed 2 has 80 and 60: accuracy
     * 0.7, balances +-1/7, alpha 1.1429. Mean 1.7143, less the control's 1: 0.7143. The control is
     * its own dense network here, so alpha against it is the same number.
     *
     * <p>Interval of two values: t(1, 0.995) = 63.7, half the distance 0.5714 times that: "?".
     * Deviation of the fine-tuned accuracies 70 and 70 is 0; of the pruned 60 and 50 it is sqrt(2 *
     * 5^2) = 7.07.
     */
    @Test
    void showsAccuraciesAndANumberOfEachPaper() {
        List<CellRow> rows =
                List.of(
                        Rows.row(classes("control", null, 0), 1, DENSE, DENSE, DENSE, null),
                        Rows.row(classes("control", null, 0), 2, DENSE, DENSE, DENSE, null),
                        Rows.row(
                                classes("magnitude", "", 0.9),
                                1,
                                DENSE,
                                counts(70, 50, 0.75),
                                counts(90, 50, 0.5),
                                0.25),
                        Rows.row(
                                classes("magnitude", "", 0.90),
                                2,
                                DENSE,
                                counts(60, 40, 0.75),
                                counts(80, 60, 0.5),
                                0.375));

        assertThat(withoutLegend(text(rows)))
                .isEqualTo(
                        """
                        mlp-8 on blobs
                          Test accuracy in percent, mean ± standard deviation over n seeds
                          method     ratio  n         dense   just pruned    fine-tuned
                          control    0      2  80.00 ± 0.00  80.00 ± 0.00  80.00 ± 0.00
                          magnitude  0.9    2  80.00 ± 0.00  55.00 ± 7.07  70.00 ± 0.00

                          One number of each paper, explained below
                          method     ratio  n    instability    pruned loss   alpha  alpha/control  difference
                          control    0      2              -  0.250 ± 0.000  1.00 ?              -           -
                          magnitude  0.9    2  0.313 ± 0.088  0.750 ± 0.000  1.71 ?           1.71      0.71 ?

                        """);
    }

    private static String text(List<CellRow> rows) {
        return ResultTables.text(Rows.filed(rows), 110);
    }

    private static final CellRow.Evaluation DENSE = counts(90, 70, 0.25);

    private static String withoutLegend(String text) {
        String plain = text.replace(System.lineSeparator(), "\n");
        int legend = plain.indexOf("How to read");
        assertThat(legend).isPositive();
        return plain.substring(0, legend);
    }

    /** One seed has no deviation; losses of a thousandth are told in thousandths. */
    @Test
    void showsLossesOfARegressionInAUnitThatFits() {
        List<CellRow> rows =
                List.of(
                        Rows.row(
                                regression("control", 1),
                                1,
                                loss(2.5e-3),
                                loss(2.5e-3),
                                loss(1.25e-3),
                                null),
                        Rows.row(
                                regression("random", 4),
                                1,
                                loss(2.5e-3),
                                loss(0.5),
                                loss(0.04),
                                null));

        assertThat(text(rows).replace(System.lineSeparator(), "\n"))
                .isEqualTo(
                        """
                        mlp-8-tanh on pde, noise 0.005, recipe long
                          Test loss (mean squared error) in units of 1e-3, mean ± standard deviation over n seeds
                          method   ratio  n  dense  just pruned  fine-tuned
                          control  1x     1   2.50         2.50        1.25
                          random   4x     1   2.50       500.00       40.00

                        """);
    }

    @Test
    void countsNotesAndFailuresByCause() {
        String note = "weight-decay is 0, so undecayed equals gradient";
        List<CellRow> rows =
                List.of(
                        Rows.row(
                                classes("undecayed", "", 0.5),
                                1,
                                DENSE,
                                DENSE,
                                DENSE,
                                0.0,
                                note,
                                note),
                        Rows.row(classes("undecayed", "", 0.5), 2, DENSE, DENSE, DENSE, 0.0, note),
                        Rows.failed(classes("undecayed", "", 0.5), 3, "DIVERGED", "loss is NaN"));

        String text = text(rows).replace(System.lineSeparator(), "\n");

        assertThat(text)
                .contains("undecayed  0.5    2 (1 failed)")
                .contains("Notes, with the cells that have them\n     2  " + note + "\n")
                .contains("Failed cells by cause\n     1  DIVERGED: loss is NaN\n");
    }

    @Test
    void tellsVariantsOfAMethodApart() {
        List<CellRow> rows =
                List.of(
                        Rows.row(
                                classes("undecayed", "{\"weight-decay\":0.1}", 0.5),
                                1,
                                DENSE,
                                DENSE,
                                DENSE,
                                0.0),
                        Rows.row(
                                classes("undecayed", "{\"weight-decay\":0.2}", 0.5),
                                1,
                                DENSE,
                                DENSE,
                                DENSE,
                                0.0),
                        Rows.row(
                                classes("gradient", "{\"samples\":9}", 0.5),
                                1,
                                DENSE,
                                DENSE,
                                DENSE,
                                0.0));

        assertThat(text(rows))
                .contains("undecayed weight-decay=0.1 ", "undecayed weight-decay=0.2 ")
                .contains("  gradient  ")
                .doesNotContain("samples");
    }

    @Test
    void keepsToItsWidth() {
        List<CellRow> rows =
                List.of(
                        Rows.row(
                                classes("elimination-compensation", "", 0.98),
                                1,
                                DENSE,
                                DENSE,
                                counts(90, 20, 1),
                                0.5),
                        Rows.row(
                                classes("elimination-compensation", "", 0.98),
                                2,
                                DENSE,
                                DENSE,
                                counts(80, 10, 2),
                                0.5));

        assertThat(ResultTables.text(Rows.filed(rows), 80).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).endsWith("alpha/control  difference"));
    }

    /**
     * The network of seed 2 is never right after fine-tuning, so it has no alpha; its dense one
     * neither was, so it has no instability. Losses it has.
     */
    @Test
    void tellsTheNOfANumberThatIsNotTheNOfItsLine() {
        Condition pruned = classes("magnitude", "", 0.5);
        List<CellRow> rows =
                List.of(
                        Rows.row(pruned, 1, DENSE, DENSE, DENSE, 0.25),
                        Rows.row(pruned, 2, counts(0, 0, 1), DENSE, counts(0, 0, 1), null));

        String text = text(rows);

        assertThat(text.lines().filter(line -> line.startsWith("  magnitude")).skip(1))
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line.replaceAll(" +", " "))
                                        .isEqualTo(
                                                " magnitude 0.5 2 0.250 (n 1) 0.250 ± 0.000 1.00 ?"
                                                        + " (n 1) - -"));
        assertThat(text)
                .contains("(n 2): over 2 seeds only, the others of the line have no such number")
                .doesNotContain("fewer seeds");
    }

    @Test
    void marksLinesOverFewerSeeds() {
        List<CellRow> rows =
                List.of(
                        Rows.row(classes("magnitude", "", 0.5), 1, DENSE, DENSE, DENSE, 0.0),
                        Rows.row(classes("magnitude", "", 0.5), 2, DENSE, DENSE, DENSE, 0.0),
                        Rows.row(classes("random", "", 0.5), 1, DENSE, DENSE, DENSE, 0.0));

        String text = text(rows);

        assertThat(text.lines().filter(line -> line.startsWith("  random")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).matches("  random +0.5 +1\\* .*"));
        assertThat(text)
                .contains("magnitude  0.5     2  ", "*: fewer seeds than other lines")
                .doesNotContain("(n ");
    }

    /** A pruning that gains a little: -0.0001 is no number with a sign in three decimals. */
    @Test
    void nothingIsLessThanZeroByRounding() {
        assertThat(
                        text(
                                List.of(
                                        Rows.row(
                                                classes("magnitude", "", 0.5),
                                                1,
                                                DENSE,
                                                DENSE,
                                                DENSE,
                                                -0.0001))))
                .contains(" 0.000 ")
                .doesNotContain("-0.0");
    }

    @Test
    void tellsSettingsApartThatDifferInNoiseOnly() {
        Condition clean = classes("magnitude", "", 0.5);
        Condition noisy = CopiedRow.with(clean, "noise", 0.25);

        assertThat(
                        text(
                                List.of(
                                        Rows.row(clean, 1, DENSE, DENSE, DENSE, 0.0),
                                        Rows.row(noisy, 1, DENSE, DENSE, DENSE, 0.0))))
                .contains("mlp-8 on blobs, noise 0" + System.lineSeparator())
                .contains("mlp-8 on blobs, noise 0.25" + System.lineSeparator());
    }

    /** The control that was trained as long is a row beside the one that others are paired with. */
    @Test
    void tellsKindsOfControlApart() {
        List<CellRow> rows =
                List.of(
                        Rows.row(control("trained-as-long"), 1, DENSE, DENSE, DENSE, null),
                        Rows.row(control("other-order"), 1, DENSE, DENSE, DENSE, null),
                        Rows.row(control("fine-tuned"), 1, DENSE, DENSE, DENSE, null),
                        Rows.row(classes("magnitude", "", 0.5), 1, DENSE, DENSE, DENSE, 0.0));

        assertThat(text(rows).lines().filter(line -> line.startsWith("  control")).limit(3))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("  control        "),
                        line -> assertThat(line).startsWith("  control other-order "),
                        line -> assertThat(line).startsWith("  control trained-as-long "));
    }

    /** Nothing is averaged over a cell that is there twice. */
    @Test
    void twoRowsOfOneConditionAndSeedAreAnError() {
        CellRow row = Rows.row(classes("magnitude", "", 0.5), 1, DENSE, DENSE, DENSE, 0.0);
        CellRow twin = CopiedRow.with(row, "cellId", "twin");

        assertThatThrownBy(() -> text(List.of(row, twin)))
                .isInstanceOf(DuplicateRowsException.class)
                .hasMessageContainingAll("rows-0.parquet", "rows-1.parquet", row.cellId(), "twin");
    }

    @Test
    void saysNothingOfNoRows() {
        assertThat(text(List.of())).isEmpty();
    }
}
