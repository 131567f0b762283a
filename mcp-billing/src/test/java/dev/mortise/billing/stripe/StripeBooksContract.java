package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.SnapshotEntitlements;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaidSubscriptions;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.payment.SubscriptionChange;
import dev.mortise.billing.payment.SubscriptionChanges;
import dev.mortise.billing.payment.TestClock;
import dev.mortise.billing.payment.WebhookHost;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Standing;
import dev.mortise.billing.subscription.Phase;
import dev.mortise.billing.subscription.Subscription;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a signed message of Stripe's to what a call may do, and to the next invoice. */
abstract class StripeBooksContract {
    private static final Currency USD = Currency.getInstance("USD");
    private static final URI SHOP = URI.create("https://shop.test/");
    private static final Plan FREE = plan("free", 1, "0.00", 1, 10, 0);
    private static final PlanRef PRO = new PlanRef("pro", 1);
    private static final PlanRef STARTER = new PlanRef("starter", 1);

    private final TestClock clock = new TestClock();
    private final FakeStripe stripe = new FakeStripe(clock);
    private PaymentHome home;
    private Books books;
    private SnapshotEntitlements entitlements;
    private Payments payments;
    private WebhookHost host;
    private boolean broken;

    abstract PaymentHome open() throws Exception;

    private static Plan plan(String id, int version, String price, int months, int calls, int trialDays) {
        return PlanJson.read(
                """
                {"id": "%s", "version": %d, "name": "%s", "currency": "USD", "price": "%s", "months": %d,
                 "trialDays": %d, "graceDays": 3, "meters": {"api_calls": {"included": %d}}}
                """.formatted(id, version, id, price, months, trialDays, calls).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void start() throws Exception {
        home = open();
        books = home.books().clock(clock).settleFor(Duration.ZERO).migrate();
        books.plans()
                .publish(List.of(
                        plan("starter", 1, "10.00", 1, 1_000, 0),
                        plan("pro", 1, "28.00", 1, 5_000, 30),
                        plan("yearly", 1, "100.00", 12, 60_000, 0)));
        books.tenants().register("acme", "Acme", ZoneId.of("Europe/Berlin"));
        entitlements = books.entitlements(FREE, Duration.ofMinutes(10));
        PaidSubscriptions paid = new PaidSubscriptions(home.database(), books, entitlements::forget);
        payments = Payments.builder(home.database())
                .provider(StripeProvider.builder(FakeStripe.KEY, List.of(FakeStripe.SECRET))
                        .server(stripe.uri(), stripe.uri())
                        .deadline(Duration.ofSeconds(5))
                        .clock(clock)
                        .build())
                .prices(PriceList.of(List.of(
                        new PlanPrice("starter", USD, "stripe", "price_starter"),
                        new PlanPrice("pro", USD, "stripe", "price_pro"),
                        new PlanPrice("yearly@1", USD, "stripe", "price_yearly"),
                        new PlanPrice("custom", USD, "stripe", "price_custom"),
                        new PlanPrice("gone", USD, "stripe", "price_gone"))))
                .changes(new SubscriptionChanges() {
                    @Override
                    public void apply(Connection connection, SubscriptionChange change) throws SQLException {
                        paid.apply(connection, change);
                        if (broken) {
                            throw new SQLException("The disk is full");
                        }
                    }

                    @Override
                    public void committed(String tenant) {
                        paid.committed(tenant);
                    }
                })
                .clock(clock)
                .migrate();
        host = new WebhookHost(payments.routes());
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        books.close();
        home.close();
        stripe.close();
        assertThat(stripe.complaints()).isEmpty();
    }

    private int deliver(FakeStripe.Event event) throws Exception {
        return host.post(
                        "/webhooks/stripe",
                        FakeStripe.bytes(event.body()),
                        FakeStripe.signed(event.body(), FakeStripe.SECRET, clock.instant()))
                .statusCode();
    }

    /** Each of them twice, as Stripe may. */
    private void deliverAll() throws Exception {
        for (FakeStripe.Event event : List.copyOf(stripe.events)) {
            assertThat(deliver(event)).isEqualTo(200);
            List<Subscription> once = books.subscriptions().ofTenant("acme");
            assertThat(deliver(event)).isEqualTo(200);
            assertThat(books.subscriptions().ofTenant("acme")).isEqualTo(once);
        }
        stripe.events.clear();
    }

    private Entitlement now() {
        return entitlements.of("acme", clock.instant());
    }

    private long calls() {
        return now().allowance("api_calls").orElseThrow().included().orElseThrow();
    }

    /** Somebody makes one in Stripe's dashboard for a customer that is known, and a message tells of it. */
    private FakeSubscription paidFor(String price) {
        payments.checkout("acme", "r-" + price, "stripe", "starter", USD, Duration.ZERO, SHOP, SHOP);
        payments.withdraw("acme");
        FakeSubscription made = stripe.makeByHand(stripe.customerOf("acme"), price);
        stripe.payOverdue(made);
        return made;
    }

    private void reprice(FakeSubscription subscription, String price) {
        subscription.items.replaceAll((item, before) -> price);
        stripe.payOverdue(subscription);
    }

    private Subscription booked() {
        return books.subscriptions().ofTenant("acme").getLast();
    }

    private List<String> issued() {
        return books.invoices().issueDue().stream()
                .map(Invoice::total)
                .map(Object::toString)
                .toList();
    }

    @Test
    void beginsChangesFallsIntoArrearsRecoversAndEnds() throws Exception {
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        OperationResult.Awaiting page = (OperationResult.Awaiting)
                payments.checkout("acme", "begin", "stripe", "pro", USD, Duration.ofDays(14), SHOP, SHOP);
        FakeSubscription made = stripe.pay(page.page());
        deliverAll();
        // At once, though the snapshot from before is young; by Stripe's trial, and not by the plan's thirty days.
        assertThat(now().standing()).isEqualTo(Standing.TRIAL);
        assertThat(now().plan()).contains(PRO);
        assertThat(booked().trialEnd()).contains(Instant.parse("2026-02-14T10:00:00Z"));

        stripe.advance(Duration.ofDays(14));
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(now().period().start()).isEqualTo(Instant.parse("2026-02-14T10:00:00Z"));
        assertThat(now().period().end()).isEqualTo(made.periodEnd());
        assertThat(issued()).containsExactly("0.00 USD", "28.00 USD");

        stripe.advance(Duration.ofDays(14));
        reprice(made, "price_starter");
        deliverAll();
        assertThat(now().plan()).contains(STARTER);
        assertThat(calls()).isEqualTo(3_000);

        stripe.cardWorks = false;
        stripe.advance(Duration.ofDays(14));
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.PAST_DUE);
        assertThat(calls()).isEqualTo(1_000);
        // Half of 28.00 and half of 10.00 instead of 28.00; and the next 10.00.
        assertThat(issued()).containsExactly("1.00 USD");

        stripe.advance(Duration.ofDays(3));
        // The plan's grace is over before that of the payments, and nothing has to run for it.
        assertThat(now().standing()).isEqualTo(Standing.SUSPENDED);
        assertThat(calls()).isEqualTo(10);

        stripe.payOverdue(made);
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(calls()).isEqualTo(1_000);

        // Half of 31 days.
        stripe.advance(Duration.ofHours(12 * 24 + 12));
        payments.cancel("acme", "end", Operation.CancelWhen.NOW);
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        assertThat(calls()).isEqualTo(10);
        assertThat(issued()).containsExactly("-5.00 USD");
        assertThat(payments.findings(10)).isEmpty();
    }

    @Test
    void whatFailsLeavesNothingAndComesAgain() throws Exception {
        paidFor("price_pro");
        FakeStripe.Event event = stripe.events.getFirst();
        broken = true;
        assertThat(deliver(event)).isEqualTo(503);
        assertThat(books.subscriptions().ofTenant("acme")).isEmpty();
        assertThat(payments.access().of("acme").plan()).isNull();
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        broken = false;
        deliverAll();
        assertThat(now().plan()).contains(PRO);
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(1);
        assertThat(payments.access().of("acme").plan()).isEqualTo("pro");
    }

    @Test
    void whatCannotSucceedIsFoundAndTriedAgainByItself() throws Exception {
        paidFor("price_gone");
        deliverAll();
        assertThat(payments.findings(10)).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_BOOKED);
        assertThat(payments.findings(10).getFirst().detail()).contains("published plan gone");
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        books.plans().publish(plan("gone", 7, "1.00", 1, 7, 0));
        payments.run();
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        clock.advance(Duration.ofHours(1));
        payments.run();
        assertThat(now().plan()).contains(new PlanRef("gone", 7));
        assertThat(payments.findings(10)).isEmpty();
        // Paid since the hour before.
        assertThat(booked().start()).isEqualTo(clock.instant().minus(Duration.ofHours(1)));
    }

    @Test
    void whatIsFoundImpossibleHalfwayLeavesNothing() throws Exception {
        FakeSubscription made = paidFor("price_starter");
        deliverAll();
        List<Subscription> before = books.subscriptions().ofTenant("acme");
        books.plans().publish(PlanJson.read("""
                        {"id": "custom", "version": 1, "name": "custom", "currency": "USD", "months": 12, "meters": {}}
                        """.getBytes(StandardCharsets.UTF_8)));
        clock.advance(Duration.ofDays(1));
        // The one would have to be ended before the other is begun, and that has no price.
        reprice(made, "price_custom");
        deliverAll();
        assertThat(payments.findings(10)).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_BOOKED);
        assertThat(books.subscriptions().ofTenant("acme")).isEqualTo(before);
        assertThat(now().plan()).contains(STARTER);
        reprice(made, "price_starter");
        deliverAll();
        assertThat(now().plan()).contains(STARTER);
    }

    @Test
    void staysOnTheVersionThatWasSold() throws Exception {
        FakeSubscription made = paidFor("price_pro");
        deliverAll();
        books.plans().publish(plan("pro", 2, "50.00", 1, 1, 0));
        made.status = "past_due";
        stripe.payOverdue(made);
        made.status = "past_due";
        deliverAll();
        stripe.payOverdue(made);
        deliverAll();
        assertThat(now().plan()).contains(PRO);
        reprice(made, "price_starter");
        deliverAll();
        reprice(made, "price_pro");
        deliverAll();
        assertThat(now().plan()).contains(new PlanRef("pro", 2));
    }

    @Test
    void anEndThatIsHeardOfLateIsWhereThePaidPeriodEnded() throws Exception {
        FakeSubscription made = paidFor("price_starter");
        deliverAll();
        made.cancelAtPeriodEnd = true;
        Instant end = made.periodEnd();
        stripe.advance(Duration.between(clock.instant(), end));
        // The next period is invoiced before anybody hears that there is none.
        assertThat(issued()).containsExactly("10.00 USD", "10.00 USD");
        clock.advance(Duration.ofDays(1));
        deliverAll();
        assertThat(booked().endsAt()).contains(end);
        assertThat(now().standing()).isEqualTo(Standing.NONE);
        clock.advance(Duration.ofDays(31));
        assertThat(issued()).containsExactly("-10.00 USD");
        assertThat(payments.findings(10)).isEmpty();
    }

    @Test
    void aChangeInInvoicedTimeTakesEffectWhereThatEnds() throws Exception {
        FakeSubscription made = paidFor("price_starter");
        deliverAll();
        clock.advance(Duration.between(clock.instant(), made.periodEnd()).minusSeconds(30));
        TestClock ahead = new TestClock();
        ahead.advance(Duration.between(ahead.instant(), made.periodEnd()));
        try (Books replica = home.books().clock(ahead).settleFor(Duration.ZERO).migrate()) {
            assertThat(replica.invoices().issueDue()).hasSize(2);
        }
        reprice(made, "price_pro");
        deliverAll();
        assertThat(payments.findings(10)).isEmpty();
        assertThat(booked().phases())
                .extracting(Phase::plan, Phase::from)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(STARTER, Instant.parse("2026-01-31T10:00:00Z")),
                        org.assertj.core.groups.Tuple.tuple(PRO, made.periodEnd()));
    }

    @Test
    void periodsAreThoseOfTheProviderInEveryMonth() throws Exception {
        // Stripe has counted from 31 January; here it is first heard of in March.
        FakeSubscription made = paidFor("price_starter");
        stripe.events.clear();
        stripe.advance(Duration.ofDays(29));
        stripe.payOverdue(made);
        deliverAll();
        for (int month = 0; month < 12; month++) {
            assertThat(now().period().end()).isEqualTo(made.periodEnd());
            stripe.advance(Duration.between(clock.instant(), made.periodEnd()));
            deliverAll();
        }
    }

    @Test
    void anotherLengthOfPeriodIsAnotherSubscription() throws Exception {
        FakeSubscription made = paidFor("price_starter");
        deliverAll();
        assertThat(issued()).containsExactly("10.00 USD");
        stripe.advance(Duration.ofDays(14));
        reprice(made, "price_yearly");
        deliverAll();
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(2);
        assertThat(now().plan()).contains(new PlanRef("yearly", 1));
        assertThat(books.subscriptions().ofTenant("acme").getFirst().endsAt()).contains(clock.instant());
        // The other half of the month; and 351 of 365 days, for this Stripe goes on counting from 31 January.
        assertThat(issued()).containsExactlyInAnyOrder("-5.00 USD", "96.16 USD");
    }

    @Test
    void takesOverWhatRunsAndLeavesAloneWhatComesLater() throws Exception {
        String byHand = books.subscriptions().begin("acme", STARTER).id();
        FakeSubscription made = paidFor("price_pro");
        deliverAll();
        assertThat(booked().id()).isEqualTo(byHand);
        assertThat(now().plan()).contains(PRO);
        clock.advance(Duration.ofDays(1));
        books.subscriptions().cancelNow(byHand);
        String later = books.subscriptions()
                .begin("acme", STARTER, Optional.empty(), Optional.empty(), clock.instant())
                .id();
        made.cancelAtPeriodEnd = true;
        stripe.advance(Duration.ofDays(40));
        deliverAll();
        payments.run();
        assertThat(books.subscriptions().find(later).orElseThrow().endsAt()).isEmpty();
        assertThat(now().plan()).contains(STARTER);
    }

    @Test
    void whatNobodyKnowsThePriceOfIsSuspendedAndNotEnded() throws Exception {
        FakeSubscription made = paidFor("price_pro");
        deliverAll();
        reprice(made, "price_strange");
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.SUSPENDED);
        reprice(made, "price_pro");
        deliverAll();
        assertThat(now().standing()).isEqualTo(Standing.ACTIVE);
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(1);
    }
}
