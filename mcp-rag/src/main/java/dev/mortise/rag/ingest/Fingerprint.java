package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Equal for two sources if what would be stored of them is equal: same bytes, same labels, cut and embedded alike. */
final class Fingerprint {
    private final MessageDigest digest;

    private Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * @param recipe of the chunker
     * @param model that embeds, or empty
     * @return 64 hexadecimal digits
     */
    static String of(DocumentSource source, String recipe, String model) {
        Fingerprint print = new Fingerprint();
        print.add("reader-" + DocumentReader.REVISION);
        print.add(recipe);
        print.add(model);
        print.add(source.fileName());
        print.add(source.mediaType());
        print.add(source.uri());
        print.add(source.title());
        new TreeMap<>(source.metadata()).forEach((name, value) -> {
            print.add(name);
            print.add(value);
        });
        print.add(source.bytes());
        return HexFormat.of().formatHex(print.digest.digest());
    }

    private void add(@Nullable String text) {
        add(text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length, so that no two lists of parts run into the same bytes. */
    private void add(byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        digest.update(part);
    }
}
