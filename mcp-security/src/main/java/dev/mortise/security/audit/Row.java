package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the columns to search by hold of a record.
 *
 * @param at milliseconds since 1970-01-01T00:00Z
 */
record Row(
        long at,
        String kind,
        String outcome,
        @Nullable String tenantKey,
        @Nullable String subjectKey,
        @Nullable String targetKey) {

    static Row of(AuditEvent event) {
        return new Row(
                event.at().toEpochMilli(),
                event.kind().name(),
                event.outcome().name(),
                key(event.tenant()),
                key(event.subject()),
                key(event.target()));
    }

    static Row own(Instant at) {
        return new Row(
                at.toEpochMilli(), AuditEvent.Kind.LOG.name(), AuditEvent.Outcome.ALLOWED.name(), null, null, null);
    }

    /** @throws Json.InvalidJson if its texts are no JSON */
    static Row of(ChainedRecord record) throws Json.InvalidJson {
        JsonNode body = Json.read(record.body().getBytes(StandardCharsets.UTF_8));
        String personalText = record.personal();
        JsonNode personal = Json.read((personalText == null ? "{}" : personalText).getBytes(StandardCharsets.UTF_8));
        return new Row(
                Instant.parse(body.path("at").asString("")).toEpochMilli(),
                body.path("kind").asString(""),
                body.path("outcome").asString(""),
                kept(text(body, "tenant")),
                kept(text(personal, "subject")),
                kept(text(personal, "target")));
    }

    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isString() ? value.stringValue() : null;
    }

    /** Of a text that was cut already, if it had to be: to cut it again would make it another one. */
    private static @Nullable String kept(@Nullable String text) {
        return text == null ? null : StoreKey.of(text);
    }

    static @Nullable String key(@Nullable String text) {
        return text == null ? null : StoreKey.of(RecordText.clean(text));
    }
}
