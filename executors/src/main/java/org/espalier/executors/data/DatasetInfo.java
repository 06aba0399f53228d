// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import java.io.Serializable;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;

/**
 * What a plan must know of a data set; found without loading it.
 *
 * @param name as in sweep files
 * @param loss which its networks minimise: classification or regression
 * @param outputs classes, or values of a target
 * @param trainSamples number of training samples
 * @param testSamples number of test samples
 * @param fingerprint what its bits are: hash of the files, or name and version of the generator;
 *     part of every trunk's name
 */
public record DatasetInfo(
        String name,
        Shape shape,
        Architecture.Loss loss,
        int outputs,
        int trainSamples,
        int testSamples,
        String fingerprint)
        implements Serializable {}
