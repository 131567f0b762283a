package dev.mortise.security.internal.jose;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256, in the forms that tokens have it. */
public final class Digests {
    private static final int PART = 256;

    private Digests() {}

    public static byte[] digest(byte[] bytes) {
        return sha256().digest(bytes);
    }

    /** Of a text in UTF-8. Tokens are long and ASCII: those are not copied as a whole. */
    public static byte[] digest(String text) {
        MessageDigest digest = sha256();
        byte[] part = new byte[Math.min(PART, text.length())];
        for (int at = 0; at < text.length(); at += PART) {
            int length = Math.min(PART, text.length() - at);
            int all = 0;
            for (int i = 0; i < length; i++) {
                char c = text.charAt(at + i);
                all |= c;
                part[i] = (byte) c;
            }
            if (all > 0x7F) {
                return digest(text.getBytes(StandardCharsets.UTF_8));
            }
            digest.update(part, 0, length);
        }
        return digest.digest();
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
