package dev.mortise.security;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a server runs: keys, and tokens that say it, carry the environment that they were made for, and are refused in
 * another. Names of environments for development are {@code dev}, {@code development}, {@code local}, {@code test},
 * {@code testing} and {@code ci}; every other one counts as production.
 *
 * @param name 1 to 16 lower-case letters and digits, such as {@code live} or {@code test}
 */
public record Environment(String name) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,15}");

    private static final Set<String> FOR_DEVELOPMENT = Set.of("dev", "development", "local", "test", "testing", "ci");

    public static final Environment PRODUCTION = new Environment("live");
    public static final Environment TEST = new Environment("test");
    public static final Environment DEVELOPMENT = new Environment("dev");

    public Environment {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "An environment has 1 to 16 lower-case letters and digits, but this one is \"" + name + "\"");
        }
    }

    /** Defaults that are only good enough for development refuse to start here. */
    public boolean isProduction() {
        return !FOR_DEVELOPMENT.contains(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
