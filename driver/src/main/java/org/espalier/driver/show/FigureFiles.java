// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.espalier.driver.UsageException;
import org.espalier.experiments.figures.Figure;
import org.espalier.experiments.figures.FigureWriter;
import org.espalier.experiments.figures.FigureWriter.Format;
import org.espalier.experiments.figures.FigureWriter.Width;
import org.espalier.experiments.figures.RatioFigure;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.SettingNames;
import org.espalier.results.FiledRow;
import org.espalier.results.text.Text;

/** Figures of a folder's settings as files, PNG, SVG or PDF by the ending of their name. */
public final class FigureFiles {
    private FigureFiles() {}

    /**
     * Checks that figures may go there; changes nothing.
     *
     * @throws UsageException if the name has no ending of a figure, the folder is not there, or a
     *     folder has that name
     */
    public static void check(Path file) {
        format(file);
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new UsageException(Text.of("--figure: there is no folder %s", folder));
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(Text.of("--figure: expected a file, got the folder %s", file));
        }
    }

    /**
     * Writes figures into a folder, which is made if it is not there, by their ids.
     *
     * @return the files, in the order of the figures
     */
    public static List<Path> write(List<Figure> figures, Format format, Width width, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        for (Figure figure : figures) {
            Path target = folder.resolve(figure.id() + ending(format));
            write(figure, format, width, target);
            written.add(target);
        }
        return written;
    }

    /** A file that is cut short never has the name. */
    private static void write(Figure figure, Format format, Width width, Path target)
            throws IOException {
        Path beside = target.resolveSibling("_" + target.getFileName());
        try (OutputStream out = Files.newOutputStream(beside)) {
            FigureWriter.write(figure, format, width, out);
        }
        Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Format format(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (Format format : Format.values()) {
            String ending = ending(format);
            if (name.endsWith(ending) && name.length() > ending.length()) {
                return format;
            }
        }
        throw new UsageException(
                Text.of(
                        "--figure: expected a file ending in .png, .svg or .pdf, got \"%s\"",
                        file));
    }

    private static String ending(Format format) {
        return "." + format.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes the figures: the first setting into {@code file}, the next ones beside it with a
     * number.
     *
     * @return the files, in the order of the settings
     * @throws UsageException if the file cannot be written, or no setting has a pruned cell
     */
    public static List<Path> write(Collection<FiledRow> rows, Path file, Width width)
            throws IOException {
        check(file);
        Format format = format(file);
        String name = file.getFileName().toString();
        String ending = name.substring(name.length() - ending(format).length());
        String stem = name.substring(0, name.length() - ending.length());
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
            String number = written.isEmpty() ? "" : "-" + (written.size() + 1);
            Figure figure = RatioFigure.of(stem + number, names.of(setting.getKey()), conditions);
            Path target = folder.resolve(stem + number + ending);
            write(figure, format, width, target);
            written.add(target);
        }
        if (written.isEmpty()) {
            throw new UsageException("--figure: no cell was pruned yet, there is nothing to draw");
        }
        return written;
    }
}
