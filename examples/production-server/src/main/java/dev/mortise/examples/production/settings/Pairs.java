package dev.mortise.examples.production.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values of the form {@code NAME=VALUE,NAME=VALUE}. */
final class Pairs {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");

    private Pairs() {}

    static Optional<String> problem(String text) {
        Map<String, String> seen = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(equals, 0)).strip();
            if (!NAME.matcher(name).matches() || pair.substring(equals + 1).isBlank()) {
                return Optional.of("is NAME=VALUE, by comma, but has \"" + pair.strip() + "\"");
            }
            if (seen.put(name, pair) != null) {
                return Optional.of("has \"" + name + "\" twice");
            }
        }
        return Optional.empty();
    }

    /** In the order in which they stand there; of a text without a problem. */
    static Map<String, String> of(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            pairs.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return pairs;
    }
}
