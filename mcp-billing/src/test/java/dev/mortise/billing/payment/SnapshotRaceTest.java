package dev.mortise.billing.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.http.HttpRoute;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas fetch the same subscription; what is fetched first is written last. */
class SnapshotRaceTest {
    /** A small provider of its own, whose answers can be held up on their way. */
    static final class SlowProvider implements PaymentProvider {
        final Map<String, ProviderSubscription> all = new ConcurrentHashMap<>();
        final AtomicInteger fetches = new AtomicInteger();
        final CountDownLatch fetched = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        volatile boolean holdNext;

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public Duration repeatable() {
            return Duration.ofHours(1);
        }

        @Override
        public String customer(String tenant) {
            return "customer-of-" + tenant;
        }

        @Override
        public Performed perform(Operation operation) {
            return switch (operation) {
                case Operation.Subscribe subscribe -> {
                    all.put("s1", subscription(subscribe.id(), "gold", SubscriptionStatus.ACTIVE));
                    yield new Performed.Done("s1");
                }
                case Operation.Checkout other -> throw new ProviderRefused("unsupported", "No pages");
                case Operation.Change other -> throw new ProviderRefused("unsupported", "No changes");
                case Operation.Cancel other -> throw new ProviderRefused("unsupported", "No end");
            };
        }

        ProviderSubscription subscription(@Nullable String operation, String price, SubscriptionStatus status) {
            return new ProviderSubscription(
                    "s1", null, operation, price, false, status, null, null, null, false, null, null, null);
        }

        @Override
        public Optional<Performed> find(Operation operation, @Nullable String reference) {
            return Optional.empty();
        }

        @Override
        public Optional<ProviderSubscription> subscription(String id) {
            fetches.incrementAndGet();
            Optional<ProviderSubscription> answer = Optional.ofNullable(all.get(id));
            if (holdNext) {
                holdNext = false;
                fetched.countDown();
                try {
                    if (!go.await(20, TimeUnit.SECONDS)) {
                        throw new AssertionError("Nobody let the answer go");
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return answer;
        }

        @Override
        public WebhookVerdict read(HttpRoute.Request request, Instant now) {
            String id = new String(request.body(), java.nio.charset.StandardCharsets.UTF_8);
            return new WebhookVerdict.Accepted(new WebhookEvent.SubscriptionChanged(id, "changed", "s1"));
        }
    }

    abstract static class Contract {
        abstract PaymentHome open() throws Exception;

        @Test
        void anOlderStateNeverReplacesANewerOne() throws Exception {
            SlowProvider provider = new SlowProvider();
            Currency euro = Currency.getInstance("EUR");
            try (PaymentHome home = open()) {
                Payments payments = Payments.builder(home.database())
                        .provider(provider)
                        .prices(PriceList.of(List.of(
                                new PlanPrice("gold", euro, "slow", "gold"),
                                new PlanPrice("iron", euro, "slow", "iron"))))
                        .migrate();
                payments.subscribe("acme", "r1", "slow", "gold", euro, Duration.ZERO);
                assertThat(payments.access().of("acme").plan()).isEqualTo("gold");
                try (WebhookHost host = new WebhookHost(payments.routes())) {
                    provider.holdNext = true;
                    Thread first = Thread.ofVirtual().start(() -> {
                        try {
                            host.post("/webhooks/slow", "e1".getBytes(), Map.of());
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
                    assertThat(provider.fetched.await(20, TimeUnit.SECONDS)).isTrue();
                    provider.all.put("s1", provider.subscription(null, "iron", SubscriptionStatus.ACTIVE));
                    assertThat(host.post("/webhooks/slow", "e2".getBytes(), Map.of())
                                    .statusCode())
                            .isEqualTo(200);
                    assertThat(payments.access().of("acme").plan()).isEqualTo("iron");
                    int before = provider.fetches.get();
                    provider.go.countDown();
                    first.join();
                    assertThat(payments.access().of("acme").plan()).isEqualTo("iron");
                    assertThat(provider.fetches.get()).isEqualTo(before + 1);
                }
            }
        }
    }

    @Nested
    class InSqlite extends Contract {
        @TempDir
        Path directory;

        @Override
        PaymentHome open() {
            return PaymentHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends Contract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.postgres();
        }
    }
}
