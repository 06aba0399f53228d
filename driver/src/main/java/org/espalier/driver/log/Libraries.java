// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.log;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.OutputStreamAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * What Spark, Hadoop and the engines log, by Log4j. Whatever its configuration lets through to the
 * screen still goes there; a file gets all from INFO on.
 */
final class Libraries {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %-5p %c{1.}: %m%n%xEx";

    /** A logger's own appenders and the level from which it had written to them. */
    private record Before(LoggerConfig logger, List<Appender> appenders, Level level) {}

    private final List<Before> before = new ArrayList<>();
    private LoggerContext context;

    void listen(OutputStream file, RunLog.Screen shown) {
        if (!(LogManager.getContext(false) instanceof LoggerContext log4j)) {
            return; // another logging system: its own file says all
        }
        context = log4j;
        Configuration configuration = log4j.getConfiguration();
        Appender appender =
                OutputStreamAppender.newBuilder()
                        .setName("espalier-file")
                        .setTarget(file)
                        .setLayout(
                                PatternLayout.newBuilder()
                                        .withPattern(PATTERN)
                                        .withConfiguration(configuration)
                                        .build())
                        .build();
        appender.start();
        for (LoggerConfig logger : configuration.getLoggers().values()) {
            before.add(new Before(logger, appenders(logger), logger.getLevel()));
        }
        for (Before was : before) {
            Level screen =
                    switch (shown) {
                        case QUIET -> stricter(was.level(), Level.ERROR);
                        case USUAL -> was.level();
                        case VERBOSE -> looser(was.level(), Level.INFO);
                    };
            write(was, screen);
            was.logger().addAppender(appender, Level.INFO, null);
            was.logger().setLevel(looser(was.level(), Level.INFO));
        }
        log4j.updateLoggers();
    }

    /** Those of a logger, and of those above it that it hands its events on to. */
    private static List<Appender> appenders(LoggerConfig logger) {
        Map<String, Appender> found = new LinkedHashMap<>();
        LoggerConfig at = logger;
        while (at != null) {
            at.getAppenders().forEach(found::putIfAbsent);
            at = at.isAdditive() ? at.getParent() : null;
        }
        return List.copyOf(found.values());
    }

    private static void write(Before was, Level from) {
        was.logger().setAdditive(false);
        for (Appender appender : was.appenders()) {
            was.logger().removeAppender(appender.getName());
            was.logger().addAppender(appender, from, null);
        }
    }

    private static Level stricter(Level one, Level other) {
        return one.isMoreSpecificThan(other) ? one : other;
    }

    private static Level looser(Level one, Level other) {
        return one.isMoreSpecificThan(other) ? other : one;
    }

    /** Nothing more to the appenders that were there. */
    void silence() {
        before.forEach(was -> write(was, Level.OFF));
    }

    /** As it was. */
    void restore() {
        if (context != null) {
            context.reconfigure();
        }
    }
}
