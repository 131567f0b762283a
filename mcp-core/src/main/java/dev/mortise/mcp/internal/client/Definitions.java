package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.ProtocolViolationException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Reads the entries of a list. One that is not as specified is left out, and does not take the others with it. */
final class Definitions {
    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

    private Definitions() {}

    static <T> List<T> read(String method, JsonNode array, Class<T> type) {
        if (!array.isArray()) {
            throw new ProtocolViolationException(method + " was answered without a list");
        }
        List<T> entries = new ArrayList<>(array.size());
        for (JsonNode entry : array) {
            try {
                entries.add(Lenient.read(method, entry, type));
            } catch (ProtocolViolationException e) {
                LOG.warn("An entry of {} is left out: {}", method, e.getMessage());
            }
        }
        return entries;
    }
}
