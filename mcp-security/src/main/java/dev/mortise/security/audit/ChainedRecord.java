package dev.mortise.security.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A record in its place. Its hash is the SHA-256 of {@link #text()}, which holds the hash of the record before it.
 *
 * @param sequence from 1
 * @param previous the hash of the one before; zeros for the first
 * @param body canonical JSON
 * @param commitment the SHA-256 of the salt and the personal part; empty if there never was one
 * @param salt hexadecimal; {@code null} once it is erased
 * @param personal canonical JSON; {@code null} once it is erased
 */
record ChainedRecord(
        String stream,
        long sequence,
        String previous,
        String body,
        String commitment,
        String hash,
        @Nullable String salt,
        @Nullable String personal) {

    private static String commitment(byte[] salt, String personal) {
        return Hashes.sha256(salt, personal.getBytes(StandardCharsets.UTF_8));
    }

    /** What is hashed: canonical JSON. */
    String text() {
        return text(stream, sequence, previous, body, commitment);
    }

    private static String text(String stream, long sequence, String previous, String body, String commitment) {
        return "{\"body\":" + body + ",\"commitment\":\"" + commitment + "\",\"previous\":\"" + previous
                + "\",\"sequence\":" + sequence + ",\"stream\":\"" + stream + "\",\"version\":1}";
    }

    /** Whether it is what was written as the record of that number. */
    boolean isOriginally(long number) {
        return hash.equals(Hashes.sha256(text(stream, number, previous, body, commitment)));
    }

    ChainedRecord withoutPerson() {
        return new ChainedRecord(stream, sequence, previous, body, commitment, hash, null, null);
    }

    boolean isErased() {
        return personal == null && !commitment.isEmpty();
    }

    /** Whether the personal part, as far as it is there, is the one that was committed to. */
    boolean keepsCommitment() {
        if (personal == null || salt == null) {
            return personal == null && salt == null;
        }
        try {
            return commitment.equals(commitment(HexFormat.of().parseHex(salt), personal));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
