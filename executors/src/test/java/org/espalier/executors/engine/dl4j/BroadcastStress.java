// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Program of a JVM of its own: two threads broadcast on temporaries for a number of seconds, which
 * ND4J's own executioner does not survive where collections are frequent. Prints {@link #SURVIVED}
 * and the executioner's name at the end.
 */
final class BroadcastStress {
    static final String SURVIVED = "survived with ";

    private BroadcastStress() {}

    public static void main(String[] args) throws InterruptedException {
        if (args[1].equals("safe")) {
            Nd4jRuntime.prepare();
        }
        long end = System.nanoTime() + Long.parseLong(args[0]) * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            threads.add(new Thread(() -> broadcast(end)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(SURVIVED + Nd4j.getExecutioner().getClass().getSimpleName());
    }

    private static void broadcast(long end) {
        float sum = 0;
        while (System.nanoTime() < end) {
            INDArray matrix = Nd4j.ones(16, 32);
            INDArray row = Nd4j.ones(1, 32);
            INDArray column = Nd4j.ones(16, 1);
            sum += matrix.addRowVector(row).muliColumnVector(column).getFloat(3);
        }
        if (Float.isNaN(sum)) {
            throw new AssertionError("the sum of ones is not a number");
        }
    }
}
