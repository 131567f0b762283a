package dev.mortise.mcp.health;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a check finds.
 *
 * @param ok whether it is as it should be
 * @param message for operators; no secrets: it is in what {@code detailsFor} shows, and in alerts
 * @param details figures, such as {@code freeBytes}
 */
public record Verdict(boolean ok, String message, Map<String, Object> details) {
    private static final Verdict UP = new Verdict(true, "", Map.of());

    public Verdict {
        details = Map.copyOf(details);
    }

    public static Verdict up() {
        return UP;
    }

    public static Verdict down(String message) {
        return new Verdict(false, message, Map.of());
    }

    public Verdict with(String name, Object value) {
        Map<String, Object> more = new TreeMap<>(details);
        more.put(name, value);
        return new Verdict(ok, message, more);
    }
}
