package dev.mortise.mcp.call;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An immutable set of {@link Attribute} values. */
public final class Attributes {
    public static final Attributes NONE = new Attributes(Map.of());

    private final Map<Attribute<?>, Object> values;

    private Attributes(Map<Attribute<?>, Object> values) {
        this.values = values;
    }

    public <T> Optional<T> get(Attribute<T> attribute) {
        Object value = values.get(attribute);
        return value == null ? Optional.empty() : Optional.of(attribute.cast(value));
    }

    public <T> Attributes with(Attribute<T> attribute, T value) {
        Map<Attribute<?>, Object> copy = new HashMap<>(values);
        copy.put(attribute, attribute.cast(value));
        return new Attributes(Map.copyOf(copy));
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
