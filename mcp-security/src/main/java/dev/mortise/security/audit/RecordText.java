package dev.mortise.security.audit;

import dev.mortise.security.internal.json.CanonicalWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The two parts of an event as they are kept: the body, which stays for as long as the record does, and the personal
 * part, of which the record only holds a commitment, so that it can be erased. Members are written in the order of their
 * names, as the canonical form has them. Not thread-safe.
 */
final class RecordText {
    private static final int LONGEST = 1024;
    private static final int MOST_DETAILS = 32;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

    private static final byte[] AT = name("{", "at");
    private static final byte[] KIND = name(",", "kind");
    private static final byte[] LEVEL = name(",", "level");
    private static final byte[] LOG = name(",", "log");
    private static final byte[] METHOD = name(",", "method");
    private static final byte[] OUTCOME = name(",", "outcome");
    private static final byte[] REASON = name(",", "reason");
    private static final byte[] TENANT = name(",", "tenant");
    private static final byte[] TRACE_ID = name(",", "traceId");
    private static final byte[] CREDENTIAL = name("", "credential");
    private static final byte[] DETAILS = name("", "details");
    private static final byte[] REQUEST_ID = name("", "requestId");
    private static final byte[] SUBJECT = name("", "subject");
    private static final byte[] TARGET = name("", "target");

    private final CanonicalWriter json;
    /** The second that was written last, of which there are many records. */
    private long second = Long.MIN_VALUE;

    private String secondText = "";
    /** What stands before the next member of a personal part. */
    private char before;

    // The keys of what was written last:
    private int tenant;
    private int subject;
    private int target;

    RecordText(CanonicalWriter json) {
        this.json = json;
    }

    private static byte[] name(String before, String name) {
        return (before + '"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    void body(AuditEvent event) {
        json.raw(AT);
        at(event.at());
        constant(KIND, event.kind().name());
        if (event.level() != null) {
            constant(LEVEL, event.level().name());
        }
        member(METHOD, event.method());
        constant(OUTCOME, event.outcome().name());
        member(REASON, event.reason());
        tenant = Keys.of(member(TENANT, event.tenant()));
        member(TRACE_ID, event.traceId());
        json.raw('}');
    }

    void personal(AuditEvent event) {
        before = '{';
        personal(CREDENTIAL, event.credential());
        if (!event.details().isEmpty()) {
            separate();
            json.raw(DETAILS);
            details(event.details());
        }
        personal(REQUEST_ID, event.requestId());
        subject = Keys.of(personal(SUBJECT, event.subject()));
        target = Keys.of(personal(TARGET, event.target()));
        if (before == '{') {
            json.raw('{');
        }
        json.raw('}');
    }

    /** Of the event whose two parts were written last. */
    Keys keys(AuditEvent event) {
        return new Keys(
                event.at().toEpochMilli(),
                Keys.of(event.kind().name()),
                Keys.of(event.outcome().name()),
                tenant,
                subject,
                target);
    }

    /** What the log says about itself: it is nobody's, and is never erased. */
    void own(Entry.Own own) {
        json.raw(AT);
        at(own.at());
        constant(KIND, AuditEvent.Kind.LOG.name());
        json.raw(LOG);
        json.value(own.facts());
        constant(OUTCOME, AuditEvent.Outcome.ALLOWED.name());
        member(REASON, own.reason());
        json.raw('}');
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private void at(Instant at) {
        if (at.getEpochSecond() != second) {
            secondText = SECOND.format(at);
            second = at.getEpochSecond();
        }
        int millis = at.getNano() / 1_000_000;
        json.raw('"');
        json.raw(secondText);
        json.raw((char) ('0' + millis / 100));
        json.raw((char) ('0' + millis / 10 % 10));
        json.raw((char) ('0' + millis % 10));
        json.raw("Z\"");
    }

    private void constant(byte[] name, String value) {
        json.raw(name);
        json.raw('"');
        json.raw(value);
        json.raw('"');
    }

    /** @return the value as it was written */
    private @Nullable String member(byte[] name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        json.raw(name);
        return string(value);
    }

    private @Nullable String personal(byte[] name, @Nullable String value) {
        if (value != null) {
            separate();
        }
        return member(name, value);
    }

    private void separate() {
        json.raw(before);
        before = ',';
    }

    /** @return what was written */
    private String string(String value) {
        if (value.length() <= LONGEST && json.plain(value)) {
            return value;
        }
        String cleaned = clean(value);
        json.string(cleaned);
        return cleaned;
    }

    private void details(Map<String, String> details) {
        if (details.size() > 1) {
            json.value(cleaned(details));
            return;
        }
        details.forEach((name, value) -> {
            json.raw('{');
            string(name);
            json.raw(':');
            string(value);
            json.raw('}');
        });
    }

    private static Map<String, Object> cleaned(Map<String, String> details) {
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
