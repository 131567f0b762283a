package dev.mortise.security.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The public keys that a verifier trusts: the current one, and the earlier ones whose checkpoints are still there.
 * Immutable.
 */
public final class CheckpointKeys {
    private static final int ID_LENGTH = 16;

    private final Map<String, PublicKey> keys;

    private CheckpointKeys(Map<String, PublicKey> keys) {
        this.keys = keys;
    }

    public static CheckpointKeys of(PublicKey... keys) {
        return of(List.of(keys));
    }

    public static CheckpointKeys of(Collection<PublicKey> keys) {
        Map<String, PublicKey> byId = new LinkedHashMap<>();
        for (PublicKey key : keys) {
            requireEd25519(key);
            byId.put(id(key), key);
        }
        return new CheckpointKeys(byId);
    }

    /** These, and one more. */
    CheckpointKeys and(PublicKey key) {
        requireEd25519(key);
        Map<String, PublicKey> more = new LinkedHashMap<>(keys);
        more.put(id(key), key);
        return new CheckpointKeys(more);
    }

    /**
     * A file with one key a line: base64 of its X.509 form (RFC 8410), as {@link #line} writes it; lines with {@code #}
     * in front, and those of PEM around it, are left out.
     *
     * @throws IllegalArgumentException if a line is no Ed25519 key, with the number of the line
     */
    public static CheckpointKeys read(Path file) throws IOException {
        List<PublicKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#") || line.startsWith("-----")) {
                continue;
            }
            try {
                keys.add(KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(line.strip()))));
            } catch (IllegalArgumentException | GeneralSecurityException e) {
                throw new IllegalArgumentException("Line " + number + " of " + file + " is no Ed25519 public key", e);
            }
        }
        return of(keys);
    }

    /** The line for a key in a file of trusted keys. */
    public static String line(PublicKey key) {
        requireEd25519(key);
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** Names a key: the beginning of the SHA-256 of its X.509 form, in hexadecimal digits. */
    public static String id(PublicKey key) {
        return Hashes.sha256(key.getEncoded()).substring(0, ID_LENGTH);
    }

    static void requireEd25519(PublicKey key) {
        if (!(key instanceof EdECPublicKey edwards)
                || !edwards.getParams().getName().equals("Ed25519")) {
            throw new IllegalArgumentException("Checkpoints are signed with Ed25519, not with " + key.getAlgorithm());
        }
    }

    boolean knows(String id) {
        return keys.containsKey(id);
    }

    boolean verify(String id, byte[] statement, byte[] signature) {
        PublicKey key = keys.get(id);
        if (key == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(statement);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
