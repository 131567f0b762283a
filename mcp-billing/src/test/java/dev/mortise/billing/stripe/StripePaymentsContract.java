package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.payment.FakeHttp.Fault;
import dev.mortise.billing.payment.Finding;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaymentStanding;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.Reconciliation;
import dev.mortise.billing.payment.WebhookHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a host sees of Stripe, over wires, whatever is in between. */
abstract class StripePaymentsContract extends StripeShop {
    @Test
    void aPageThatIsPaidBecomesAPlan() throws Exception {
        OperationResult.Awaiting awaiting = (OperationResult.Awaiting)
                payments.checkout("acme", "r1", "stripe", "pro", USD, Duration.ofDays(14), BACK, BACK);
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.NONE);
        FakeSubscription made = stripe.pay(awaiting.page());
        assertThat(made.items.values()).containsExactly("price_pro", "usage_calls");
        deliverAll();
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.TRIAL);
        assertThat(history.of("acme")).containsExactly("TRIAL pro");
        stripe.advance(Duration.ofDays(14));
        deliverAll();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GOOD);
        assertThat(history.of("acme")).containsExactly("TRIAL pro", "GOOD pro");
        assertThat(payments.checkout("acme", "r1", "stripe", "pro", USD, Duration.ofDays(14), BACK, BACK))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(payments.portal("acme", "stripe", BACK)).isPresent();
        assertThat(payments.portal("nobody", "stripe", BACK)).isEmpty();
    }

    @Test
    void aPageWhoseMessageNeverComesIsLookedAt() {
        OperationResult.Awaiting awaiting =
                (OperationResult.Awaiting) payments.checkout("acme", "r1", "stripe", "pro", USD, NO_TRIAL, BACK, BACK);
        stripe.pay(awaiting.page());
        payments.run();
        assertThat(access("acme").plan()).isNull();
        clock.advance(Duration.ofMinutes(16));
        payments.run();
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    @Test
    void aPageIsWithdrawnBeforeAnotherIsMade() {
        OperationResult.Awaiting first = (OperationResult.Awaiting)
                payments.checkout("acme", "r1", "stripe", "starter", USD, NO_TRIAL, BACK, BACK);
        OperationResult second = payments.checkout("acme", "r2", "stripe", "pro", USD, NO_TRIAL, BACK, BACK);
        assertThat(((OperationResult.Refused) second).code()).isEqualTo("beginning_already");
        assertThat(payments.withdraw("acme")).isTrue();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> stripe.pay(first.page()))
                .hasMessageContaining("expired");
        assertThat(payments.checkout("acme", "r3", "stripe", "pro", USD, NO_TRIAL, BACK, BACK))
                .isInstanceOf(OperationResult.Awaiting.class);
    }

    @Test
    void aPageThatWasPaidInTheLastMomentIsNotWithdrawn() {
        OperationResult.Awaiting first = (OperationResult.Awaiting)
                payments.checkout("acme", "r1", "stripe", "starter", USD, NO_TRIAL, BACK, BACK);
        stripe.pay(first.page());
        assertThat(payments.withdraw("acme")).isFalse();
        assertThat(access("acme").plan()).isEqualTo("starter");
        OperationResult second = payments.checkout("acme", "r2", "stripe", "pro", USD, NO_TRIAL, BACK, BACK);
        assertThat(((OperationResult.Refused) second).code()).isEqualTo("subscribed_already");
    }

    @Test
    void aMessageThatComesTwiceHasOneEffect() throws Exception {
        FakeSubscription made = subscribed("acme");
        stripe.events.clear();
        made.status = "past_due";
        stripe.payOverdue(made);
        FakeStripe.Event paid = stripe.events.removeFirst();
        int fetches = stripe.calls("GET /v1/subscriptions/:id");
        assertThat(deliver(paid)).isEqualTo(200);
        assertThat(deliver(paid)).isEqualTo(200);
        assertThat(stripe.calls("GET /v1/subscriptions/:id")).isEqualTo(fetches + 1);
        assertThat(history.of("acme")).containsExactly("GOOD pro");
    }

    @Test
    void theOrderOfMessagesDoesNotMatter() throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            String tenant = "tenant-" + seed;
            FakeSubscription made = subscribed(tenant);
            payments.change(tenant, "down", "starter", USD, Operation.Proration.NEXT_INVOICE);
            payments.change(tenant, "up", "pro", USD, Operation.Proration.NOW);
            payments.cancel(tenant, "end", Operation.CancelWhen.NOW);
            List<FakeStripe.Event> events = new ArrayList<>(stripe.events);
            events.addAll(events);
            stripe.events.clear();
            Collections.shuffle(events, new Random(seed));
            for (FakeStripe.Event event : events) {
                assertThat(deliver(event)).isEqualTo(200);
                assertThat(access(tenant).standing()).isEqualTo(PaymentStanding.ENDED);
            }
            assertThat(made.status).isEqualTo("canceled");
        }
    }

    @Test
    void aHostThatFailsHearsOfItAgain() throws Exception {
        OperationResult.Awaiting awaiting =
                (OperationResult.Awaiting) payments.checkout("acme", "r1", "stripe", "pro", USD, NO_TRIAL, BACK, BACK);
        stripe.pay(awaiting.page());
        history.broken = true;
        FakeStripe.Event event = stripe.events.removeFirst();
        assertThat(deliver(event)).isEqualTo(503);
        assertThat(access("acme").plan()).isNull();
        assertThat(history.of("acme")).isEmpty();
        history.broken = false;
        assertThat(deliver(event)).isEqualTo(200);
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(history.of("acme")).containsExactly("GOOD pro");
    }

    @Test
    void aProviderThatIsDownIsAskedAgainByItsOwnMessage() throws Exception {
        FakeSubscription made = subscribed("acme");
        stripe.events.clear();
        made.status = "past_due";
        stripe.payOverdue(made);
        made.status = "past_due";
        // The JDK's client repeats a GET by itself where its connection ends.
        for (Fault fault : List.of(Fault.TOO_MANY, Fault.BROKEN)) {
            stripe.fail("GET /v1/subscriptions/:id", fault);
            assertThat(deliver(stripe.events.getFirst())).isEqualTo(503);
        }
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GOOD);
        assertThat(deliver(stripe.events.getFirst())).isEqualTo(200);
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GRACE);
    }

    @Test
    void anAnswerThatIsLostMakesNoSecondSubscription() {
        stripe.fail("POST /v1/customers", Fault.ANSWER_LOST);
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Later.class);
        stripe.fail("POST /v1/subscriptions", Fault.ANSWER_LOST);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofMinutes(1));
        payments.run();
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Done.class);
        assertThat(stripe.all()).hasSize(1);
        assertThat(stripe.customers()).isEqualTo(1);
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(2);
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    @Test
    void aProcessThatDiesMakesNoSecondSubscriptionEitherWhenItsKeyIsForgotten() {
        stripe.fail("POST /v1/subscriptions", Fault.ANSWER_LOST);
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofHours(30));
        replica(false).run();
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Done.class);
        assertThat(stripe.all()).hasSize(1);
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(1);
    }

    @Test
    void theMessageMayOvertakeTheAnswer() throws Exception {
        stripe.fail("POST /v1/subscriptions", Fault.ANSWER_LOST);
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Later.class);
        deliverAll();
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Done.class);
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(1);
    }

    @Test
    void theProviderIsLeftAloneForAsLongAsItWants() {
        stripe.fail("POST /v1/subscriptions", Fault.TOO_MANY);
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofSeconds(6));
        payments.run();
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        payments.run();
        assertThat(stripe.calls("POST /v1/subscriptions")).isEqualTo(2);
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    @Test
    void aRefusalIsFinal() {
        stripe.cardWorks = false;
        OperationResult.Refused refused = (OperationResult.Refused) subscribe("acme", "r1");
        assertThat(refused.code()).isEqualTo("card_declined");
        stripe.cardWorks = true;
        assertThat(subscribe("acme", "r1")).isEqualTo(refused);
        assertThat(subscribe("acme", "r2")).isInstanceOf(OperationResult.Done.class);
        assertThat(((OperationResult.Refused) payments.checkout("x", "r1", "stripe", "none", USD, NO_TRIAL, BACK, BACK))
                        .code())
                .isEqualTo("not_sold");
        assertThat(((OperationResult.Refused) payments.cancel("x", "r1", Operation.CancelWhen.NOW)).code())
                .isEqualTo("not_subscribed");
    }

    @Test
    void aRequestIsForOneThing() {
        assertThat(subscribe("acme", "r1")).isInstanceOf(OperationResult.Done.class);
        OperationResult other = payments.subscribe("acme", "r1", "stripe", "starter", USD, NO_TRIAL);
        assertThat(((OperationResult.Refused) other).code()).isEqualTo("request_conflict");
    }

    @Test
    void manyWhoBeginAtOnceBeginOne() throws Exception {
        List<Callable<OperationResult>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String request = "r" + i;
            Payments replica = i % 2 == 0 ? payments : replica(false);
            all.add(() -> replica.subscribe("acme", request, "stripe", "pro", USD, NO_TRIAL));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(all);
        }
        assertThat(stripe.all()).hasSize(1);
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    /** What it begins is seen by others when all that comes of it is: whoever is second has to wait for that. */
    @Test
    void whoBeginsWhileAnotherBeginningEndsIsTold() throws Exception {
        CountDownLatch announced = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        history.beforeApplying(() -> {
            announced.countDown();
            return go.await(20, TimeUnit.SECONDS);
        });
        Payments other = replica(false);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<OperationResult> first = threads.submit(() -> subscribe("acme", "r1"));
            assertThat(announced.await(20, TimeUnit.SECONDS)).isTrue();
            Future<OperationResult> second =
                    threads.submit(() -> other.subscribe("acme", "r2", "stripe", "pro", USD, NO_TRIAL));
            home.untilSomebodyWaits();
            go.countDown();
            assertThat(first.get()).isInstanceOf(OperationResult.Done.class);
            assertThat(second.get()).isInstanceOf(OperationResult.Refused.class);
        }
        assertThat(stripe.all()).hasSize(1);
    }

    @Test
    void aChangeTakesPlaceOnceThoughItsAnswerIsLost() {
        FakeSubscription made = subscribed("acme");
        stripe.fail("POST /v1/subscriptions/:id", Fault.ANSWER_LOST);
        assertThat(payments.change("acme", "c1", "starter", USD, Operation.Proration.NOW))
                .isInstanceOf(OperationResult.Later.class);
        clock.advance(Duration.ofHours(30));
        payments.run();
        assertThat(payments.change("acme", "c1", "starter", USD, Operation.Proration.NOW))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(made.changes).isEqualTo(1);
        assertThat(made.items.values()).containsExactly("price_starter");
        assertThat(history.of("acme")).containsExactly("GOOD pro", "GOOD starter");
    }

    @Test
    void whatEndsAtTheEndOfItsPeriodEntitlesUntilThen() throws Exception {
        FakeSubscription made = subscribed("acme");
        assertThat(payments.cancel("acme", "c1", Operation.CancelWhen.AT_PERIOD_END))
                .isInstanceOf(OperationResult.Done.class);
        assertThat(access("acme").until()).isEqualTo(made.periodEnd());
        clock.advance(Duration.between(clock.instant(), made.periodEnd()).minusSeconds(1));
        payments.reconcile(10);
        assertThat(access("acme").plan()).isEqualTo("pro");
        // No message comes, and nobody compares: it ends all the same.
        clock.advance(Duration.ofSeconds(1));
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.ENDED);
        payments.run();
        assertThat(history.of("acme")).last().isEqualTo("ENDED null");
    }

    @Test
    void overdueEntitlesUntilTheGraceEnds() throws Exception {
        FakeSubscription made = subscribed("acme");
        stripe.cardWorks = false;
        stripe.advance(Duration.between(clock.instant(), made.periodEnd()));
        Instant graceEnd = clock.instant().plus(Duration.ofDays(7));
        deliverAll();
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.GRACE);
        assertThat(access("acme").until()).isEqualTo(graceEnd);
        // Each attempt of the provider is another message; none of them buys time.
        for (int day = 1; day < 7; day++) {
            clock.advance(Duration.ofDays(1));
            payments.reconcile(10);
            assertThat(access("acme").plan()).isEqualTo("pro");
        }
        clock.advance(Duration.ofDays(1));
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.SUSPENDED);
        assertThat(access("acme").plan()).isNull();
        payments.run();
        payments.run();
        stripe.payOverdue(made);
        deliverAll();
        assertThat(access("acme").plan()).isEqualTo("pro");
        assertThat(history.of("acme")).containsExactly("GOOD pro", "GRACE pro", "SUSPENDED null", "GOOD pro");
    }

    @Test
    void whatNobodyConfirmsDoesNotEntitleForEver() {
        subscribed("acme");
        int calls = stripe.allCalls();
        clock.advance(Duration.ofDays(3).minusSeconds(1));
        assertThat(access("acme").plan()).isEqualTo("pro");
        clock.advance(Duration.ofSeconds(1));
        assertThat(access("acme").plan()).isNull();
        assertThat(access("acme").stale()).isTrue();
        assertThat(stripe.allCalls())
                .as("no provider is asked by who asks for access")
                .isEqualTo(calls);
        payments.reconcile(10);
        assertThat(access("acme").plan()).isEqualTo("pro");
    }

    @Test
    void manyMessagesAtOnceLeaveTheLastState() throws Exception {
        FakeSubscription made = subscribed("acme");
        stripe.events.clear();
        for (int i = 0; i < 24; i++) {
            stripe.payOverdue(made);
        }
        List<FakeStripe.Event> events = List.copyOf(stripe.events);
        try (WebhookHost second = new WebhookHost(replica(false).routes());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                FakeStripe.Event event = events.get(i);
                WebhookHost to = i % 2 == 0 ? host : second;
                boolean last = i == events.size() / 2;
                all.add(() -> {
                    if (last) {
                        stripe.cancelSilently(made);
                    }
                    return to.post(
                                    "/webhooks/stripe",
                                    FakeStripe.bytes(event.body()),
                                    FakeStripe.signed(event.body(), FakeStripe.SECRET, clock.instant()))
                            .statusCode();
                });
            }
            for (var answer : threads.invokeAll(all)) {
                assertThat(answer.get()).isIn(200, 503);
            }
        }
        deliver(events.getLast());
        for (FakeStripe.Event event : events) {
            assertThat(deliver(event)).isEqualTo(200);
        }
        assertThat(access("acme").standing()).isEqualTo(PaymentStanding.ENDED);
        assertThat(history.of("acme")).containsExactly("GOOD pro", "ENDED null");
    }

    @Test
    void whatNobodyHereBeganEntitlesNobody() throws Exception {
        FakeSubscription stray = stripe.makeByHand("cus_unknown", "price_pro");
        stripe.payOverdue(stray);
        deliverAll();
        assertThat(findings()).containsExactly(Finding.Kind.ORPHAN);
        assertThat(payments.resolve("stripe", Finding.Kind.ORPHAN, stray.id)).isTrue();
        assertThat(payments.findings(10)).isEmpty();
        Reconciliation report = payments.reconcile(10).getFirst();
        assertThat(report.orphans()).isEqualTo(1);
        assertThat(report.isClean()).isFalse();
    }

    @Test
    void whatSomebodySellsByHandIsAdoptedByItsCustomer() {
        subscribed("acme");
        payments.cancel("acme", "c", Operation.CancelWhen.NOW);
        stripe.makeByHand(stripe.customerOf("acme"), "price_starter");
        Reconciliation report = payments.reconcile(10).getFirst();
        assertThat(report.adopted()).isEqualTo(1);
        assertThat(access("acme").plan()).isEqualTo("starter");
        stripe.makeByHand(stripe.customerOf("acme"), "price_secret");
        payments.reconcile(10);
        assertThat(findings()).contains(Finding.Kind.UNKNOWN_PRICE, Finding.Kind.DUPLICATE);
        assertThat(access("acme").plan()).isEqualTo("starter");
    }

    @Test
    void aComparisonPutsRightNoMoreThanItMay() {
        List<FakeSubscription> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(subscribed("tenant-" + i));
        }
        assertThat(payments.reconcile(2).getFirst().isClean()).isTrue();
        all.forEach(stripe::cancelSilently);
        Reconciliation first = payments.reconcile(2).getFirst();
        assertThat(first.repaired()).isEqualTo(2);
        assertThat(first.different()).isEqualTo(3);
        assertThat(first.isClean()).isFalse();
        Reconciliation second = payments.reconcile(10).getFirst();
        assertThat(second.repaired()).isEqualTo(3);
        assertThat(stripe.calls("POST /v1/subscriptions/:id"))
                .as("nothing is changed there")
                .isZero();
    }

    @Test
    void aComparisonThatBreaksOffSaysSo() {
        subscribed("acme");
        stripe.fail("GET /v1/subscriptions", Fault.BROKEN);
        Reconciliation report = payments.reconcile(10).getFirst();
        assertThat(report.interrupted()).contains("500");
        assertThat(report.agreed()).isEqualTo(1);
        assertThat(report.isClean()).isFalse();
    }

    @Test
    void whatCannotBeComparedKeepsNobodyFromTheOthers() {
        subscribed("acme");
        FakeSubscription beta = subscribed("beta");
        beta.status = "past_due";
        stripe.fail("GET /v1/subscriptions/:id", Fault.BROKEN);
        Reconciliation report = payments.reconcile(10).getFirst();
        assertThat(report.interrupted()).contains("500");
        assertThat(report.isClean()).isFalse();
        assertThat(report.repaired()).as("the one behind it").isEqualTo(1);
    }

    @Test
    void administratorsSeeWhatCame() throws Exception {
        FakeSubscription made = subscribed("acme");
        stripe.events.clear();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(i % 2));
            stripe.payOverdue(made);
            deliver(stripe.events.getLast());
        }
        List<String> seen = new ArrayList<>();
        String after = null;
        for (var page = payments.webhooks().list(null, 2); !page.isEmpty(); ) {
            page.forEach(one -> seen.add(one.id()));
            after = page.getLast().id();
            assertThat(page)
                    .allMatch(
                            one -> one.state().equals("UNCHANGED") && one.type().equals("invoice.paid"));
            page = payments.webhooks().list(after, 2);
        }
        assertThat(seen)
                .hasSize(5)
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo("stripe/" + stripe.events.getLast().id());
        assertThat(payments.webhooks().list("nonsense", 2)).isEmpty();
    }
}
