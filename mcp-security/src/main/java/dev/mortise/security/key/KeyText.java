package dev.mortise.security.key;

import dev.mortise.security.Environment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An API key as its holder has it: {@code <prefix>_<environment>_<id>_<secret>_<checksum>}. The secret has 28 characters of
 * base62, which is 166 bits; the checksum finds a key that was not copied whole, and is no protection.
 */
record KeyText(String prefix, String environment, String id, String secret) {
    static final int ID_LENGTH = 12;
    static final int SECRET_LENGTH = 28;
    private static final int CHECKSUM_LENGTH = 6;
    private static final int MAX_NAME = 16;
    private static final int TAIL = ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH + 2;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one; its id and secret are random. */
    static KeyText random(String prefix, Environment environment) {
        return new KeyText(prefix, environment.name(), random(ID_LENGTH), random(SECRET_LENGTH));
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return text.toString();
    }

    /** Reads a key; empty if it is none, or not whole. Whatever it is given, it throws nothing. */
    static Optional<KeyText> parse(String text) {
        int first = text.indexOf('_');
        int second = text.indexOf('_', first + 1);
        if (first < 1
                || first > MAX_NAME
                || second - first < 2
                || second - first > MAX_NAME + 1
                || text.length() != second + 1 + TAIL) {
            return Optional.empty();
        }
        int id = second + 1;
        int secret = id + ID_LENGTH + 1;
        int checksum = secret + SECRET_LENGTH + 1;
        if (text.charAt(secret - 1) != '_'
                || text.charAt(checksum - 1) != '_'
                || !isName(text, 0, first)
                || !isName(text, first + 1, second)
                || !isBase62(text, id, secret - 1)
                || !isBase62(text, secret, checksum - 1)
                || !checksum(text, checksum - 1).equals(text.substring(checksum))) {
            return Optional.empty();
        }
        return Optional.of(new KeyText(
                text.substring(0, first),
                text.substring(first + 1, second),
                text.substring(id, secret - 1),
                text.substring(secret, checksum - 1)));
    }

    private static boolean isName(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z') && (i == from || !(c >= '0' && c <= '9'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBase62(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return true;
    }

    /** CRC-32 of what stands before it, in base62. */
    private static String checksum(String text, int end) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < end; i++) {
            crc.update(text.charAt(i));
        }
        long value = crc.getValue();
        char[] digits = new char[CHECKSUM_LENGTH];
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            digits[i] = DIGITS.charAt((int) (value % DIGITS.length()));
            value /= DIGITS.length();
        }
        return new String(digits);
    }

    /** What is stored of it. The secret is random, so one pass of SHA-256 is as good as many; the id keeps hashes apart. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("mortise-api-key:" + id + ":" + secret).getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The whole key: a secret. */
    String text() {
        String body = prefix + "_" + environment + "_" + id + "_" + secret;
        return body + "_" + checksum(body, body.length());
    }

    @Override
    public String toString() {
        return prefix + "_" + environment + "_" + id + "_…";
    }
}
