package dev.mortise.rag.embed;

import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What a vector is remembered by: the digest of a text and what it is for. The text itself is not kept. */
record EmbeddingKey(String digest) {
    static EmbeddingKey of(String text, Use use) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(use.name().getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) 0);
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            return new EmbeddingKey(HexFormat.of().formatHex(digest.digest(), 0, 20));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
