package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A record as it lies in a {@link Block}. Immutable; the array is shared. */
final class Line {
    private final byte[] text;
    private final Keys keys;

    /**
     * Prepares a line.
     *
     * @param text what {@link ExportLine} is, in UTF-8
     * @param keys as the directory has them
     */
    Line(byte[] text, Keys keys) {
        this.text = text;
        this.keys = keys;
    }

    byte[] text() {
        return text;
    }

    Keys keys() {
        return keys;
    }

    static Line of(ChainedRecord record, Keys keys) {
        return new Line(ExportLine.of(record).getBytes(StandardCharsets.UTF_8), keys);
    }

    /** What was made unreadable is missing. */
    JsonNode jsonOrMissing() {
        try {
            return Json.read(text);
        } catch (Json.InvalidJson e) {
            return MissingNode.getInstance();
        }
    }

    /** @throws IllegalArgumentException if it is no record */
    ChainedRecord record() {
        try {
            return ExportLine.record(Json.read(text));
        } catch (Json.InvalidJson e) {
            throw new IllegalArgumentException("It is no JSON", e);
        }
    }
}
