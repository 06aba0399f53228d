// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.espalier.driver.UsageException;
import org.espalier.experiments.figures.RatioFigure;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.SettingNames;
import org.espalier.results.FiledRow;
import org.espalier.results.text.Text;

/** Draws a figure for each setting of a sweep. */
public final class FigureFiles {
    private static final String PNG = ".png";

    private FigureFiles() {}

    /**
     * Checks that figures may go there; changes nothing.
     *
     * @throws UsageException if the name does not end in .png, the folder is not there, or a folder
     *     has that name
     */
    public static void check(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(PNG)) {
            throw new UsageException(
                    Text.of("--figure: expected a file ending in .png, got \"%s\"", file));
        }
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new UsageException(Text.of("--figure: there is no folder %s", folder));
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(Text.of("--figure: expected a file, got the folder %s", file));
        }
    }

    /**
     * Writes the figures: the first setting into {@code file}, the next ones beside it with a
     * number.
     *
     * @return the files, in the order of the settings
     * @throws UsageException if the file cannot be written, or no setting has a pruned cell
     */
    public static List<Path> write(Collection<FiledRow> rows, Path file) throws IOException {
        check(file);
        String name = file.getFileName().toString();
        Path folder = file.toAbsolutePath().getParent();
        Map<ConditionSummary.Key, List<ConditionSummary>> settings =
                ConditionSummary.bySetting(rows);
        SettingNames names = new SettingNames(settings.keySet());
        List<Path> written = new ArrayList<>();
        for (var setting : settings.entrySet()) {
            List<ConditionSummary> conditions = setting.getValue();
            if (conditions.stream().allMatch(c -> c.key().isControl() || c.completed() == 0)) {
                continue;
            }
            String stem = name.substring(0, name.length() - PNG.length());
            String number = written.isEmpty() ? "" : "-" + (written.size() + 1);
            Path target = folder.resolve(stem + number + PNG);
            Path beside = folder.resolve("_" + stem + number + PNG);
            try (OutputStream out = Files.newOutputStream(beside)) {
                new RatioFigure(names.of(setting.getKey()), conditions).writePng(out);
            }
            Files.move(beside, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            written.add(target);
        }
        if (written.isEmpty()) {
            throw new UsageException("--figure: no cell was pruned yet, there is nothing to draw");
        }
        return written;
    }
}
