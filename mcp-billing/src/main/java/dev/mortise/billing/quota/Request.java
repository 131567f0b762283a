package dev.mortise.billing.quota;

import java.util.Map;
import java.util.TreeMap;

/**
 * What somebody wants to use.
 *
 * @param units by meter; at least 1 each
 * @param source who reports the events that this becomes, such as {@code mcp}
 * @param item what is used, such as the name of a tool; may be empty
 * @param actor who uses it; may be empty
 */
public record Request(String tenant, Map<String, Long> units, String source, String item, String actor) {
    public Request {
        units = java.util.Collections.unmodifiableMap(new TreeMap<>(units));
    }
}
