// SPDX-License-Identifier: Apache-2.0
package violations.driver.plan;

/** Breaks {@code textKnowsNoLocale}: digits and letters of the JVM's locale. */
class SpeaksItsOwnTongue {
    static String digits(int n) {
        return String.format("%d cells", n);
    }

    static String small(String word) {
        return word.toLowerCase();
    }
}
