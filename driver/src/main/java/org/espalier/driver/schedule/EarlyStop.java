// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.executors.stage.FailureReason;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.text.Text;

/**
 * Decides when failures say something of the machines, the data or the program rather than of
 * cells, so that a sweep is not burnt: given what ends and when, and nothing else. Divergence and
 * lack of memory never count: a grid of learning rates may have all but one of its cells diverged.
 *
 * <ul>
 *   <li>{@value #BURST} tasks fail of one cause within a minute;
 *   <li>the first {@value #TRUNKS} dense trainings all fail of one cause, and they are of more than
 *       one seed where the sweep has more than one;
 *   <li>{@value #ON_ONE_HOST} tasks fail of one cause on one host, on which none went well, while
 *       some did on another.
 * </ul>
 */
public final class EarlyStop {
    static final int BURST = 20;
    static final long WITHIN_MILLIS = 60_000;
    static final int TRUNKS = 3;
    static final int ON_ONE_HOST = 5;

    private final boolean severalSeeds;
    private final Map<String, Deque<Long>> times = new HashMap<>();
    private final Map<String, Map<String, Integer>> byHost = new LinkedHashMap<>();
    private final Set<String> goodHosts = new HashSet<>();
    private final Set<Long> trunkSeeds = new HashSet<>();
    private final Map<String, Integer> trunks = new HashMap<>();
    private boolean trunkWentWell;

    /**
     * @param severalSeeds whether the sweep has more than one seed
     */
    public EarlyStop(boolean severalSeeds) {
        this.severalSeeds = severalSeeds;
    }

    /** A task went well. */
    void wentWell(boolean trunk, String host) {
        trunkWentWell |= trunk;
        if (host != null) {
            goodHosts.add(host);
        }
    }

    /** Whether failures of this reason count. */
    static boolean counts(Failure failure) {
        return !failure.reason().equals(FailureReason.DIVERGED.name())
                && !failure.reason().equals(FailureReason.OUT_OF_MEMORY.name());
    }

    /** What failures have in common: reason, kind of exception, and message but for numbers. */
    static String cause(Failure failure) {
        return failure.reason()
                + " "
                + failure.exceptionClass()
                + " "
                + failure.message().replaceAll("[0-9a-f]*[0-9][0-9a-f]*", "#");
    }

    /**
     * A task failed.
     *
     * @param seed of its cells, where it is a dense training
     * @param now milliseconds of any clock that only moves on
     * @return why the sweep is to pause; empty where it goes on
     */
    Optional<String> failed(Failure failure, boolean trunk, long seed, long now) {
        if (!counts(failure)) {
            wentWell(trunk, failure.host());
            return Optional.empty();
        }
        String cause = cause(failure);
        Map<String, Integer> hosts = byHost.computeIfAbsent(cause, c -> new HashMap<>());
        if (failure.host() != null) {
            hosts.merge(failure.host(), 1, Integer::sum);
        }
        Deque<Long> recent = times.computeIfAbsent(cause, c -> new ArrayDeque<>());
        recent.add(now);
        while (now - recent.peekFirst() > WITHIN_MILLIS) {
            recent.removeFirst();
        }
        if (recent.size() >= BURST) {
            return said(Text.of("%d tasks failed within a minute", BURST), failure, hosts);
        }
        if (trunk) {
            trunkSeeds.add(seed);
            int failedTrunks = trunks.merge(cause, 1, Integer::sum);
            if (!trunkWentWell
                    && failedTrunks >= TRUNKS
                    && (trunkSeeds.size() > 1 || !severalSeeds)) {
                return said(
                        Text.of("the first %d dense trainings failed", failedTrunks),
                        failure,
                        hosts);
            }
        }
        if (failure.host() != null
                && hosts.get(failure.host()) >= ON_ONE_HOST
                && !goodHosts.contains(failure.host())
                && !goodHosts.isEmpty()) {
            return said(
                    Text.of(
                            "%d tasks failed on host %s, on which none went well, while some did elsewhere",
                            ON_ONE_HOST, failure.host()),
                    failure,
                    hosts);
        }
        return Optional.empty();
    }

    private static Optional<String> said(String what, Failure failure, Map<String, Integer> hosts) {
        return Optional.of(
                Text.of(
                        "%s of one cause, %s: %s%s",
                        what,
                        failure.reason(),
                        failure.message().lines().findFirst().orElse(""),
                        hosts.isEmpty()
                                ? ""
                                : Text.of(
                                        " (on %s)",
                                        String.join(", ", new TreeSet<>(hosts.keySet())))));
    }
}
