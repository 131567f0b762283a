package dev.mortise.security.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A record on its way into a table: what {@link ChainedRecord} is, in bytes. Immutable; the arrays are shared. */
final class Link {
    final long sequence;
    final byte[] previous;
    final byte[] body;
    final byte[] commitment;
    final byte[] hash;
    final byte @Nullable [] salt;
    final byte @Nullable [] personal;
    final Entry entry;

    Link(
            long sequence,
            byte[] previous,
            byte[] body,
            byte[] commitment,
            byte[] hash,
            byte @Nullable [] salt,
            byte @Nullable [] personal,
            Entry entry) {
        this.sequence = sequence;
        this.previous = previous;
        this.body = body;
        this.commitment = commitment;
        this.hash = hash;
        this.salt = salt;
        this.personal = personal;
        this.entry = entry;
    }

    ChainedRecord record(String stream) {
        return record(stream, sequence, previous, body, commitment, hash, salt, personal);
    }

    /** From the bytes that a table holds. */
    static ChainedRecord record(
            String stream,
            long sequence,
            byte[] previous,
            byte[] body,
            byte[] commitment,
            byte[] hash,
            byte @Nullable [] salt,
            byte @Nullable [] personal) {
        HexFormat hex = HexFormat.of();
        return new ChainedRecord(
                stream,
                sequence,
                hex.formatHex(previous),
                new String(body, StandardCharsets.UTF_8),
                hex.formatHex(commitment),
                hex.formatHex(hash),
                salt == null ? null : hex.formatHex(salt),
                personal == null ? null : new String(personal, StandardCharsets.UTF_8));
    }
}
