package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.Usage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the outbox to Stripe's meters, whatever is lost on the way. */
abstract class StripeUsageContract extends StripeShop {
    private void use(String tenant, long quantity, String source) {
        Usage usage = new Usage(tenant, "calls", quantity, clock.instant(), source);
        home.database().write("Using", connection -> payments.usage().add(connection, "stripe", usage));
    }

    @Test
    void usageIsReportedOnceWhateverIsLost() {
        subscribed("acme");
        for (int i = 0; i < 20; i++) {
            use("acme", i + 1, "hour-" + i);
        }
        use("acme", 1, "hour-0");
        stripe.fail("POST /v1/billing/meter_events", Fault.ANSWER_LOST);
        payments.run();
        assertThat(payments.usage().unsent()).isEqualTo(20);
        stripe.fail("POST /v1/billing/meter_events", Fault.TOO_MANY);
        clock.advance(Duration.ofMinutes(3));
        payments.run();
        clock.advance(Duration.ofMinutes(3));
        payments.run();
        assertThat(payments.usage().unsent()).isZero();
        assertThat(stripe.meters.total()).isEqualTo(210);
        assertThat(stripe.meters.taken()).hasSize(20);
    }

    @Test
    void usageThatSaysSomethingElseIsAConflict() {
        use("acme", 5, "hour-0");
        assertThatThrownBy(() -> use("acme", 6, "hour-0")).isInstanceOf(IllegalStateException.class);
        assertThat(payments.usage().unsent()).isEqualTo(1);
    }

    @Test
    void usageThatTheProviderNoLongerRecognizesIsNotSentAgain() {
        subscribed("acme");
        use("acme", 7, "hour-0");
        stripe.fail("POST /v1/billing/meter_events", Fault.ANSWER_LOST);
        payments.run();
        clock.advance(Duration.ofHours(25));
        payments.run();
        assertThat(stripe.calls("POST /v1/billing/meter_events")).isEqualTo(1);
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_UNCERTAIN);
    }

    @Test
    void usageWaitsForItsCustomerAndOldUsageIsRefused() {
        use("acme", 7, "hour-0");
        payments.run();
        assertThat(stripe.calls("POST /v1/billing/meter_events")).isZero();
        clock.advance(Duration.ofDays(40));
        subscribed("acme");
        payments.run();
        assertThat(payments.usage().unsent()).isZero();
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_REJECTED);
    }

    @Test
    void usageThatIsThrownAwayLaterIsFound() throws Exception {
        subscribed("acme");
        use("acme", 7, "hour-0");
        payments.run();
        String identifier = stripe.meters.taken().keySet().iterator().next();
        stripe.events.clear();
        stripe.meters.reject(identifier, "meter_event_customer_not_found", 3);
        FakeStripe.Event event = stripe.events.getFirst();
        assertThat(deliver(event)).isEqualTo(200);
        assertThat(deliver(event)).isEqualTo(200);
        List<Finding> found = payments.findings(10);
        assertThat(found).hasSize(2).allMatch(one -> one.kind() == Finding.Kind.USAGE_REJECTED);
        assertThat(found).extracting(Finding::subject).contains(identifier, event.id());
        assertThat(found).extracting(Finding::tenant).contains("acme");
        assertThat(stripe.calls("GET /v2/core/events/:id")).isEqualTo(1);
        payments.run();
        assertThat(stripe.meters.taken()).isEmpty();
    }

    @Test
    void usageIsStreamedAHundredAtATimeOverSessionsThatEnd() {
        subscribed("acme");
        Payments streaming = replica(true);
        for (int i = 0; i < 250; i++) {
            use("acme", 1, "call-" + i);
        }
        streaming.run();
        assertThat(stripe.meters.taken()).hasSize(250);
        assertThat(stripe.calls("POST /v2/billing/meter_event_stream")).isEqualTo(3);
        assertThat(stripe.calls("POST /v2/billing/meter_event_session")).isEqualTo(1);
        stripe.meters.endSessions();
        use("acme", 1, "call-250");
        streaming.run();
        assertThat(stripe.meters.taken()).hasSize(251);
        clock.advance(Duration.ofMinutes(15));
        use("acme", 1, "call-251");
        stripe.fail("POST /v2/billing/meter_event_stream", Fault.ANSWER_LOST);
        streaming.run();
        clock.advance(Duration.ofMinutes(1));
        streaming.run();
        assertThat(stripe.meters.taken()).hasSize(252);
        assertThat(payments.usage().unsent()).isZero();
        assertThat(stripe.calls("POST /v2/billing/meter_event_session")).isEqualTo(3);
    }

    @Test
    void oneThatIsRefusedInAStreamDoesNotHoldUpTheRest() {
        subscribed("acme");
        use("acme", 2_000_000, "too-much");
        use("acme", 1, "call-1");
        use("acme", 1, "call-2");
        replica(true).run();
        assertThat(stripe.meters.taken()).hasSize(2);
        assertThat(payments.usage().unsent()).isZero();
        assertThat(findings()).containsExactly(Finding.Kind.USAGE_REJECTED);
    }
}
