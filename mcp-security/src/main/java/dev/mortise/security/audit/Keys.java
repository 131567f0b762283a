package dev.mortise.security.audit;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a record is searched by: when it was, and of each text a number that is the same for equal texts, as {@link
 * String#hashCode()} is; zero for none. It says where to look, never that something is found.
 *
 * @param at milliseconds since 1970-01-01T00:00Z
 */
record Keys(long at, int kind, int outcome, int tenant, int subject, int target) {
    /** Of one in a directory. */
    static final int BYTES = Long.BYTES + 5 * Integer.BYTES;

    static final Keys NONE = new Keys(0, 0, 0, 0, 0, 0);

    static Keys own(Instant at) {
        return new Keys(
                at.toEpochMilli(), of(AuditEvent.Kind.LOG.name()), of(AuditEvent.Outcome.ALLOWED.name()), 0, 0, 0);
    }

    /**
     * Of a record as it is kept.
     *
     * @throws java.time.DateTimeException if it has no time
     */
    static Keys of(JsonNode body, JsonNode personal) {
        return new Keys(
                Instant.parse(body.path("at").asString("")).toEpochMilli(),
                of(ExportLine.text(body, "kind")),
                of(ExportLine.text(body, "outcome")),
                of(ExportLine.text(body, "tenant")),
                of(ExportLine.text(personal, "subject")),
                of(ExportLine.text(personal, "target")));
    }

    /** Of a text that was cut already, if it had to be: to cut it again would make it another one. */
    static int of(@Nullable String kept) {
        return kept == null ? 0 : kept.hashCode();
    }

    /** Of a text as it came. */
    static int ofRaw(@Nullable String text) {
        return text == null ? 0 : RecordText.clean(text).hashCode();
    }

    Keys withoutPerson() {
        return new Keys(at, kind, outcome, tenant, 0, 0);
    }

    /** Whether all of those that are asked for, which are not zero, are here. */
    boolean fits(Keys asked) {
        return fits(asked.kind, kind)
                && fits(asked.outcome, outcome)
                && fits(asked.tenant, tenant)
                && fits(asked.subject, subject)
                && fits(asked.target, target);
    }

    private static boolean fits(int asked, int is) {
        return asked == 0 || asked == is;
    }

    /** Two bits of 64 for each text. A row that has not got all bits of a question is not read. */
    long marks() {
        return marks(1, kind) | marks(2, outcome) | marks(3, tenant) | marks(4, subject) | marks(5, target);
    }

    private static long marks(int which, int key) {
        if (key == 0) {
            return 0;
        }
        long mixed = (key * 8L + which) * 0x9E3779B97F4A7C15L;
        return 1L << (mixed >>> 58) | 1L << (mixed >>> 52 & 63);
    }

    void write(ByteBuffer directory) {
        directory
                .putLong(at)
                .putInt(kind)
                .putInt(outcome)
                .putInt(tenant)
                .putInt(subject)
                .putInt(target);
    }

    /** The keys of one record in a directory. */
    static Keys read(ByteBuffer directory, int index) {
        int from = index * BYTES;
        return new Keys(
                directory.getLong(from),
                directory.getInt(from + 8),
                directory.getInt(from + 12),
                directory.getInt(from + 16),
                directory.getInt(from + 20),
                directory.getInt(from + 24));
    }
}
