package dev.mortise.security.audit;

import dev.mortise.security.internal.json.CanonicalJson;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The two parts of an event as they are kept: the body, which stays for as long as the record does, and the personal
 * part, of which the record only holds a commitment, so that it can be erased.
 */
final class RecordText {
    private static final int LONGEST = 1024;
    private static final int MOST_DETAILS = 32;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private RecordText() {}

    static String body(AuditEvent event) {
        Map<String, Object> body = new HashMap<>();
        body.put("at", time(event.at()));
        body.put("kind", event.kind().name());
        body.put("outcome", event.outcome().name());
        put(body, "tenant", event.tenant());
        put(body, "method", event.method());
        put(body, "level", event.level() == null ? null : event.level().name());
        put(body, "reason", event.reason());
        put(body, "traceId", event.traceId());
        return CanonicalJson.of(body);
    }

    static String personal(AuditEvent event) {
        Map<String, Object> personal = new HashMap<>();
        put(personal, "subject", event.subject());
        put(personal, "credential", event.credential());
        put(personal, "target", event.target());
        put(personal, "requestId", event.requestId());
        if (!event.details().isEmpty()) {
            personal.put("details", details(event.details()));
        }
        return CanonicalJson.of(personal);
    }

    /** What the log says about itself: it is nobody's, and is never erased. */
    static String own(Instant at, String reason, Map<String, Object> facts) {
        Map<String, Object> body = new HashMap<>();
        body.put("at", time(at));
        body.put("kind", AuditEvent.Kind.LOG.name());
        body.put("outcome", AuditEvent.Outcome.ALLOWED.name());
        body.put("reason", reason);
        body.put("log", facts);
        return CanonicalJson.of(body);
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private static void put(Map<String, Object> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, clean(value));
        }
    }

    private static Map<String, Object> details(Map<String, String> details) {
        Map<String, Object> kept = new TreeMap<>();
        for (Map.Entry<String, String> detail : new TreeMap<>(details).entrySet()) {
            if (kept.size() == MOST_DETAILS) {
                kept.put("…", "and " + (details.size() - MOST_DETAILS) + " more");
                break;
            }
            kept.put(clean(detail.getKey()), clean(detail.getValue()));
        }
        return kept;
    }

    /** What is too long is cut, with the digest of all of it behind: it can still be compared. */
    static String clean(String text) {
        String whole = wellFormed(text);
        return whole.length() <= LONGEST
                ? whole
                : wellFormed(whole.substring(0, LONGEST)) + "…sha256:" + Hashes.sha256(whole);
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int[] points = text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                        .toArray();
                return new String(points, 0, points.length);
            }
        }
        return text;
    }
}
