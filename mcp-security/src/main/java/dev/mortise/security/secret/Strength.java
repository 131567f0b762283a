package dev.mortise.security.secret;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds secrets that are no secrets: too short, known from examples, or too regular. It cannot tell a good secret from
 * one that merely looks so.
 */
final class Strength {
    private static final Set<String> KNOWN = Set.of(
            "admin",
            "changeit",
            "changeme",
            "default",
            "dummy",
            "example",
            "hunter2",
            "letmein",
            "notasecret",
            "password",
            "passw0rd",
            "placeholder",
            "qwerty",
            "replaceme",
            "root",
            "s3cr3t",
            "secret",
            "test",
            "todo",
            "topsecret",
            "welcome",
            "yoursecrethere");

    /** Words that only somebody who has not set it yet writes. */
    private static final Pattern UNSET = Pattern.compile(
            "change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|it|this|with)|your[-_ ].*(?:here|key|secret|password|token)"
                    + "|(?:put|insert|enter)[-_ ].*here|place[-_ ]?holder|not[-_ ]?a[-_ ]?secret"
                    + "|^<.*>$|^\\$\\{.*}$|^\\{\\{.*}}$",
            Pattern.CASE_INSENSITIVE);

    /** RFC 7515 and RFC 7519 show it, and many a tutorial took it from there. */
    private static final Set<String> PUBLISHED = Set.of(
            "ayM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            "your-256-bit-secret",
            "a-string-secret-at-least-256-bits-long");

    private Strength() {}

    /** @return what is wrong with it, in words that say nothing of the value; empty if nothing was found */
    static Optional<String> flaw(Secret secret, int minBytes) {
        byte[] bytes = secret.bytes();
        try {
            return flaw(bytes, minBytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Optional<String> flaw(byte[] bytes, int minBytes) {
        if (bytes.length == 0) {
            return Optional.of("is empty");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (isPlaceholder(text)) {
            return Optional.of("is a placeholder, or known from an example");
        }
        if (bytes.length < minBytes) {
            return Optional.of("has " + bytes.length + " bytes, and needs at least " + minBytes);
        }
        double bits = bits(bytes);
        // Four bits a byte is what hexadecimal digits carry, which are a usual way to write keys; a sample of a
        // perfect source measures somewhat less than it has.
        double wanted = Math.min(minBytes * 3.0, 128);
        return bits < wanted
                ? Optional.of("is too regular: it repeats itself, counts up, or uses few different characters")
                : Optional.empty();
    }

    /** Only what somebody could have typed is one; random bytes hold anything. */
    private static boolean isPlaceholder(String text) {
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return false;
        }
        String letters = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        String word = letters.replaceAll("[0-9]+$", "");
        return KNOWN.contains(letters)
                || KNOWN.contains(word)
                || PUBLISHED.contains(text)
                || UNSET.matcher(text).find();
    }

    /** Shannon's measure of the bytes, or of the steps between them where that is less, over what is not repetition. */
    private static double bits(byte[] bytes) {
        byte[] once = Arrays.copyOf(bytes, period(bytes));
        byte[] steps = new byte[Math.max(1, once.length - 1)];
        for (int i = 0; i + 1 < once.length; i++) {
            steps[i] = (byte) (once[i + 1] - once[i]);
        }
        return Math.min(entropy(once) * once.length, entropy(steps) * once.length);
    }

    private static double entropy(byte[] bytes) {
        int[] counts = new int[256];
        for (byte b : bytes) {
            counts[b & 0xff]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / bytes.length;
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy;
    }

    /** The shortest beginning that, repeated, is the whole. */
    private static int period(byte[] bytes) {
        for (int period = 1; period <= bytes.length / 2; period++) {
            boolean repeats = true;
            for (int i = period; i < bytes.length && repeats; i++) {
                repeats = bytes[i] == bytes[i - period];
            }
            if (repeats) {
                return period;
            }
        }
        return bytes.length;
    }
}
