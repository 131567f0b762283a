package dev.mortise.billing.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers and texts, one after the other: small numbers take one byte. Not thread-safe. */
final class Packing {
    private byte[] bytes = new byte[512];
    private int length;

    /** @param value of 64 bits without a sign */
    void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Of either sign: what is near zero is short. */
    void difference(long value) {
        number(value << 1 ^ value >> 63);
    }

    void text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
    }

    void all(Packing other) {
        room(other.length);
        System.arraycopy(other.bytes, 0, bytes, length, other.length);
        length += other.length;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
