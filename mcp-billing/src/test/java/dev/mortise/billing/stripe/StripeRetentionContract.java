package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PaymentsBuilder;
import dev.mortise.billing.payment.Retention;
import dev.mortise.billing.payment.Usage;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What payments forget, and what they never do. */
abstract class StripeRetentionContract extends StripeShop {
    private static final Duration WEBHOOKS = Duration.ofDays(40);
    private static final Duration OPERATIONS = Duration.ofDays(50);
    private static final Duration USAGE = Duration.ofDays(60);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Override
    PaymentsBuilder configured(PaymentsBuilder builder) {
        return builder.retention(new Retention(WEBHOOKS, OPERATIONS, USAGE));
    }

    private boolean use(String tenant, long quantity, String source, Instant at) {
        Usage usage = new Usage(tenant, "calls", quantity, at, source);
        return home.database().write("Using", connection -> payments.usage().add(connection, "stripe", usage));
    }

    private long rows(String table) {
        return home.database()
                .read(
                        "Counting",
                        connection -> Sql.number(
                                connection,
                                "SELECT count(*) FROM " + home.database().table(table)));
    }

    private void at(Instant instant) {
        clock.advance(Duration.between(clock.instant(), instant));
    }

    @Test
    void webhooksAreForgottenWhenNobodySendsThemAgain() throws Exception {
        subscribed("acme");
        FakeStripe.Event event = stripe.events.getFirst();
        deliverAll();
        Instant then = clock.instant();
        long known = rows("pay_event");
        assertThat(known).isPositive();
        at(then.plus(WEBHOOKS));
        payments.forget();
        assertThat(rows("pay_event")).isEqualTo(known);
        int changes = history.of("acme").size();
        assertThat(deliver(event)).isEqualTo(200);
        clock.advance(SECOND);
        payments.forget();
        assertThat(rows("pay_event")).isZero();
        assertThat(deliver(event)).as("a webhook that is a stranger by now").isEqualTo(200);
        assertThat(history.of("acme")).as("says nothing new").hasSize(changes);
    }

    @Test
    void operationsThatEndedAreForgottenAndOthersAreNot() {
        OperationResult begun = subscribe("acme", "begin");
        stripe.fail("POST /v1/subscriptions", Fault.ANSWER_LOST);
        OperationResult open = subscribe("other", "begin");
        assertThat(open).isInstanceOf(OperationResult.Later.class);
        Instant then = clock.instant();
        at(then.plus(OPERATIONS));
        payments.forget();
        assertThat(subscribe("acme", "begin")).as("the same request").isEqualTo(begun);
        clock.advance(SECOND);
        payments.forget();
        assertThat(rows("pay_operation")).as("what is still to be done").isEqualTo(1);
        assertThat(subscribe("acme", "begin"))
                .as("a subscription is there, whatever was forgotten")
                .isInstanceOf(OperationResult.Refused.class);
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(2);
    }

    @Test
    void usageThatWasTakenIsForgottenAndWhatWaitsIsNot() {
        subscribed("acme");
        Instant then = clock.instant();
        for (int i = 0; i < 7; i++) {
            use("acme", 1, "hour-" + i, then);
        }
        payments.run();
        use("nobody", 5, "hour-0", then);
        at(then.plus(USAGE));
        payments.forget();
        assertThat(rows("pay_usage")).isEqualTo(8);
        assertThat(use("acme", 1, "hour-0", then)).as("the same again").isFalse();
        clock.advance(SECOND);
        assertThat(payments.forget()).isGreaterThanOrEqualTo(7);
        assertThat(rows("pay_usage")).as("what is still to be sent").isEqualTo(1);
        assertThat(payments.usage().unsent()).isEqualTo(1);
    }

    @Test
    void whatAFindingIsAboutStaysUntilThatIsResolved() {
        subscribed("acme");
        Instant then = clock.instant();
        use("acme", 7, "hour-0", then);
        stripe.fail("POST /v1/billing/meter_events", Fault.ANSWER_LOST);
        payments.run();
        clock.advance(Duration.ofHours(25));
        payments.run();
        Finding finding = payments.findings(10).getFirst();
        assertThat(finding.kind()).isEqualTo(Finding.Kind.USAGE_UNCERTAIN);
        at(then.plus(USAGE.multipliedBy(3)));
        payments.forget();
        assertThat(rows("pay_usage")).isEqualTo(1);
        assertThat(payments.resolve("stripe", finding.kind(), finding.subject()))
                .isTrue();
        payments.forget();
        assertThat(rows("pay_usage")).isZero();
    }

    @Test
    void whatIsForgottenIsNotCompared() {
        subscribed("acme");
        Instant then = clock.instant();
        use("acme", 7, "hour-0", then);
        payments.run();
        at(then.plus(USAGE).plus(Duration.ofDays(1)));
        use("acme", 3, "hour-1", clock.instant());
        payments.run();
        clock.advance(Duration.ofHours(5));
        payments.forget();
        assertThat(payments.compareUsage(Instant.EPOCH)).allMatch(one -> one.isEqual());
        assertThat(findings()).isEmpty();
    }

    @Test
    void manyRowsAreForgottenByManyAtOnce() throws Exception {
        subscribed("acme");
        Instant then = clock.instant();
        home.database().write("Using", connection -> {
            for (int i = 0; i < 2_300; i++) {
                payments.usage().add(connection, "stripe", new Usage("acme", "calls", 1, then, "hour-" + i));
            }
            return true;
        });
        payments.run();
        at(then.plus(USAGE).plus(SECOND));
        use("acme", 1, "now", clock.instant());
        long operations = rows("pay_operation");
        List<Payments> replicas = List.of(payments, replica(false), replica(false));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> all = IntStream.range(0, 6)
                    .<Callable<Long>>mapToObj(i -> () -> replicas.get(i % 3).forget())
                    .toList();
            long forgotten = 0;
            for (Future<Long> one : threads.invokeAll(all)) {
                forgotten += one.get();
            }
            assertThat(forgotten).as("each row by one of them").isEqualTo(2_300 + operations);
        }
        assertThat(rows("pay_usage")).isEqualTo(1);
    }

    @Test
    void nothingIsForgottenBeforeProvidersHave() {
        assertThatThrownBy(() -> new Retention(Duration.ofDays(35), OPERATIONS, USAGE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("webhooks");
        assertThatThrownBy(() -> new Retention(WEBHOOKS, OPERATIONS, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
