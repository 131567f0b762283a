package dev.mortise.billing.paypal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaidSubscriptions;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Standing;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a signed message of PayPal's to what a call may do. */
abstract class PayPalBooksContract {
    private static final Currency USD = Currency.getInstance("USD");
    private static final URI SHOP = URI.create("https://shop.test/");

    private final TestClock clock = new TestClock();
    private final FakePayPal paypal = new FakePayPal(clock);
    private PaymentHome home;
    private Books books;
    private SnapshotEntitlements entitlements;
    private Payments payments;
    private WebhookHost host;

    abstract PaymentHome open() throws Exception;

    private static Plan plan(String id, int calls) {
        return PlanJson.read("""
                {"id": "%s", "version": 1, "name": "%s", "currency": "USD", "price": "0.00", "months": 1,
                 "graceDays": 3, "meters": {"api_calls": {"included": %d}}}
                """.formatted(id, id, calls).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() throws Exception {
        home = open();
        books = home.books().clock(clock).settleFor(Duration.ZERO).migrate();
        books.plans().publish(List.of(plan("starter", 1_000), plan("pro", 5_000)));
        books.tenants().register("acme", "Acme", ZoneId.of("UTC"));
        entitlements = books.entitlements(plan("free", 10), Duration.ofMinutes(10));
        payments = Payments.builder(home.database())
                .provider(PayPalProvider.builder("client", "secret", FakePayPal.WEBHOOK)
                        .server(paypal.uri(), List.of(Signers.authority()))
                        .clock(clock)
                        .deadline(Duration.ofSeconds(5))
                        .build())
                .prices(PriceList.of(List.of(
                        new PlanPrice("starter", USD, "paypal", "P-STARTER"),
                        new PlanPrice("pro", USD, "paypal", "P-PRO"))))
                .changes(new PaidSubscriptions(home.database(), books, entitlements::forget))
                .clock(clock)
                .migrate();
        host = new WebhookHost(payments.routes());
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        books.close();
        home.close();
        paypal.close();
        assertThat(paypal.complaints()).isEmpty();
    }

    /** Each of them twice, as PayPal may. */
    private void deliverAll() throws Exception {
        for (FakePayPal.Event event : List.copyOf(paypal.events)) {
            byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 2; i++) {
                assertThat(host.post("/webhooks/paypal", body, paypal.signed(body, "paypal", clock.instant()))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        paypal.events.clear();
    }

    private Entitlement now() {
        return entitlements.of("acme", clock.instant());
    }

    private long calls() {
        return now().allowance("api_calls").orElseThrow().included().orElseThrow();
    }

    private String subscribed() throws Exception {
        String id = paypal.approve(((OperationResult.Awaiting)
                        payments.checkout("acme", "begin", "paypal", "pro", USD, Duration.ZERO, SHOP, SHOP))
                .page());
        deliverAll();
        return id;
    }

    @Test
    void beginsFallsIntoArrearsRecoversAndEnds() throws Exception {
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        assertThat(calls()).isEqualTo(10);
        String id = subscribed();
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(now().plan()).contains(new PlanRef("pro", 1));
        assertThat(calls()).isEqualTo(5_000);

        clock.advance(Duration.ofDays(28));
        paypal.failed(id);
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.PAST_DUE);
        assertThat(calls()).isEqualTo(5_000);
        clock.advance(Duration.ofDays(3));
        // The plan's grace, and nothing has to run for it.
        assertThat(now().standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(calls()).isEqualTo(10);

        paypal.paid(id);
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(1);

        payments.cancel("acme", "end", Operation.CancelWhen.NOW);
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        assertThat(calls()).isEqualTo(10);
        assertThat(payments.findings(10)).isEmpty();
    }

    @Test
    void whatIsCancelledAtTheEndIsInTheBooksUntilThen() throws Exception {
        subscribed();
        payments.cancel("acme", "end", Operation.CancelWhen.AT_PERIOD_END);
        deliverAll();
        Instant end = Instant.parse("2026-02-28T10:00:00Z");
        clock.advance(Duration.between(clock.instant(), end).minusSeconds(1));
        assertThat(calls()).isEqualTo(5_000);
        clock.advance(Duration.ofSeconds(1));
        payments.run();
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        assertThat(books.subscriptions().ofTenant("acme").getLast().endsAt()).contains(end);
    }

    @Test
    void anotherPlanIsInTheBooksAtOnce() throws Exception {
        subscribed();
        clock.advance(Duration.ofDays(1));
        assertThat(payments.change("acme", "c", "starter", USD, Operation.Proration.NONE))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(now().plan()).contains(new PlanRef("starter", 1));
        deliverAll();
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(1);
        assertThat(payments.findings(10)).isEmpty();
    }

    @Test
    void whoseTenantIsNotInTheBooksIsFoundAndTriedAgain() throws Exception {
        String id = paypal.approve(((OperationResult.Awaiting)
                        payments.checkout("bolt", "begin", "paypal", "pro", USD, Duration.ZERO, SHOP, SHOP))
                .page());
        deliverAll();
        assertThat(payments.findings(10)).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_BOOKED);
        assertThat(payments.findings(10).getFirst().subject()).isEqualTo(id);
        books.tenants().register("bolt", "Bolt", ZoneId.of("UTC"));
        clock.advance(Duration.ofHours(1));
        payments.run();
        assertThat(entitlements.of("bolt", clock.instant()).standing()).isEqualTo(Standing.ACTIVE);
        assertThat(payments.findings(10)).isEmpty();
    }
}
