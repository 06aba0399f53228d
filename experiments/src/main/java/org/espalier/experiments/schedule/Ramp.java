// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Kept;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.recipe.ScheduleSettings.Moments;
import org.espalier.experiments.recipe.ScheduleSettings.Ramp.OfLayer;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/**
 * Prunes at even moments of the dense training, which goes on from event to event: the optimiser's
 * state stays, learning rates and the order of samples are those of the training's own epochs.
 *
 * <pre>
 *   train to start -- prune -- train on for a period -- prune -- ... -- train to the end -- [fine-tune]
 * </pre>
 *
 * The linear ramp is the iterative pruning of Bartoldson et al. 2020 (arXiv:1906.03728), with
 * events at {@code start, start + period, ...} up to {@code end}; the cubic one that of Zhu and
 * Gupta 2017 (arXiv:1710.01878), whose event at the start prunes nothing and is left out. What each
 * leaves: {@link Ramps}; after the last one {@code ceil((1 - ratio) n)} weights, exact, where the
 * authors' binary fractions may round a whole number up.
 *
 * <p>Under a layer-wise ranking layers may have ratios, starts and ends of their own.
 */
final class Ramp implements Schedule {
    private final Moments moments;
    private final boolean cubic;
    private final Map<String, OfLayer> layers;

    Ramp(ScheduleSettings.Ramp settings) {
        moments = settings.moments();
        cubic = false;
        layers = settings.layers();
    }

    Ramp(ScheduleSettings.Gradual settings) {
        moments = settings.moments();
        cubic = true;
        layers = Map.of();
    }

    /** The linear ramp over these moments. */
    static Ramp linear(Moments moments) {
        return new Ramp(new ScheduleSettings.Ramp(moments, Map.of()));
    }

    /**
     * One pruning.
     *
     * @param at step of the dense training that it follows
     * @param left weights after it
     */
    record Event(Step at, Kept left) {}

    @Override
    public Programme programme(CellStages stages) {
        List<Event> events = events(stages);
        Step first = events.get(0).at();
        if (stages.cell().method() == null) {
            return DuringTraining.control(stages, first);
        }
        Stage dense = DuringTraining.upTo(stages, first);
        Stage network = dense;
        Step at = first;
        for (Event event : events) {
            if (!event.at().equals(at)) {
                network = stages.trained(network, at, event.at());
                at = event.at();
            }
            network = stages.pruned(network, event.left());
        }
        Stage end = DuringTraining.onFrom(stages, network, at);
        return stages.programme(dense, dense, network, stages.fineTunedIfAsked(end));
    }

    /**
     * All events in their order; of a control those that its pruned cells would have.
     *
     * @throws IllegalArgumentException if they do not fit the training, or one would prune nothing
     */
    List<Event> events(CellStages stages) {
        if (layers.isEmpty()) {
            return together(stages);
        }
        requireLayers(stages);
        return layerByLayer(stages);
    }

    private List<Event> together(CellStages stages) {
        List<Step> steps = steps(moments, stages);
        List<Event> events = new ArrayList<>();
        Parts parts = Parts.of(stages.recipe(), stages.facts(), stages.cell().ratio());
        if (stages.cell().method() == null) {
            steps.forEach(step -> events.add(new Event(step, new Kept(parts.sizes()))));
            return events;
        }
        List<Kept> left =
                parts.events(
                        (place, weights) -> counts(weights, parts.keptUp(place), steps.size()));
        for (int i = 0; i < steps.size(); i++) {
            events.add(new Event(steps.get(i), left.get(i)));
        }
        return events;
    }

    private List<Integer> counts(int weights, int kept, int events) {
        return cubic ? Ramps.cubic(weights, kept, events) : Ramps.linear(weights, kept, events);
    }

    private List<Step> steps(Moments of, CellStages stages) {
        return DuringTraining.events(of, stages.end(), stages.epoch(), cubic ? 1 : 0);
    }

    /** Each layer goes its own way; what falls on one moment is one event. */
    private List<Event> layerByLayer(CellStages stages) {
        EpochLength epoch = stages.epoch();
        Parts parts = Parts.of(stages.recipe(), stages.facts(), stages.cell().ratio());
        TreeMap<Long, List<Integer>> due = new TreeMap<>();
        List<Map<Long, Integer>> ways = new ArrayList<>();
        boolean prunes = stages.cell().method() != null;
        for (int place = 0; place < parts.sizes().size(); place++) {
            OfLayer own = layers.get(parts.names().get(place));
            List<Step> steps = steps(moments(own), stages);
            int weights = parts.sizes().get(place);
            int kept =
                    !prunes
                            ? weights
                            : own == null || own.ratio() == null
                                    ? parts.keptUp(place)
                                    : new Ratio(Ratio.Kind.PRUNING_RATIO, own.ratio())
                                            .keptUp(weights, parts.prunable(), parts.all());
            Map<Long, Integer> way = new TreeMap<>();
            if (kept < weights || !prunes) {
                List<Integer> counts = counts(weights, kept, steps.size());
                for (int i = 0; i < steps.size(); i++) {
                    way.put(steps.get(i).iterations(epoch), counts.get(i));
                    due.put(steps.get(i).iterations(epoch), List.of());
                }
            }
            ways.add(way);
        }
        if (due.isEmpty()) {
            throw new IllegalArgumentException("the ramp prunes no layer: all ratios are 0");
        }
        List<Integer> left = new ArrayList<>(parts.sizes());
        List<Event> events = new ArrayList<>();
        for (long at : due.keySet()) {
            for (int place = 0; place < ways.size(); place++) {
                left.set(place, ways.get(place).getOrDefault(at, left.get(place)));
            }
            events.add(new Event(Step.iterations(at).simplest(epoch), new Kept(left)));
        }
        if (prunes) {
            parts.requireEachPrunes(events.stream().map(Event::left).toList());
        }
        return events;
    }

    private Moments moments(OfLayer own) {
        return own == null
                ? moments
                : new Moments(
                        own.start() == null ? moments.start() : own.start(),
                        own.end() == null ? moments.end() : own.end(),
                        moments.period());
    }

    private void requireLayers(CellStages stages) {
        if (stages.recipe().scope() != Recipe.Scope.LAYER_WISE) {
            throw new IllegalArgumentException(
                    "a ramp with settings of single layers needs scope: layer-wise");
        }
        List<String> names =
                Parts.of(stages.recipe(), stages.facts(), stages.cell().ratio()).names();
        for (String layer : layers.keySet()) {
            if (!names.contains(layer)) {
                throw new IllegalArgumentException(
                        Text.of(
                                "layers of the ramp: %s has no prunable layer %s%s",
                                stages.cell().architecture(), layer, NearMatch.hint(layer, names)));
            }
        }
    }
}
