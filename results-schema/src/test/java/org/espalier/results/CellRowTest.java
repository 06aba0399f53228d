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
import org.junit.jupiter.params.provider.CsvSource;
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
        var row = RecordCodec.toAvro(SampleRows.lost("c1"), RowSchema.ROW);
        row.put(field, null);

        assertThatThrownBy(() -> RecordCodec.fromAvro(row, CellRow.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(field.equals("cell_id") ? "cellId" : field);
    }

    @ParameterizedTest
    @CsvSource({"c1, COMPLETED", "c4, FAILED"})
    void failsExactlyWithAFailure(String cell, CellRow.Status status) {
        CellRow sample =
                SampleRows.all().stream().filter(r -> r.cellId().equals(cell)).findAny().get();
        var row = RecordCodec.toAvro(sample, RowSchema.ROW);
        CellRow.Status other = CellRow.Status.values()[1 - status.ordinal()];
        row.put("status", other);

        assertThatThrownBy(() -> RecordCodec.fromAvro(row, CellRow.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(Text.of("cell %s is %s with failure ", cell, other));
    }

    @Test
    void copiesItsLists() {
        var support = new ArrayList<>(List.of(1L));
        var measures = new CellRow.Measures(1, 0, 1.0, support, List.of(1L), List.of(List.of(1L)));
        CellRow row = SampleRows.lost("c1");

        support.add(2L);

        assertThat(measures.classSupport()).containsExactly(1L);
        assertThatThrownBy(() -> row.stages().add("b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
