package dev.mortise.mcp.json;

import java.util.List;

/** What {@link ArgumentBinder#bind} made of a JSON value. */
public sealed interface Bound<T> {
    /** The value, valid and converted. */
    record Value<T>(T value) implements Bound<T> {}

    /** The value cannot be used; {@code violations} is not empty, and may be shown to the peer. */
    record Invalid<T>(List<Violation> violations) implements Bound<T> {
        public Invalid {
            violations = List.copyOf(violations);
        }
    }
}
