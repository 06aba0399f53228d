// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.espalier.results.text.Text;

/**
 * One cell of a sweep, complete or failed: the unit that lands in Parquet. Components are the
 * fields of the Avro schema {@code cell-row-v1.avsc} in the same order, {@code camelCase} for
 * {@code snake_case}; meaning, unit and null rules stand there and in {@code SCHEMA.md}.
 *
 * <p>Of a failed cell everything that was known before the failure is present, the rest is null.
 */
public record CellRow(
        int schemaVersion,
        String cellId,
        String sweep,
        Status status,
        int attempt,
        Condition condition,
        long seed,
        String engine,
        String numerics,
        String trunk,
        List<String> stages,
        String task,
        Integer classes,
        Long parameters,
        Long prunableWeights,
        Double sparsityAsked,
        Double sparsityAchieved,
        Double compressionAchieved,
        List<LayerSparsity> layers,
        Evaluation dense,
        Evaluation pruned,
        Evaluation fineTuned,
        Selection denseSelection,
        Selection fineTunedSelection,
        List<CurvePoint> curve,
        List<PruningEvent> events,
        List<String> notes,
        Timings timings,
        Provenance provenance,
        Failure failure)
        implements Serializable {

    /** Version of the schema that this code writes. */
    public static final int SCHEMA_VERSION = 1;

    /** How a cell ended. */
    public enum Status {
        COMPLETED,
        FAILED
    }

    public CellRow {
        Objects.requireNonNull(cellId, "cellId");
        Objects.requireNonNull(sweep, "sweep");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(condition, "condition");
        stages = List.copyOf(stages);
        layers = List.copyOf(layers);
        curve = List.copyOf(curve);
        events = List.copyOf(events);
        notes = List.copyOf(notes);
        if ((failure != null) != (status == Status.FAILED)) {
            throw new IllegalArgumentException(
                    Text.of("cell %s is %s with failure %s", cellId, status, failure));
        }
    }

    /** A cell without its seed: what statistics compare. */
    public record Condition(
            String architecture,
            String dataset,
            double noise,
            String noiseKind,
            String method,
            String methodSettings,
            String ratioKind,
            double ratio,
            String schedule,
            String recipe,
            String recipeSettings)
            implements Serializable {}

    /** Prunable weights of one layer. */
    public record LayerSparsity(String layer, long weights, long askedPruned, long pruned)
            implements Serializable {}

    /** One stage of the network measured on whole data sets, counts and not batch means. */
    public record Evaluation(Measures test, Measures train, Measures testClean)
            implements Serializable {}

    /**
     * Counts and mean loss on one data set. For regression the class lists are empty and {@code
     * accuracy} is null.
     */
    public record Measures(
            long samples,
            double loss,
            Double accuracy,
            List<Long> classSupport,
            List<Long> classCorrect,
            List<List<Long>> confusion)
            implements Serializable {
        public Measures {
            classSupport = List.copyOf(classSupport);
            classCorrect = List.copyOf(classCorrect);
            confusion = confusion.stream().map(List::copyOf).toList();
        }
    }

    /** Which epoch each rule of choosing would take, and the test value it would report. */
    public record Selection(
            int finalEpoch,
            double finalTestLoss,
            Double finalTestAccuracy,
            Integer bestValidationEpoch,
            Double bestValidationTestLoss,
            Double bestValidationTestAccuracy,
            int testBestEpoch,
            double testBestLoss,
            Double testBestAccuracy)
            implements Serializable {}

    /** One epoch of training. */
    public record CurvePoint(
            String phase,
            int epoch,
            double learningRate,
            double trainLoss,
            Double trainAccuracy,
            Double validationLoss,
            Double validationAccuracy,
            double testLoss,
            Double testAccuracy,
            double seconds)
            implements Serializable {}

    /** One pruning of the network. */
    public record PruningEvent(
            int epoch,
            double sparsityAsked,
            long prunedWeights,
            long remainingWeights,
            Double scoreThreshold,
            Double meanPrunedScore,
            double lossBefore,
            double lossAfter,
            Double accuracyBefore,
            Double accuracyAfter,
            Double instability,
            Double compensationNorm)
            implements Serializable {}

    /** Wall-clock times, never part of a comparison of results. */
    public record Timings(
            long startedAtMillis,
            double wallSeconds,
            double trunkSeconds,
            boolean trunkReused,
            double scoreSeconds,
            double fineTuneSeconds,
            double evaluateSeconds)
            implements Serializable {}

    /** What made the row. */
    public record Provenance(
            String espalierVersion,
            String commit,
            Boolean dirty,
            String datasetChecksum,
            String host,
            String jvm,
            String os,
            String backend,
            String sparkVersion,
            String libraries,
            String master,
            String applicationId)
            implements Serializable {}

    /** Why a cell failed. {@code causeId} is equal for failures of one cause (a failed trunk). */
    public record Failure(
            String reason,
            String stage,
            String exceptionClass,
            String message,
            String stack,
            String host,
            String causeId)
            implements Serializable {}
}
