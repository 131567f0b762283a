package dev.mortise.billing.paypal;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Configures {@link PayPalProvider}. Not thread-safe. */
public final class PayPalBuilder {
    final String clientId;
    final String clientSecret;
    final String webhookId;
    URI server = URI.create("https://api-m.sandbox.paypal.com");
    Set<String> certificateOrigins = Set.of("https://api.sandbox.paypal.com", "https://api-m.sandbox.paypal.com");
    String certificateName = "messageverificationcerts.sandbox.paypal.com";
    Duration deadline = Duration.ofSeconds(20);
    Clock clock = Clock.systemUTC();
    private Collection<X509Certificate> authorities = List.of();

    PayPalBuilder(String clientId, String clientSecret, String webhookId) {
        if (clientId.isEmpty() || clientSecret.isEmpty() || webhookId.isEmpty()) {
            throw new IllegalArgumentException("PayPal needs a client's id, its secret and a webhook's id");
        }
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.webhookId = webhookId;
    }

    /** Real money instead of the sandbox's. */
    public PayPalBuilder live() {
        this.server = URI.create("https://api-m.paypal.com");
        this.certificateOrigins = Set.of("https://api.paypal.com", "https://api-m.paypal.com");
        this.certificateName = "messageverificationcerts.paypal.com";
        return this;
    }

    /** Another server than PayPal's own, from which certificates are fetched, too: for tests, or a proxy. */
    public PayPalBuilder server(URI newServer, Collection<X509Certificate> newAuthorities) {
        this.server = newServer;
        this.certificateOrigins = Set.of(newServer.getScheme() + "://" + newServer.getRawAuthority());
        this.authorities = List.copyOf(newAuthorities);
        return this;
    }

    /** For one request with its answer; 20 seconds unless set. */
    public PayPalBuilder deadline(Duration newDeadline) {
        this.deadline = newDeadline;
        return this;
    }

    public PayPalBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    public PayPalProvider build() {
        return new PayPalProvider(this);
    }

    Set<TrustAnchor> anchors() {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate authority : authorities.isEmpty() ? trustedByTheJdk() : authorities) {
            anchors.add(new TrustAnchor(authority, null));
        }
        return anchors;
    }

    private static List<X509Certificate> trustedByTheJdk() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager trusting : factory.getTrustManagers()) {
                if (trusting instanceof X509TrustManager x509) {
                    return List.of(x509.getAcceptedIssuers());
                }
            }
            throw new IllegalStateException("This JDK trusts nobody");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The authorities that this JDK trusts cannot be read", e);
        }
    }
}
