package dev.mortise.security.audit;

import dev.mortise.security.internal.json.CanonicalJson;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The lines of an export. A record: {@code {"hash":…,"personal":{…},"record":{…},"salt":…,"type":"record"}}, where the
 * hash is the SHA-256 of the canonical form of {@code record}, and {@code personal} and {@code salt} are left out once
 * they are erased.
 */
final class ExportLine {
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2})*");
    private static final int STREAM = 32;
    private static final int HASH = 64;

    private ExportLine() {}

    static String of(ChainedRecord record) {
        String personal = record.personal();
        return "{\"hash\":\"" + record.hash() + "\"" + (personal == null ? "" : ",\"personal\":" + personal)
                + ",\"record\":" + record.text()
                + (record.salt() == null ? "" : ",\"salt\":\"" + record.salt() + "\"") + ",\"type\":\"record\"}";
    }

    static String of(StreamState stream) {
        return CanonicalJson.of(Map.of(
                "type",
                "stream",
                "stream",
                stream.head().stream(),
                "sequence",
                stream.head().sequence(),
                "hash",
                stream.head().hash(),
                "state",
                stream.state(),
                "writer",
                stream.writer()));
    }

    /** The last line: without it, an export was cut off. */
    static String end(long records) {
        return "{\"records\":" + records + ",\"type\":\"end\"}";
    }

    /** @throws IllegalArgumentException if it cannot be a record */
    static ChainedRecord record(JsonNode line) {
        JsonNode record = line.path("record");
        if (!record.path("sequence").isIntegralNumber()
                || record.path("version").intValue(0) != 1
                || record.size() != 6
                || !record.path("body").isObject()) {
            throw new IllegalArgumentException("A record lacks something, or has too much");
        }
        JsonNode personal = line.path("personal");
        return new ChainedRecord(
                hex(record, "stream", STREAM),
                record.path("sequence").longValue(),
                hex(record, "previous", HASH),
                CanonicalJson.of(record.path("body")),
                record.path("commitment").asString("-").isEmpty() ? "" : hex(record, "commitment", HASH),
                hex(line, "hash", HASH),
                text(line, "salt"),
                personal.isObject() ? CanonicalJson.of(personal) : null);
    }

    static StreamState stream(JsonNode line) {
        return new StreamState(
                new Head(hex(line, "stream", STREAM), line.path("sequence").longValue(0), hex(line, "hash", HASH)),
                line.path("state").asString(""),
                line.path("writer").asString(""));
    }

    private static String hex(JsonNode object, String name, int length) {
        return requireHex(text(object, name), name, length);
    }

    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    static String requireHex(@Nullable String text, String name, int length) {
        if (text == null || text.length() != length || !HEX.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " is not " + length + " hexadecimal digits");
        }
        return text;
    }
}
