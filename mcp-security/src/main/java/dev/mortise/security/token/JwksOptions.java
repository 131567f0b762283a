package dev.mortise.security.token;

import dev.mortise.security.internal.net.Fetcher;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * How a JWK Set is kept. Immutable.
 *
 * @param lifetime how long one is taken for fresh where its answer does not say; it is fetched again, in the background,
 *     after four fifths of that
 * @param keepFor how long the last good one is used while no other can be fetched; after that tokens are refused with
 *     503
 * @param cooldown the shortest time between two fetches because of unknown keys, so that nobody makes this server call
 *     another with made-up names of keys
 * @param retry the shortest time between a fetch that failed and the next
 */
public record JwksOptions(
        Duration lifetime, Duration keepFor, Duration cooldown, Duration retry, HttpClient client, Duration deadline) {
    /** 10 minutes, 24 hours, 30 seconds, 5 seconds, and a deadline of 5 seconds. */
    public static JwksOptions defaults() {
        Fetcher standard = Fetcher.standard();
        return new JwksOptions(
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                standard.client(),
                standard.deadline());
    }

    public JwksOptions withLifetime(Duration newLifetime) {
        return new JwksOptions(newLifetime, keepFor, cooldown, retry, client, deadline);
    }

    public JwksOptions withKeepFor(Duration newKeepFor) {
        return new JwksOptions(lifetime, newKeepFor, cooldown, retry, client, deadline);
    }

    public JwksOptions withCooldown(Duration newCooldown) {
        return new JwksOptions(lifetime, keepFor, newCooldown, retry, client, deadline);
    }

    /** @param newClient one that follows no redirects, for a proxy or a trust store of its own */
    public JwksOptions withClient(HttpClient newClient, Duration newDeadline) {
        return new JwksOptions(lifetime, keepFor, cooldown, retry, newClient, newDeadline);
    }

    Fetcher fetcher() {
        return new Fetcher(client, deadline);
    }
}
