// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import java.math.BigDecimal;
import org.espalier.experiments.recipe.Decimal;

/**
 * The samples that networks see: a data set with its noise, split. No inputs. A seed that draws
 * nothing is not in the text: without noise all noise seeds are one.
 *
 * @param dataset name, for loading it; not part of the text
 * @param fingerprint what the data set's bits are
 * @param noise label noise rate, or amplitude of target noise
 * @param validation fraction of the training samples held out
 */
public record Data(
        String dataset,
        String fingerprint,
        BigDecimal noise,
        long noiseSeed,
        BigDecimal validation,
        long splitSeed)
        implements Operation {
    public Data {
        noise = Decimal.canonical(noise);
        validation = Decimal.canonical(validation);
    }

    @Override
    public String canonicalText() {
        String text = "data " + fingerprint;
        if (noise.signum() != 0) {
            text += " noise=" + Decimal.text(noise) + " noise-seed=" + noiseSeed;
        }
        if (validation.signum() != 0) {
            text += " validation=" + Decimal.text(validation) + " split-seed=" + splitSeed;
        }
        return Science.DATA.in(text);
    }

    @Override
    public String verb() {
        return "load";
    }
}
