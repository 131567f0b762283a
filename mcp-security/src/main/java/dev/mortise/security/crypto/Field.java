package dev.mortise.security.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The place of a value. What was sealed for one place cannot be opened at another: it cannot be copied to another tenant,
 * column or row. Immutable.
 *
 * @param tenant whose key it is sealed with
 * @param row its primary key, as text
 */
public record Field(String tenant, String table, String column, String row) {
    public Field {
        // Now and not later: whoever seals must be able to open.
        utf8(tenant);
        utf8(table);
        utf8(column);
        utf8(row);
        if (tenant.isEmpty()) {
            throw new IllegalArgumentException(
                    "A field belongs to a tenant; use a name of your own where there are none");
        }
    }

    /** Each part with its length before it, so that no two places have the same bytes. */
    byte[] associatedData(byte version) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(version);
        for (String part : new String[] {tenant, table, column, row}) {
            byte[] bytes = utf8(part);
            out.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    /** Strictly: a lenient encoder makes all halves of surrogate pairs the same. */
    static byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            return array;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("A field's name has half a surrogate pair in it", e);
        }
    }
}
