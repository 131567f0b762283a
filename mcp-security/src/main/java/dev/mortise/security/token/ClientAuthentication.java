package dev.mortise.security.token;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How this server shows an authorization server who it is (RFC 6749 section 2.3.1). The secret is asked for at each
 * request, so that it can be rotated. Immutable.
 */
public final class ClientAuthentication {
    private final String id;
    private final Supplier<String> secret;
    private final boolean inHeader;

    private ClientAuthentication(String id, Supplier<String> secret, boolean inHeader) {
        this.id = id;
        this.secret = secret;
        this.inHeader = inHeader;
    }

    /** {@code client_secret_basic}. */
    public static ClientAuthentication basic(String id, Supplier<String> secret) {
        return new ClientAuthentication(id, secret, true);
    }

    /** {@code client_secret_post}. */
    public static ClientAuthentication post(String id, Supplier<String> secret) {
        return new ClientAuthentication(id, secret, false);
    }

    Map<String, String> fields() {
        if (!inHeader) {
            return Map.of();
        }
        String pair = encoded(id) + ":" + encoded(secret.get());
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    void addTo(Map<String, String> form) {
        if (!inHeader) {
            form.put("client_id", id);
            form.put("client_secret", secret.get());
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
