// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Map;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;

/** What the user chose, as typed columns of a row. */
final class Conditions {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What there is no setting for yet. */
    private static final String NONE = "none";

    private Conditions() {}

    static CellRow.Condition of(PlannedCell planned) {
        Cell cell = planned.cell();
        Recipe recipe = cell.recipe();
        Facts facts = planned.facts();
        return new CellRow.Condition(
                cell.architecture(),
                "fan-in-normal",
                facts.dropout(),
                cell.dataset(),
                planned.data().fingerprint(),
                NONE,
                NONE,
                null,
                null,
                cell.noise().doubleValue(),
                noiseKind(cell, facts),
                recipe.validation().doubleValue(),
                training(recipe.dense()),
                training(recipe.fineTune()),
                recipe.schedule().id(),
                recipe.schedule().settings().isEmpty() ? null : json(recipe.schedule().settings()),
                Text.word(recipe.scope()),
                Text.word(recipe.outputLayer()),
                Text.word(recipe.startFrom()),
                Text.word(recipe.optimizerState()),
                cell.methodId(),
                cell.method() == null ? null : json(cell.method().settings()),
                cell.control() == null ? null : Text.word(cell.control()),
                cell.ratio().kind().key(),
                cell.ratio().value().doubleValue(),
                Text.word(recipe.trainEvaluation()),
                Text.word(recipe.recorded()),
                recipe.name(),
                recipe.canonicalText(),
                Cells.condition(cell));
    }

    private static String noiseKind(Cell cell, Facts facts) {
        if (cell.noise().signum() == 0) {
            return null;
        }
        return facts.isClassification() ? "label-flips" : "uniform-targets";
    }

    private static CellRow.TrainingSettings training(Training training) {
        Optimizer optimizer = training.optimizer();
        Optimizer.Adam adam = optimizer instanceof Optimizer.Adam a ? a : null;
        LearningRate rate = training.learningRate();
        boolean decays = training.weightDecay().coefficient().signum() != 0;
        return new CellRow.TrainingSettings(
                optimizer.id(),
                rate.initial().doubleValue(),
                rate.steps(),
                rate.steps().isEmpty() ? null : rate.factor().doubleValue(),
                momentum(optimizer),
                adam == null ? null : number(adam.beta1()),
                adam == null ? null : number(adam.beta2()),
                adam == null ? null : number(adam.epsilon()),
                training.weightDecay().coefficient().doubleValue(),
                decays ? Text.word(training.weightDecay().kind()) : null,
                decays ? "weights" : null,
                training.batchSize(),
                training.epochs());
    }

    /** Null where the rule has none. */
    private static Double momentum(Optimizer optimizer) {
        if (optimizer instanceof Optimizer.Sgd sgd && sgd.hasMomentum()) {
            return number(sgd.momentum());
        }
        return optimizer instanceof Optimizer.Nesterov nesterov
                ? number(nesterov.momentum())
                : null;
    }

    private static Double number(BigDecimal value) {
        return value.doubleValue();
    }

    private static String json(Map<String, String> settings) {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new AssertionError("maps of texts can be written", e);
        }
    }
}
