// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Records as Avro values and back. A component is the field of the same name, {@code camelCase} for
 * {@code snake_case}; records and lists nest, enums are strings. Which components may be null is
 * for the schema to say, and what else a value must fulfil for the record's constructor.
 */
final class RecordCodec {
    private static final ClassValue<Shape> SHAPES =
            new ClassValue<>() {
                @Override
                protected Shape computeValue(Class<?> type) {
                    return Shape.of(type);
                }
            };

    private RecordCodec() {}

    /**
     * The record as an Avro value of the schema.
     *
     * @throws IllegalArgumentException if a component is null that the schema wants, named by its
     *     path
     */
    static GenericRecord toAvro(Record record, Schema schema) {
        return writeRecord(record, schema, "");
    }

    /**
     * The record that an Avro value of its schema describes.
     *
     * @throws IllegalArgumentException if the record's constructor refuses the values
     */
    static <R extends Record> R fromAvro(GenericRecord value, Class<R> type) {
        return type.cast(readRecord(value, type));
    }

    /** {@code snake_case} for {@code camelCase}. */
    static String snakeCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static GenericRecord writeRecord(Object record, Schema schema, String path) {
        var value = new GenericData.Record(schema);
        for (Component component : SHAPES.get(record.getClass()).components) {
            Schema.Field field = schema.getField(component.field);
            value.put(
                    field.pos(),
                    write(component.of(record), field.schema(), path + component.field));
        }
        return value;
    }

    private static Object write(Object value, Schema schema, String path) {
        if (value == null) {
            if (!schema.isNullable()) {
                throw new IllegalArgumentException(
                        path + " is null, and the schema of results wants a value");
            }
            return null;
        }
        Schema type = RowSchema.withoutNull(schema);
        return switch (type.getType()) {
            case RECORD -> writeRecord(value, type, path + ".");
            case STRING -> value instanceof Enum<?> constant ? constant.name() : value;
            case ARRAY -> {
                var list = new ArrayList<Object>();
                for (Object element : (List<?>) value) {
                    list.add(write(element, type.getElementType(), path));
                }
                yield list;
            }
            default -> value;
        };
    }

    private static Object readRecord(GenericRecord value, Class<?> type) {
        Shape shape = SHAPES.get(type);
        Object[] arguments =
                shape.components.stream()
                        .map(component -> read(value.get(component.field), component.type))
                        .toArray();
        return shape.create(arguments);
    }

    private static Object read(Object value, Type type) {
        if (value == null) {
            return null;
        }
        if (type instanceof ParameterizedType list) {
            Type element = list.getActualTypeArguments()[0];
            return ((List<?>) value).stream().map(each -> read(each, element)).toList();
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return readRecord((GenericRecord) value, plain);
        }
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(value.toString()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown " + value));
        }
        return plain == String.class ? value.toString() : value;
    }

    /** What reflection says of a record class, found once. */
    private record Shape(Constructor<?> constructor, List<Component> components) {
        static Shape of(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new);
            try {
                return new Shape(
                        type.getDeclaredConstructor(types),
                        Arrays.stream(components).map(Component::new).toList());
            } catch (NoSuchMethodException e) {
                throw new AssertionError("a record has its canonical constructor", e);
            }
        }

        Object create(Object[] arguments) {
            try {
                return constructor.newInstance(arguments);
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(e.getCause().getMessage(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(constructor + " cannot be called", e);
            }
        }
    }

    private record Component(RecordComponent component, String field, Type type) {
        Component(RecordComponent component) {
            this(component, snakeCase(component.getName()), component.getGenericType());
        }

        Object of(Object record) {
            try {
                return component.getAccessor().invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(component + " cannot be read", e);
            }
        }
    }
}
