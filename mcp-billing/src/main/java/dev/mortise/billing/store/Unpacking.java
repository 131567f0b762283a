package dev.mortise.billing.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** Reads what {@link Packing} wrote; what it did not write is an {@link SQLException}. Not thread-safe. */
final class Unpacking {
    private final byte[] bytes;
    private int at;

    Unpacking(byte[] bytes) {
        this.bytes = bytes;
    }

    long number() throws SQLException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= bytes.length) {
                throw damaged();
            }
            byte next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    long difference() throws SQLException {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    /** How many things follow, of which each takes a byte at least. */
    int count() throws SQLException {
        long count = number();
        if (count < 0 || count > bytes.length - at) {
            throw damaged();
        }
        return (int) count;
    }

    String text() throws SQLException {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    boolean isAtEnd() {
        return at == bytes.length;
    }

    static SQLException damaged() {
        return new SQLException("A page of the ledger is damaged");
    }
}
