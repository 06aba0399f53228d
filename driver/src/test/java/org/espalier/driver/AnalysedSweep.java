// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.espalier.driver.cli.Commands;

/** Cells that were really run, for tests of what analyses them. */
public final class AnalysedSweep {
    /**
     * Two recipes, one of which fails in places; five seeds, controls of both kinds, two ratios.
     */
    private static final String SWEEP =
            """
            name: analysed
            grids:
              - recipe: tame
                architecture: mlp-8
                dataset: tiny
                compression: [1, 2, 10]
                method: [magnitude, random]
                controls: [fine-tuned, other-order]
                seed: 1..5
              - recipe: wild
                architecture: mlp-8
                dataset: tiny
                compression: 2
                method: [{undecayed: {weight-decay: 0}}]
                seed: 1..2
              - recipe: tickets
                architecture: mlp-8
                dataset: tiny
                schedule: {lottery: {level-ratio: 0.5, rewind-to: 3it}}
                levels: [0, 1, 2]
                method: [magnitude, random-mask]
                seed: 1..5
              - recipe: plain
                architecture: mlp-32-32-tanh
                dataset: diffusion-sorption
                noise: 0.01
                compression: [1, 2, 10]
                method: [magnitude, elimination-compensation]
                seed: 1..2
            recipes:
              tame:
                validation: 0.2
                record: predictions
                dense: {learning-rate: 0.01, batch-size: 16, epochs: 2}
                fine-tune: {epochs: 1}
              plain:
                dense: {learning-rate: 0.01, batch-size: 16, epochs: 2}
                fine-tune: {epochs: 1}
              wild:
                dense: {optimizer: sgd, learning-rate: 1e29, batch-size: 16, epochs: 1}
                fine-tune: {epochs: 1}
              tickets:
                dense: {learning-rate: 0.01, batch-size: 16, epochs: 4}
                fine-tune: {epochs: 0}
            """;

    private static final String TAME =
            """
            name: tame
            grid:
              recipe: tame
              architecture: mlp-8
              dataset: tiny
              compression: [1, 2, 10]
              method: [magnitude, random]
              seed: 1..5
            recipes:
              tame:
                dense: {learning-rate: 0.01, batch-size: 16, epochs: 2}
                fine-tune: {epochs: 1}
            """;

    private final Path folder;

    private AnalysedSweep(Path folder) {
        this.folder = folder;
    }

    /** Runs it, by the command. */
    public static AnalysedSweep run(Path folder) throws IOException {
        return run(folder, SWEEP, 3); // the wild cells fail
    }

    /** Runs one recipe on one network and one data set, with two methods that meet everywhere. */
    public static AnalysedSweep runOneSetting(Path folder) throws IOException {
        return run(folder, TAME, 0);
    }

    private static AnalysedSweep run(Path folder, String text, int code) throws IOException {
        TinyData.write(folder.resolve("data/tiny"));
        Path sweep = Files.writeString(folder.resolve("sweep.yaml"), text);
        AnalysedSweep made = new AnalysedSweep(folder);
        Said said =
                made.espalier(
                        "run",
                        sweep.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--out",
                        made.out(),
                        "--master",
                        "local[2]");
        assertThat(said.code()).as(said.err()).isEqualTo(code);
        return made;
    }

    /** Folder of its results. */
    public String out() {
        return folder.resolve("out").toString();
    }

    /** What a command said. */
    public record Said(int code, String out, String err) {
        /** Lines of its output. */
        public List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Runs a command in this JVM. */
    public Said espalier(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Commands.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
