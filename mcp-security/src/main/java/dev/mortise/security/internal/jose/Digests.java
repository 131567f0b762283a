package dev.mortise.security.internal.jose;

import dev.mortise.security.internal.hash.Hasher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256, in the forms that tokens have it. */
public final class Digests {
    private Digests() {}

    public static byte[] digest(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** Of a text in UTF-8. Tokens are long and ASCII: those are not copied as a whole. */
    public static byte[] digest(String text) {
        return digest(text, 0);
    }

    /** Of what a text holds from some place on. */
    public static byte[] digest(String text, int from) {
        Hasher hasher = Hasher.borrowed();
        byte[] ascii = hasher.ofAscii(text, from);
        byte[] digest = ascii == null ? digest(text.substring(from).getBytes(StandardCharsets.UTF_8)) : ascii.clone();
        hasher.giveBack();
        return digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** In base64url without padding. */
    public static String sha256(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest(bytes));
    }

    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the same time wherever they differ. */
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
