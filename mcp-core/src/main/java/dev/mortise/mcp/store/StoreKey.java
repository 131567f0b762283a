package dev.mortise.mcp.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The form in which an id is a key of a store: as it is if it is short and plain, a digest of it otherwise. So every
 * string is a key, however long and whatever is in it, also where a store has limits (an index of PostgreSQL ends at
 * 2704 bytes, and its text holds no NUL).
 */
public final class StoreKey {
    private static final int LONGEST_PLAIN = 128;
    private static final String PUNCTUATION = "._:/@+=-";

    private StoreKey() {}

    /** @return at most 128 ASCII characters; different for different ids */
    public static String of(String id) {
        // A digest begins with a character that no plain id has, so that no id can pose as another's digest.
        return isPlain(id) ? id : "~" + digest(id);
    }

    private static boolean isPlain(String id) {
        int length = id.length();
        if (length == 0 || length > LONGEST_PLAIN) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = id.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            if (!alphanumeric && PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String digest(String id) {
        try {
            // No charset: each of them makes all unpaired surrogates one.
            ByteBuffer chars = ByteBuffer.allocate(2 * id.length());
            chars.asCharBuffer().put(id);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(chars.array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
