package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Names as 128 bits of their SHA-256. A number that the database gave out would have to be remembered, and after a backup
 * was restored it could be given to another tenant while replicas still remember it for the first.
 */
final class Ids {
    private Ids() {}

    static UUID of(Tenant tenant) {
        return hash("t" + tenant.name());
    }

    static UUID of(DocumentKey key) {
        return hash(key.collection() + '\0' + key.document());
    }

    private static UUID hash(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            return new UUID(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
