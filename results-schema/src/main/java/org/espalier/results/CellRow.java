// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.espalier.results.text.Text;

/**
 * One cell of a sweep, complete or failed: the unit that lands in Parquet. Components are the
 * fields of the Avro schema {@code cell-row-v2.avsc} in the same order, {@code camelCase} for
 * {@code snake_case}; meaning, unit and null rules stand there and in {@code SCHEMA.md}.
 *
 * <p>Of a failed cell everything that was known before the failure is present, the rest is null or
 * empty.
 */
public record CellRow(
        int schemaVersion,
        String cellId,
        String sweep,
        Status status,
        int attempt,
        String task,
        Condition condition,
        long seed,
        Seeds seeds,
        Identity identity,
        Network network,
        Sparsity sparsity,
        Evaluation dense,
        Evaluation pruned,
        Evaluation fineTuned,
        List<Selection> selections,
        List<CurvePoint> curve,
        List<Round> rounds,
        List<Event> events,
        Ticket ticket,
        Structure structure,
        List<Flatness> flatness,
        List<Landscape> landscape,
        List<String> notes,
        Timings timings,
        Provenance provenance,
        Failure failure)
        implements Serializable {

    /** Version of the schema that this code writes and reads. */
    public static final int SCHEMA_VERSION = 2;

    /** How a cell ended; written as text. */
    public enum Status {
        COMPLETED,
        FAILED
    }

    public CellRow {
        Objects.requireNonNull(cellId, "cellId");
        Objects.requireNonNull(sweep, "sweep");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(condition, "condition");
        selections = List.copyOf(selections);
        curve = List.copyOf(curve);
        rounds = List.copyOf(rounds);
        events = List.copyOf(events);
        flatness = List.copyOf(flatness);
        landscape = List.copyOf(landscape);
        notes = List.copyOf(notes);
        if ((failure != null) != (status == Status.FAILED)) {
            throw new IllegalArgumentException(
                    Text.of("cell %s is %s with failure %s", cellId, status, failure));
        }
    }

    /** A cell without its seed: what statistics compare. */
    public record Condition(
            String architecture,
            String initialisation,
            double dropout,
            String dataset,
            String datasetFingerprint,
            String normalisation,
            String augmentation,
            Double subset,
            Double imbalance,
            double noise,
            String noiseKind,
            double validation,
            TrainingSettings dense,
            TrainingSettings fineTune,
            String schedule,
            String scheduleSettings,
            String scope,
            String outputLayer,
            String startFrom,
            String optimizerState,
            String method,
            String methodSettings,
            String control,
            String ratioKind,
            double ratio,
            String trainEvaluation,
            String record,
            String recipe,
            String recipeSettings,
            String text)
            implements Serializable {}

    /** Settings of one phase of training. */
    public record TrainingSettings(
            String optimizer,
            double learningRate,
            List<Integer> learningRateSteps,
            Double learningRateFactor,
            Double momentum,
            Double beta1,
            Double beta2,
            Double epsilon,
            double weightDecay,
            String weightDecayKind,
            String weightDecayOn,
            int batchSize,
            int epochs)
            implements Serializable {
        public TrainingSettings {
            learningRateSteps = List.copyOf(learningRateSteps);
        }
    }

    /** Where the named random streams of a cell start. */
    public record Seeds(
            long initialWeights,
            long denseOrder,
            long fineTuneOrder,
            long split,
            long noise,
            long dropout,
            long mask,
            long scoring)
            implements Serializable {}

    /** What determines a cell's bits, by name. */
    public record Identity(
            String engine, String numerics, String science, String trunk, List<String> stages)
            implements Serializable {
        public Identity {
            stages = List.copyOf(stages);
        }
    }

    /** How large the network is, and over how many classes. */
    public record Network(Integer classes, long parameters, long prunableWeights)
            implements Serializable {}

    /** How much is pruned at the end of the cell, or where it failed. */
    public record Sparsity(
            double asked,
            Double achieved,
            Double compressionAchieved,
            List<LayerSparsity> layers,
            Integer emptyLayers)
            implements Serializable {
        public Sparsity {
            layers = List.copyOf(layers);
        }
    }

    /** Prunable weights of one layer. */
    public record LayerSparsity(String layer, long weights, long askedPruned, long pruned)
            implements Serializable {}

    /** The network at one moment, measured on whole data sets in evaluation mode. */
    public record Evaluation(
            Measures test,
            Measures testClean,
            Measures train,
            Measures trainClean,
            Flipped flipped,
            Predictions predictions)
            implements Serializable {}

    /** Counts and mean losses on one whole set of samples. */
    public record Measures(
            long samples,
            double loss,
            Double accuracy,
            List<Long> classSupport,
            List<Long> classCorrect,
            List<List<Long>> confusion,
            Double brier,
            List<CalibrationBin> calibration,
            Double top5Accuracy,
            Integer constantClass)
            implements Serializable {
        public Measures {
            classSupport = List.copyOf(classSupport);
            classCorrect = List.copyOf(classCorrect);
            confusion = confusion.stream().map(List::copyOf).toList();
            calibration = List.copyOf(calibration);
        }
    }

    /**
     * Samples whose confidence (the probability of the predicted class) lies in one of 15 bins: bin
     * b holds ((b - 1) / 15, b / 15].
     */
    public record CalibrationBin(long count, double confidence, long correct)
            implements Serializable {}

    /** Training samples whose label the noise has changed, and what the network takes them for. */
    public record Flipped(long samples, long fittedGiven, long fittedTrue)
            implements Serializable {}

    /** What the network says of each test sample, in the order of the data set. */
    public record Predictions(
            List<Integer> classes, List<Integer> confidences, List<Integer> labels)
            implements Serializable {
        public Predictions {
            classes = List.copyOf(classes);
            confidences = List.copyOf(confidences);
            labels = labels == null ? List.of() : List.copyOf(labels); // snapshots may lack them
        }
    }

    /** An epoch of a phase that a rule of choosing takes, and the test set after it. */
    public record Selection(String phase, int round, String rule, int epoch, Measures test)
            implements Serializable {}

    /** One epoch of training. */
    public record CurvePoint(
            String phase,
            int round,
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

    /** One pruning and the training that follows it. */
    public record Round(
            int round, double sparsity, int epochs, Measures before, Measures after, Measures end)
            implements Serializable {}

    /** One intervention in the network. */
    public record Event(
            String kind,
            String target,
            String phase,
            int epoch,
            int iteration,
            Double learningRate,
            Double sparsityAsked,
            long touched,
            long remaining,
            List<LayerEvent> layers,
            Moment before,
            Moment after,
            Double instability,
            Scoring scoring,
            Double compensationNorm,
            Perturbation noise)
            implements Serializable {
        public Event {
            layers = List.copyOf(layers);
        }
    }

    /** What an event did to one prunable layer. */
    public record LayerEvent(
            String layer,
            long touched,
            long remaining,
            Integer filtersTouched,
            Integer filtersRemaining,
            Double shiftNorm)
            implements Serializable {}

    /** The test set straight before or after an event, without training between. */
    public record Moment(double loss, Double accuracy, List<Long> classCorrect, Double trainLoss)
            implements Serializable {
        public Moment {
            classCorrect = List.copyOf(classCorrect);
        }
    }

    /** How the scores of an event were made, and what the ranking looked like. */
    public record Scoring(
            String method,
            Double threshold,
            Double meanPruned,
            Long ties,
            long zeroScores,
            int samples,
            int batches,
            double seconds)
            implements Serializable {}

    /** Noise laid over weights that stay in the network. */
    public record Perturbation(Double sigmaMean, int batches, int testBatches, boolean restored)
            implements Serializable {}

    /** The mask at the end of the cell, as a lottery ticket. */
    public record Ticket(
            String maskSha256,
            int level,
            String start,
            String rewoundTo,
            String sourceStage,
            String sourceDataset,
            Double overlap)
            implements Serializable {}

    /** What is left of the network at the end of the cell. */
    public record Structure(
            List<LayerStructure> layers,
            long unitsWithoutPath,
            double multiplyAdds,
            double multiplyAddsLeft,
            Double signAgreement)
            implements Serializable {
        public Structure {
            layers = List.copyOf(layers);
        }
    }

    /** One prunable layer at the end of the cell. */
    public record LayerStructure(
            String layer,
            int filters,
            int filtersLeft,
            double weightNorm,
            double distanceFromInitial,
            double distanceFromDense)
            implements Serializable {}

    /** Curvature of the loss at one moment. */
    public record Flatness(
            String moment,
            int epoch,
            String split,
            int samples,
            long weights,
            List<Double> eigenvalues,
            List<Double> residuals,
            Double gradientTrace,
            Double hessianTrace,
            Double epsilon)
            implements Serializable {
        public Flatness {
            eigenvalues = List.copyOf(eigenvalues);
            residuals = List.copyOf(residuals);
        }
    }

    /** Loss along the straight line between two networks. */
    public record Landscape(
            String fromNetwork,
            String toNetwork,
            String split,
            List<Double> losses,
            List<Double> errors,
            double barrier)
            implements Serializable {
        public Landscape {
            losses = List.copyOf(losses);
            errors = List.copyOf(errors);
        }
    }

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
            String host,
            String jvm,
            String os,
            String backend,
            String libraries,
            String sparkVersion,
            String master,
            String applicationId)
            implements Serializable {}

    /** Why a cell failed. */
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
