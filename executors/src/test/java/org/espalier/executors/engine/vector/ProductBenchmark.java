// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.text.Text;

/**
 * The products of LeNet-300-100 beside the machine's own multiply-add peak, in turns on one thread.
 * Writes a Markdown table. Bias, activations, transposing and the optimiser are not in it; the
 * first layer has no input gradient, as nobody asks for it.
 *
 * <p>Arguments: number of rounds; {@code ms} for wall time, {@code cpu} for the thread's processor
 * time, which says more where others use the core too; file for the table. {@code scripts/benchmark
 * --products} compiles and runs it.
 */
public final class ProductBenchmark {
    private static final String PEAK = "org.espalier.executors.engine.vector.kernels.simd.Peak";
    private static final int[] WIDTHS = {784, 300, 100, 10};
    private static final int[] BATCHES = {64, 128};
    private static final long TURN_NANOS = 20_000_000;
    private static final int WARM_TURNS = 40;

    /** The time that a turn takes, in ns. */
    enum Clock {
        MS("wall", System::nanoTime),
        CPU("processor", ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);

        private final String title;
        private final LongSupplier nanos;

        Clock(String title, LongSupplier nanos) {
            this.title = title;
            this.nanos = nanos;
        }
    }

    /** What is timed: a number of multiply-adds done once. */
    private static final class Item {
        final String batch;
        final String layer;
        final String product;
        final long multiplyAdds;
        private final Runnable once;
        private final LongSupplier clock;
        private long repeats = 1;
        private double[] flops = {};

        Item(
                Clock clock,
                String batch,
                String layer,
                String product,
                long multiplyAdds,
                Runnable once) {
            this.clock = clock.nanos;
            this.batch = batch;
            this.layer = layer;
            this.product = product;
            this.multiplyAdds = multiplyAdds;
            this.once = once;
        }

        private long nanos() {
            long start = clock.getAsLong();
            for (long i = 0; i < repeats; i++) {
                once.run();
            }
            return Math.max(1, clock.getAsLong() - start);
        }

        /** Compiled, and as many repeats as a turn takes. */
        void warm() {
            repeats = Math.max(1, repeats * TURN_NANOS / nanos());
        }

        void turn() {
            flops = Arrays.copyOf(flops, flops.length + 1);
            flops[flops.length - 1] = 2.0 * multiplyAdds * repeats / nanos(); // per ns: GFLOP/s
        }
    }

    private ProductBenchmark() {}

    /** See the class. */
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        if (args.length != 3 || !args[0].matches("[1-9][0-9]{0,3}") || !args[1].matches("ms|cpu")) {
            throw new IllegalArgumentException(
                    "expected the number of rounds, ms or cpu, and a file, got "
                            + Arrays.toString(args));
        }
        Clock clock = Clock.valueOf(args[1].toUpperCase(Locale.ROOT));
        Kernels kernels = VectorEngine.ofThisMachine();
        LongToDoubleFunction peak =
                (LongToDoubleFunction) Class.forName(PEAK).getDeclaredConstructor().newInstance();
        String table = measure(kernels, peak, clock, Integer.parseInt(args[0]), WARM_TURNS);
        Files.writeString(Path.of(args[2]), table);
    }

    /**
     * The table.
     *
     * @param rounds in each of which everything has one turn
     * @param warmTurns of each before the first round
     */
    static String measure(
            Kernels kernels, LongToDoubleFunction peak, Clock clock, int rounds, int warmTurns) {
        double[] consumed = new double[1];
        long some = 12L * Kernels.LANES * 10_000;
        Item most =
                new Item(
                        clock, "", "", "peak", some, () -> consumed[0] += peak.applyAsDouble(some));
        List<Item> items = new ArrayList<>(List.of(most));
        for (int batch : BATCHES) {
            items.addAll(items(kernels, clock, batch));
        }
        for (int turn = 0; turn < warmTurns; turn++) {
            items.forEach(Item::warm);
        }
        for (int round = 0; round < rounds; round++) {
            items.forEach(Item::turn);
        }
        if (!Double.isFinite(consumed[0])) {
            throw new AssertionError("the peak overflowed");
        }
        return table(kernels, clock, items, rounds);
    }

    private static List<Item> items(Kernels kernels, Clock clock, int batch) {
        RandomStream random = new RandomStream(batch);
        List<Item> items = new ArrayList<>();
        List<Runnable> forward = new ArrayList<>();
        List<Runnable> backward = new ArrayList<>();
        long all = 0;
        for (int l = 0; l + 1 < WIDTHS.length; l++) {
            DenseProducts p = new DenseProducts(WIDTHS[l], WIDTHS[l + 1], batch, random);
            long n = p.multiplyAdds();
            String layer = WIDTHS[l] + " to " + WIDTHS[l + 1];
            String size = Integer.toString(batch);
            items.add(new Item(clock, size, layer, "forward", n, () -> p.forward(kernels)));
            items.add(
                    new Item(
                            clock,
                            size,
                            layer,
                            "weight gradient",
                            n,
                            () -> p.weightGradient(kernels)));
            forward.add(() -> p.forward(kernels));
            List<Runnable> back = new ArrayList<>(List.of(() -> p.weightGradient(kernels)));
            all += 2 * n;
            if (l > 0) {
                items.add(
                        new Item(
                                clock,
                                size,
                                layer,
                                "input gradient",
                                n,
                                () -> p.inputGradient(kernels)));
                back.add(() -> p.inputGradient(kernels));
                all += n;
            }
            backward.addAll(0, back);
        }
        List<Runnable> step = new ArrayList<>(forward);
        step.addAll(backward);
        items.add(
                new Item(
                        clock,
                        Integer.toString(batch),
                        "all",
                        "all, one after the other",
                        all,
                        () -> step.forEach(Runnable::run)));
        return items;
    }

    private static String table(Kernels kernels, Clock clock, List<Item> items, int rounds) {
        Item peak = items.get(0);
        StringBuilder text =
                new StringBuilder(
                        "| batch | layer | product | million multiply-adds | GFLOP/s | of the peak |\n"
                                + "|---|---|---|---|---|---|\n");
        for (Item item : items) {
            double[] shares = new double[rounds];
            Arrays.setAll(shares, r -> item.flops[r] / peak.flops[r]);
            text.append(
                    Text.of(
                            "| %s | %s | %s | %s | %.1f | %.0f %% |%n",
                            item.batch,
                            item.layer,
                            item.product,
                            item == peak ? "" : Text.of("%.3f", item.multiplyAdds * 1e-6),
                            median(item.flops),
                            100 * median(shares)));
        }
        return text.append(
                        Text.of(
                                "%n%s; one thread; medians of %d rounds in turns of %d ms of %s time; the share is taken in each round.%n",
                                kernels.description(), rounds, TURN_NANOS / 1_000_000, clock.title))
                .toString();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
