package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.payment.Access;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PaymentsBuilder;
import dev.mortise.billing.payment.PlanHistory;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import java.net.URI;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A host that sells through Stripe, and a Stripe: what tests of either begin with. */
abstract class StripeShop {
    static final Currency USD = Currency.getInstance("USD");
    static final URI BACK = URI.create("https://shop.test/back");
    static final Duration NO_TRIAL = Duration.ZERO;

    final TestClock clock = new TestClock();
    final FakeStripe stripe = new FakeStripe(clock);
    PaymentHome home;
    PlanHistory history;
    Payments payments;
    WebhookHost host;

    abstract PaymentHome open() throws Exception;

    /** What a test needs of a database before there are payments. */
    void prepare() {}

    /** What a test wants of each replica. */
    PaymentsBuilder configured(PaymentsBuilder builder) {
        return builder;
    }

    @BeforeEach
    void start() throws Exception {
        home = open();
        history = new PlanHistory(home.database());
        prepare();
        payments = replica(false);
        host = new WebhookHost(payments.routes());
    }

    /** Another process of the same host. */
    final Payments replica(boolean streaming) {
        StripeBuilder builder = StripeProvider.builder(FakeStripe.KEY, List.of(FakeStripe.SECRET))
                .server(stripe.uri(), stripe.uri())
                .meter("calls", FakeMeters.EVENT)
                .meter("api_calls", "mortise_api_calls")
                .usagePrices("price_pro", List.of("usage_calls"))
                .deadline(Duration.ofSeconds(5))
                .clock(clock);
        return configured(Payments.builder(home.database())
                        .provider((streaming ? builder.streamUsage() : builder).build())
                        .prices(PriceList.of(List.of(
                                new PlanPrice("starter", USD, "stripe", "price_starter"),
                                new PlanPrice("pro", USD, "stripe", "price_pro"))))
                        .changes(history)
                        .clock(clock))
                .migrate();
    }

    void ended() throws Exception {}

    @AfterEach
    void stop() throws Exception {
        host.close();
        ended();
        home.close();
        stripe.close();
        assertThat(stripe.complaints()).isEmpty();
    }

    final int deliver(FakeStripe.Event event) throws Exception {
        byte[] body = FakeStripe.bytes(event.body());
        Map<String, String> fields = FakeStripe.signed(event.body(), FakeStripe.SECRET, clock.instant());
        return host.post("/webhooks/stripe", body, fields).statusCode();
    }

    final void deliverAll() throws Exception {
        for (FakeStripe.Event event : List.copyOf(stripe.events)) {
            assertThat(deliver(event)).isEqualTo(200);
        }
        stripe.events.clear();
    }

    final OperationResult subscribe(String tenant, String request) {
        return payments.subscribe(tenant, request, "stripe", "pro", USD, NO_TRIAL);
    }

    final FakeSubscription subscribed(String tenant) {
        OperationResult.Done done = (OperationResult.Done) subscribe(tenant, "begin");
        return stripe.subscription(done.subscription());
    }

    final Access access(String tenant) {
        return payments.access().of(tenant);
    }

    final List<Finding.Kind> findings() {
        return payments.findings(100).stream().map(Finding::kind).toList();
    }
}
