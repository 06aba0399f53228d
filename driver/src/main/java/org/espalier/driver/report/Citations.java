// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.report;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.analysis.Question;
import org.espalier.results.text.Text;

/** What an author pastes into a paper. */
final class Citations {
    private static final String GOOD =
            """
            @inproceedings{good2022recall,
              title = {Recall Distortion in Neural Network Pruning and the Undecayed Pruning Algorithm},
              author = {Good, Aidan and Lin, Jiaqi and Yu, Xin and Sieg, Hannah and Ferguson, Mikey and Zhe, Shandian and Wieczorek, Jerzy and Serra, Thiago},
              booktitle = {Advances in Neural Information Processing Systems},
              year = {2022},
              eprint = {2206.02976}
            }
            """;
    private static final String BARTOLDSON =
            """
            @inproceedings{bartoldson2020generalization,
              title = {The Generalization-Stability Tradeoff In Neural Network Pruning},
              author = {Bartoldson, Brian R. and Morcos, Ari S. and Barbu, Adrian and Erlebacher, Gordon},
              booktitle = {Advances in Neural Information Processing Systems},
              year = {2020},
              eprint = {1906.03728}
            }
            """;
    private static final String BALLINI =
            """
            @misc{ballini2026elimination,
              author = {Ballini and others},
              year = {2026},
              eprint = {2602.20467},
              archivePrefix = {arXiv}
            }
            """;
    private static final String FRANKLE =
            """
            @inproceedings{frankle2019lottery,
              title = {The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural Networks},
              author = {Frankle, Jonathan and Carbin, Michael},
              booktitle = {International Conference on Learning Representations},
              year = {2019},
              eprint = {1803.03635}
            }
            """;
    private static final String AGARWAL =
            """
            @inproceedings{agarwal2021deep,
              title = {Deep Reinforcement Learning at the Edge of the Statistical Precipice},
              author = {Agarwal, Rishabh and Schwarzer, Max and Castro, Pablo Samuel and Courville, Aaron C. and Bellemare, Marc},
              booktitle = {Advances in Neural Information Processing Systems},
              year = {2021},
              eprint = {2108.13264}
            }
            """;
    private static final String DEMSAR =
            """
            @article{demsar2006statistical,
              title = {Statistical Comparisons of Classifiers over Multiple Data Sets},
              author = {Dem{\\v{s}}ar, Janez},
              journal = {Journal of Machine Learning Research},
              volume = {7},
              year = {2006}
            }
            """;

    private Citations() {}

    static String bibtex(List<Answer> answers) {
        StringBuilder text = new StringBuilder();
        for (Answer a : answers) {
            text.append(
                    switch (a.question()) {
                        case RECALL -> GOOD;
                        case STABILITY -> BARTOLDSON;
                        case COMPENSATION -> BALLINI;
                        case TICKETS -> FRANKLE;
                        case METHODS -> AGARWAL + DEMSAR;
                    });
        }
        return text.toString().strip();
    }

    static String paragraph(
            Population population, AnalysisOptions options, List<Answer> answers, String version) {
        TreeSet<String> settings = new TreeSet<>();
        TreeSet<String> methods = new TreeSet<>();
        TreeSet<Long> seeds = new TreeSet<>();
        for (CellResult c : population.cells()) {
            settings.add(c.condition().architecture() + " on " + c.condition().dataset());
            if (!c.condition().isControl()) {
                methods.add(population.methodName(c));
            }
            seeds.add(c.seed());
        }
        boolean recall = answers.stream().anyMatch(a -> a.question() == Question.RECALL);
        long failed = population.cells().stream().filter(c -> !c.completed()).count();
        return Text.of(
                "We ran %d experiments (%s; pruning methods %s) with %d random seeds each with Espalier %s; a seed fixes initial weights and the order of samples, and cells of one seed share their dense network. %s. Intervals are Student t intervals of the mean over seeds at %s; comparisons are paired over seeds by t tests, corrected by Holm's method within each table.%s",
                population.cells().size(),
                String.join(", ", settings),
                methods.stream().collect(Collectors.joining(", ")),
                seeds.size(),
                version,
                failed == 0
                        ? "No run failed"
                        : Text.of("%d runs failed and are left out of all means", failed),
                Report.percent(options.level()),
                recall
                        ? " Recall distortion is the slope through the origin of the normalised recall balances of the pruned network on those of its dense network (Good et al., 2022), compared with that of a control that is fine-tuned as long but not pruned."
                        : "");
    }
}
