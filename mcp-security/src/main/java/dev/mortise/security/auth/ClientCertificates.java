package dev.mortise.security.auth;

import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.internal.jose.Digests;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a client presented: in the TLS handshake with this server, or in that with a proxy in front of it,
 * which has to be named and trusted in so many words, because everybody can send a header. Immutable.
 */
public final class ClientCertificates {
    private static final int MAX_FIELD = 16 * 1024;

    private final @Nullable String field;
    private final Function<String, byte[]> decoding;
    private final Predicate<HttpHead> trusted;

    private ClientCertificates(@Nullable String field, Function<String, byte[]> decoding, Predicate<HttpHead> trusted) {
        this.field = field;
        this.decoding = decoding;
        this.trusted = trusted;
    }

    /** Of the TLS handshake with this server. */
    public static ClientCertificates ofConnection() {
        return new ClientCertificates(null, text -> new byte[0], head -> false);
    }

    /**
     * As a proxy passes it on in {@code Client-Cert} (RFC 9440 section 2.2). The proxy has to remove what clients send
     * under this name.
     *
     * @param trusted whether a request came through the proxy: {@link #sharedSecret}, or by what else tells
     */
    public static ClientCertificates ofProxy(Predicate<HttpHead> trusted) {
        return new ClientCertificates("Client-Cert", ClientCertificates::structured, trusted);
    }

    /**
     * As a proxy passes it on in a field of its own, in PEM with percent-encoding: nginx's
     * {@code $ssl_client_escaped_cert}, for instance.
     */
    public static ClientCertificates ofProxyPem(String field, Predicate<HttpHead> trusted) {
        return new ClientCertificates(field, ClientCertificates::pem, trusted);
    }

    /**
     * Trusts requests with a secret that the proxy adds, and only it knows.
     *
     * @param secret at least 32 characters
     */
    public static Predicate<HttpHead> sharedSecret(String field, String secret) {
        if (secret.length() < 32) {
            throw new IllegalArgumentException("The secret of a proxy has at least 32 characters");
        }
        return head -> {
            List<String> given = head.headers(field);
            return given.size() == 1 && Digests.same(given.getFirst(), secret);
        };
    }

    /** The hash of the certificate, as {@code x5t#S256} has it; empty if there is none that can be believed. */
    Optional<String> thumbprint(HttpHead head) {
        if (field == null) {
            List<X509Certificate> chain = head.peerCertificates();
            return chain.isEmpty() ? Optional.empty() : thumbprint(chain.getFirst());
        }
        List<String> lines = head.headers(field);
        if (lines.size() != 1 || lines.getFirst().length() > MAX_FIELD || !trusted.test(head)) {
            return Optional.empty();
        }
        try {
            byte[] der = decoding.apply(lines.getFirst());
            return thumbprint((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> thumbprint(X509Certificate certificate) {
        try {
            return Optional.of(Digests.sha256(certificate.getEncoded()));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /** A byte sequence of RFC 8941: base64 between colons. */
    private static byte[] structured(String text) {
        String value = text.strip();
        if (value.length() < 2 || !value.startsWith(":") || !value.endsWith(":")) {
            throw new IllegalArgumentException("No byte sequence");
        }
        return Base64.getDecoder().decode(value.substring(1, value.length() - 1));
    }

    private static byte[] pem(String text) {
        // A plus is a plus here, and not a space.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
