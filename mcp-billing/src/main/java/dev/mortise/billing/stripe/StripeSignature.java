package dev.mortise.billing.stripe;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code Stripe-Signature}: {@code t=}seconds and any number of {@code v1=}HMACs over the seconds, a full stop
 * and the bytes of the body. Not left to the SDK, which takes timestamps of the future, fails in odd ways where the field
 * is malformed, and wants the body as text.
 *
 * @see <a href="https://docs.stripe.com/webhooks#verify-manually">Verify webhook signatures manually</a>
 */
final class StripeSignature {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_SIGNATURES = 16;

    private final List<byte[]> secrets;

    StripeSignature(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("Webhooks need a signing secret");
        }
        this.secrets = secrets.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** @return what is wrong with it; {@code null} if nothing is */
    @Nullable
    String problem(List<String> fields, byte[] body, Instant now) {
        if (fields.size() != 1 || fields.get(0).length() > MAX_LENGTH) {
            return "It has " + fields.size() + " Stripe-Signature fields, or a long one";
        }
        String timestamp = null;
        List<byte[]> signatures = new ArrayList<>();
        for (String part : fields.get(0).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                return "Stripe-Signature is malformed";
            }
            String name = part.substring(0, equals).strip();
            String value = part.substring(equals + 1).strip();
            switch (name) {
                case "t" -> {
                    if (timestamp != null || !value.matches("[0-9]{1,12}")) {
                        return "Stripe-Signature has no one timestamp";
                    }
                    timestamp = value;
                }
                case "v1" -> {
                    if (!value.matches("[0-9a-f]{64}") || signatures.size() == MAX_SIGNATURES) {
                        return "Stripe-Signature is malformed";
                    }
                    signatures.add(HexFormat.of().parseHex(value));
                }
                default -> {
                    // v0 is for tests of theirs; what comes after v1 is not known yet.
                }
            }
        }
        if (timestamp == null || signatures.isEmpty()) {
            return "Stripe-Signature has no timestamp or no v1";
        }
        if (!isSigned(timestamp, body, signatures)) {
            return "No signature fits";
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
        return age.abs().compareTo(TOLERANCE) > 0 ? "It was signed " + age + " ago" : null;
    }

    private boolean isSigned(String timestamp, byte[] body, List<byte[]> signatures) {
        boolean signed = false;
        for (byte[] secret : secrets) {
            byte[] expected = hmac(secret, timestamp, body);
            for (byte[] signature : signatures) {
                signed |= MessageDigest.isEqual(expected, signature);
            }
        }
        return signed;
    }

    private static byte[] hmac(byte[] secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((timestamp + '.').getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }
}
