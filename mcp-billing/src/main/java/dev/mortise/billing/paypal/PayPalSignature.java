package dev.mortise.billing.paypal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.payment.internal.BoundedHttp;
import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.TrustAnchor;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a webhook: RSA over {@code id|time|webhookId|crc32}, by a certificate that the request names the
 * address of. That address is looked at before anything is fetched, and what is fetched is believed only if an authority
 * signed it for the name that PayPal signs messages under. Thread-safe.
 *
 * @see <a href="https://developer.paypal.com/api/rest/webhooks/rest/">Webhooks: verify manually</a>
 */
final class PayPalSignature {
    /** Deliveries are repeated for three days, and may carry the time of the first. */
    private static final Duration OLDEST = Duration.ofDays(4);

    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern CERTIFICATE_PATH = Pattern.compile("/v1/notifications/certs/[A-Za-z0-9_-]{1,100}");
    private static final int MAX_FIELD = 1024;

    private final Set<String> origins;
    private final String name;
    private final String webhookId;
    private final Set<TrustAnchor> anchors;
    private final BoundedHttp http;
    private final Cache<String, CertificateChain> chains =
            Caffeine.newBuilder().maximumSize(20).build();
    private final Semaphore fetches = new Semaphore(4);

    /**
     * A verifier for one webhook.
     *
     * @param origins where certificates are fetched from, such as {@code https://api.paypal.com}
     * @param name that the certificate is for
     * @param webhookId PayPal's id of the webhook, which is part of what is signed
     */
    PayPalSignature(Set<String> origins, String name, String webhookId, Set<TrustAnchor> anchors, BoundedHttp http) {
        this.origins = Set.copyOf(origins);
        this.name = name;
        this.webhookId = webhookId;
        this.anchors = Set.copyOf(anchors);
        this.http = http;
    }

    /** Whether a request is genuine. */
    sealed interface Check {
        record Genuine() implements Check {}

        record Forged(String reason) implements Check {}

        /** The certificate cannot be had at the moment. */
        record Unknown(String reason) implements Check {}
    }

    Check check(HttpHead head, byte[] body, Instant now) {
        String id = only(head, "PAYPAL-TRANSMISSION-ID");
        String time = only(head, "PAYPAL-TRANSMISSION-TIME");
        String algorithm = only(head, "PAYPAL-AUTH-ALGO");
        String address = only(head, "PAYPAL-CERT-URL");
        String signature = only(head, "PAYPAL-TRANSMISSION-SIG");
        if (id == null || time == null || algorithm == null || address == null || signature == null) {
            return new Check.Forged("A field of the signature is missing, there twice, or long");
        }
        if (!TEXT.matcher(id).matches() || !algorithm.equals("SHA256withRSA")) {
            return new Check.Forged("The transmission's id or algorithm is malformed");
        }
        if (!isTimely(time, now)) {
            return new Check.Forged("It was sent at another time: " + time.replaceAll("[^0-9A-Za-z:.+-]", "?"));
        }
        String where = certificateAddress(address);
        if (where == null) {
            return new Check.Forged("Its certificate is at no address of PayPal's");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            return new Check.Forged("The signature is no Base64");
        }
        CRC32 sum = new CRC32();
        sum.update(body);
        String signed = id + '|' + time + '|' + webhookId + '|' + sum.getValue();
        return verify(where, signed, bytes, now);
    }

    private Check verify(String where, String signed, byte[] signature, Instant now) {
        CertificateChain chain = chains.getIfPresent(where);
        if (chain == null) {
            // Whoever knows such addresses could have this server fetch a great many.
            if (!fetches.tryAcquire()) {
                return new Check.Unknown("Too many certificates are being fetched");
            }
            try {
                BoundedHttp.Answer answer = http.send(
                        HttpRequest.newBuilder(URI.create(where)).GET().build());
                if (answer.status() >= 500 || answer.status() == 429) {
                    return new Check.Unknown("The certificate's server answered " + answer.status());
                }
                if (answer.status() != 200) {
                    return new Check.Forged("There is no such certificate: " + answer.status());
                }
                chain = CertificateChain.parse(answer.body());
            } catch (IOException e) {
                return new Check.Unknown("The certificate cannot be fetched");
            } catch (GeneralSecurityException e) {
                return new Check.Forged("The certificate cannot be read");
            } finally {
                fetches.release();
            }
        }
        try {
            // Validated each time: it expires while it is kept.
            PublicKey key = chain.key(name, anchors, now);
            chains.put(where, chain);
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(signed.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(signature) ? new Check.Genuine() : new Check.Forged("The signature does not fit");
        } catch (GeneralSecurityException e) {
            return new Check.Forged("The certificate or the signature is not valid: " + e.getMessage());
        }
    }

    private static @Nullable String only(HttpHead head, String field) {
        List<String> values = head.headers(field);
        return values.size() == 1 && values.get(0).length() <= MAX_FIELD ? values.get(0) : null;
    }

    private static boolean isTimely(String time, Instant now) {
        try {
            Duration age = Duration.between(OffsetDateTime.parse(time).toInstant(), now);
            return age.compareTo(OLDEST) <= 0 && age.compareTo(AHEAD.negated()) >= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** @return the address, put together anew of what was checked; {@code null} if it is none to fetch from */
    private @Nullable String certificateAddress(String address) {
        for (String origin : origins) {
            if (address.startsWith(origin)
                    && CERTIFICATE_PATH
                            .matcher(address.substring(origin.length()))
                            .matches()) {
                return address;
            }
        }
        return null;
    }
}
