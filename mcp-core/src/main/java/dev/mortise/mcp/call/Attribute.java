package dev.mortise.mcp.call;

/**
 * A typed key under which one module keeps its own value on a tool, a caller or a call, without the core knowing
 * it: a security level, the weight of a meter, a timeout. Two attributes are the same only if they are the same
 * object, so keep each in a constant.
 */
public final class Attribute<T> {
    private final String name;
    private final Class<T> type;

    private Attribute(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    /** @param name for messages and logs; by convention the module's package and the key's name */
    public static <T> Attribute<T> of(String name, Class<T> type) {
        return new Attribute<>(name, type);
    }

    public String name() {
        return name;
    }

    T cast(Object value) {
        return type.cast(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
