package dev.mortise.mcp.http;

import java.util.List;
import java.util.Locale;

/**
 * Which of the two reply formats a client takes (RFC 9110 section 12.5.1). Clients must name both, yet one that names
 * nothing, or a wildcard, is served all the same.
 */
record Accept(boolean json, boolean events) {
    private static final Accept BOTH = new Accept(true, true);

    /** What nearly every client sends; no need to take that apart each time. */
    private static final List<String> USUAL = List.of("application/json, text/event-stream");

    static Accept of(List<String> fieldLines) {
        if (fieldLines.isEmpty() || fieldLines.equals(USUAL)) {
            return BOTH;
        }
        Preference json = new Preference("application/json");
        Preference events = new Preference("text/event-stream");
        boolean named = false;
        for (String line : fieldLines) {
            for (String range : line.split(",", -1)) {
                if (!range.isBlank()) {
                    named = true;
                    json.consider(range);
                    events.consider(range);
                }
            }
        }
        return named ? new Accept(json.accepted, events.accepted) : BOTH;
    }

    boolean nothing() {
        return !json && !events;
    }

    /** What the most specific matching range says about one media type. */
    private static final class Preference {
        private final String type;
        private final String anySubtype;
        private int specificity;
        private boolean accepted;

        Preference(String type) {
            this.type = type;
            this.anySubtype = type.substring(0, type.indexOf('/') + 1) + "*";
        }

        void consider(String range) {
            int semicolon = range.indexOf(';');
            String name = (semicolon < 0 ? range : range.substring(0, semicolon))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            int match = name.equals(type) ? 3 : name.equals(anySubtype) ? 2 : name.equals("*/*") ? 1 : 0;
            if (match > specificity || (match == specificity && match > 0 && !accepted)) {
                specificity = match;
                accepted = semicolon < 0 || !isRefused(range.substring(semicolon + 1));
            }
        }

        /** Whether the parameters hold a weight of zero. */
        private static boolean isRefused(String parameters) {
            for (String parameter : parameters.split(";", -1)) {
                String stripped = parameter.strip().toLowerCase(Locale.ROOT);
                if (stripped.matches("q=0(\\.0{0,3})?")) {
                    return true;
                }
            }
            return false;
        }
    }
}
