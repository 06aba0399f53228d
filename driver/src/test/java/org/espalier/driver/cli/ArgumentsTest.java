// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentsTest {

    /** Only where the shell does not: behind the equals sign of an option. */
    @Test
    void expandsTheHomeFolderInOptions() {
        assertThat(
                        Arguments.expanded(
                                "/home/me",
                                "run",
                                "--out=~/x",
                                "--data=~",
                                "--store=a~/b",
                                "~/x",
                                "--out=~you/x",
                                "--conf=spark.x=~/y"))
                .containsExactly(
                        "run",
                        "--out=/home/me/x",
                        "--data=/home/me",
                        "--store=a~/b",
                        "~/x",
                        "--out=~you/x",
                        "--conf=spark.x=~/y");
    }

    @Test
    void tellsOfNamesThatTheLocaleLacks() {
        assertThat(Arguments.beyond("UTF-8", "gr\u00f6\u00dfe.yaml")).isEmpty();
        assertThat(Arguments.beyond("US-ASCII", "plan", "plain.yaml")).isEmpty();
        assertThat(Arguments.beyond("ISO-8859-1", "gr\u00f6\u00dfe.yaml")).isEmpty();
        assertThat(Arguments.beyond("US-ASCII", "plan", "gr\u00f6\u00dfe.yaml"))
                .hasValue(
                        "gr??e.yaml: in this locale file names are US-ASCII; set LC_ALL=C.UTF-8, or"
                                + " another locale with UTF-8");
        assertThat(Arguments.beyond("ANSI_X3.4-1968", "gr\ufffd\ufffdfe.yaml")).isPresent();
    }
}
