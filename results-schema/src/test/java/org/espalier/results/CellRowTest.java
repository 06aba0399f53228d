// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellRowTest {

    @Test
    void crossesToAnotherProcess() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(SampleRows.all()));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(SampleRows.all());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cell_id", "sweep", "condition"})
    void wantsWhatEveryRowHas(String field) {
        var row = RecordCodec.toAvro(SampleRows.failed("c1"), RowSchema.ROW);
        row.put(field, null);

        assertThatThrownBy(() -> RecordCodec.fromAvro(row, CellRow.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(field.equals("cell_id") ? "cellId" : field);
    }

    @ParameterizedTest
    @EnumSource
    void failsExactlyWithAFailure(CellRow.Status status) {
        String cell = "c1";
        CellRow sample =
                status == CellRow.Status.FAILED
                        ? SampleRows.failed(cell)
                        : SampleRows.completed(cell, 1);
        var row = RecordCodec.toAvro(sample, RowSchema.ROW);
        CellRow.Status other = CellRow.Status.values()[1 - status.ordinal()];
        row.put("status", other.name());

        assertThatThrownBy(() -> RecordCodec.fromAvro(row, CellRow.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(Text.of("cell %s is %s with failure ", cell, other));
    }

    @Test
    void copiesItsLists() {
        var support = new ArrayList<>(List.of(1L));
        var measures =
                new CellRow.Measures(
                        1,
                        0,
                        1.0,
                        support,
                        List.of(1L),
                        List.of(List.of(1L)),
                        0.0,
                        List.of(),
                        null,
                        null);
        CellRow row = SampleRows.failed("c1");

        support.add(2L);

        assertThat(measures.classSupport()).containsExactly(1L);
        assertThatThrownBy(() -> row.notes().add("b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
