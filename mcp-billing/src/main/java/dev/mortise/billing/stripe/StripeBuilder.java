package dev.mortise.billing.stripe;

import com.stripe.Stripe;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configures {@link StripeProvider}. Not thread-safe. */
public final class StripeBuilder {
    final String key;
    final List<String> secrets;
    final Map<String, String> meters = new HashMap<>();
    final Map<String, List<String>> usagePrices = new HashMap<>();
    String apiBase = Stripe.LIVE_API_BASE;
    String meterEventsBase = Stripe.METER_EVENTS_API_BASE;
    Duration deadline = Duration.ofSeconds(20);
    Clock clock = Clock.systemUTC();
    boolean streaming;

    @Nullable
    String account;

    StripeBuilder(String key, List<String> secrets) {
        if (!key.matches("(sk|rk)_(live|test)_\\S+")) {
            throw new IllegalArgumentException("A key of Stripe begins with sk_ or rk_, then live_ or test_");
        }
        this.key = key;
        this.secrets = List.copyOf(secrets);
    }

    boolean isLive() {
        return key.startsWith("sk_live_") || key.startsWith("rk_live_");
    }

    /** Reports a meter's usage under an event name of Stripe's, whose meter sums the payload's {@code value}. */
    public StripeBuilder meter(String meter, String eventName) {
        meters.put(meter, eventName);
        return this;
    }

    /** Metered prices that a subscription with this price has, too. */
    public StripeBuilder usagePrices(String price, List<String> metered) {
        usagePrices.put(price, List.copyOf(metered));
        return this;
    }

    /** Sends usage over v2 streams: for more than some hundreds a second. Errors are then only reported afterwards. */
    public StripeBuilder streamUsage() {
        this.streaming = true;
        return this;
    }

    /** Works on a connected account, and takes only its webhooks. */
    public StripeBuilder account(String newAccount) {
        this.account = newAccount;
        return this;
    }

    /** For one request with its answer; 20 seconds unless set. */
    public StripeBuilder deadline(Duration newDeadline) {
        this.deadline = newDeadline;
        return this;
    }

    public StripeBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    /** Another server than Stripe's own, over HTTPS or on this machine: for tests, or a proxy. */
    public StripeBuilder server(URI api, URI meterEvents) {
        this.apiBase = api.toString();
        this.meterEventsBase = meterEvents.toString();
        return this;
    }

    public StripeProvider build() {
        return new StripeProvider(this);
    }
}
