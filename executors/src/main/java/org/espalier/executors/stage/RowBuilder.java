// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Status;
import org.espalier.results.text.Text;

/** Makes the row of a cell, complete or failed. */
public final class RowBuilder {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_STACK_CHARACTERS = 8_000;

    private final RunContext context;
    private final PlannedCell planned;
    private final int attempt;

    public RowBuilder(RunContext context, PlannedCell planned, int attempt) {
        this.context = context;
        this.planned = planned;
        this.attempt = attempt;
    }

    /** Times of a task that are not in the network's history. */
    public record Clock(long startedAtMillis, double wallSeconds, boolean trunkReused) {}

    /** The row of a cell whose last stage left this history. */
    CellRow completed(History history, Architecture architecture, Clock clock) {
        History.Sparsities sparsities = history.sparsities();
        return new CellRow(
                CellRow.SCHEMA_VERSION,
                planned.id(),
                context.sweep(),
                Status.COMPLETED,
                attempt,
                condition(),
                planned.cell().seed(),
                root().engine(),
                root().numerics(),
                trunk(),
                stageNames(),
                task(architecture),
                architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY
                        ? architecture.outputs()
                        : null,
                architecture.parameterCount(),
                sparsities.prunable(),
                sparsities.asked(),
                sparsities.achieved(),
                sparsities.compressionAchieved(),
                history.layers(),
                history.dense(),
                history.pruned(),
                history.fineTuned(),
                history.denseSelection(),
                history.fineTunedSelection(),
                history.curve(),
                history.events(),
                history.notes(),
                new CellRow.Timings(
                        clock.startedAtMillis(),
                        clock.wallSeconds(),
                        history.seconds().dense(),
                        clock.trunkReused(),
                        history.seconds().score(),
                        history.seconds().fineTune(),
                        history.seconds().evaluate()),
                provenance(),
                null);
    }

    /** The row of a cell that failed, or whose trunk failed. */
    public CellRow failed(Failure failure, Clock clock) {
        List<String> notes =
                planned.cell().method() == null ? List.of() : planned.cell().method().notes();
        return new CellRow(
                CellRow.SCHEMA_VERSION,
                planned.id(),
                context.sweep(),
                Status.FAILED,
                attempt,
                condition(),
                planned.cell().seed(),
                root().engine(),
                root().numerics(),
                trunk(),
                stageNames(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                notes,
                new CellRow.Timings(
                        clock.startedAtMillis(),
                        clock.wallSeconds(),
                        0,
                        clock.trunkReused(),
                        0,
                        0,
                        0),
                provenance(),
                failure);
    }

    /**
     * A failure as a row tells it.
     *
     * @param stage that was being carried out; its name is the cause's id, so cells that share a
     *     failed trunk share it
     */
    static Failure failure(Throwable thrown, Stage stage) {
        return failure(FailureReason.of(thrown), thrown, stage);
    }

    /** The same where the reason is known otherwise. */
    public static Failure failure(FailureReason reason, Throwable thrown, Stage stage) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        String text = stack.toString();
        return new Failure(
                reason.name(),
                stage.toString(),
                thrown.getClass().getName(),
                String.valueOf(thrown.getMessage()),
                text.substring(0, Math.min(text.length(), MOST_STACK_CHARACTERS)),
                host(),
                stage.name());
    }

    private CellRow.Condition condition() {
        Cell cell = planned.cell();
        boolean classification = root().structure().contains("SOFTMAX_CROSS_ENTROPY");
        return new CellRow.Condition(
                cell.architecture(),
                cell.dataset(),
                cell.noise().doubleValue(),
                classification ? "symmetric" : "uniform",
                cell.methodId(),
                json(cell.method() == null ? Map.of() : cell.method().settings()),
                cell.ratio().kind().key(),
                cell.ratio().value().doubleValue(),
                Text.word(cell.recipe().schedule()),
                cell.recipe().name(),
                recipeJson(cell.recipe()));
    }

    private static String recipeJson(Recipe recipe) {
        return json(
                new java.util.TreeMap<>(
                        Map.of(
                                "dense", phase(recipe.dense()),
                                "fine-tune", phase(recipe.fineTune()),
                                "schedule", Text.word(recipe.schedule()),
                                "scope", Text.word(recipe.scope()),
                                "output-layer", Text.word(recipe.outputLayer()),
                                "start-from", Text.word(recipe.startFrom()),
                                "optimizer-state", Text.word(recipe.optimizerState()),
                                "validation", recipe.validation().toPlainString(),
                                "train-evaluation", Text.word(recipe.trainEvaluation()))));
    }

    private static String phase(Training training) {
        return training.canonicalText() + " epochs=" + training.epochs();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps of texts can be written", e);
        }
    }

    private CellRow.Provenance provenance() {
        BuildInfo build = BuildInfo.current();
        return new CellRow.Provenance(
                build.version(),
                build.commit(),
                build.dirty(),
                root().fingerprint(),
                host(),
                Text.of("%s %s", System.getProperty("java.vm.name"), Runtime.version()),
                Text.of(
                        "%s %s %s",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                backend(),
                context.sparkVersion(),
                build.libraries(),
                context.master(),
                context.applicationId());
    }

    /** Said of a failed cell too, which may have failed because there is none. */
    private String backend() {
        try {
            return Engines.named(root().engine()).backend();
        } catch (RuntimeException | LinkageError e) {
            return "not available: " + e;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private Operation.Initialise root() {
        return planned.leaf().root();
    }

    private static String task(Architecture architecture) {
        return architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY
                ? "classification"
                : "regression";
    }

    private List<String> stageNames() {
        return planned.leaf().path().stream().map(Stage::name).toList();
    }

    private String trunk() {
        return planned.leaf().path().get(1).name();
    }
}
