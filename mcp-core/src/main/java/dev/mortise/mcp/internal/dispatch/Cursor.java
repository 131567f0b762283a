package dev.mortise.mcp.internal.dispatch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A position in a list, on the wire: the key behind which the next page begins. It needs no memory on the server and
 * stays good when entries come and go. It is checked for damage and for the list it belongs to, not for forgery: a
 * made-up position shows nothing that the list itself would not.
 */
public final class Cursor {
    private static final int CHECK_BYTES = 4;
    private static final int MAX_LENGTH = 16 * 1024;

    private Cursor() {}

    public static String encode(String list, String after) {
        byte[] key = after.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(CHECK_BYTES + key.length);
        out.putInt(check(list, key)).put(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /** The key; empty if this is no cursor of this list. */
    public static Optional<String> decode(String list, String cursor) {
        if (cursor.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (in.remaining() < CHECK_BYTES) {
                return Optional.empty();
            }
            int check = in.getInt();
            byte[] key = new byte[in.remaining()];
            in.get(key);
            return check == check(list, key) ? Optional.of(new String(key, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int check(String list, byte[] key) {
        CRC32C crc = new CRC32C();
        crc.update(list.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(key);
        return (int) crc.getValue();
    }
}
