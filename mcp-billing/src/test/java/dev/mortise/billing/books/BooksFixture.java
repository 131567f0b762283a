package dev.mortise.billing.books;

import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.subscription.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Books with plans and a tenant, and a time that is set by hand: what tests of both databases begin with. */
abstract class BooksFixture {
    static final Currency USD = Currency.getInstance("USD");
    static final PlanRef FREE = new PlanRef("free", 1);
    static final PlanRef STARTER = new PlanRef("starter", 1);
    static final PlanRef PROFESSIONAL = new PlanRef("professional", 1);
    static final PlanRef ENTERPRISE = new PlanRef("enterprise", 1);
    static final PlanRef METERED = new PlanRef("metered", 1);
    static final Plan METERED_PLAN = plan("""
            {"id": "metered", "version": 1, "name": "Metered", "currency": "USD", "price": "10.00",
             "meters": {"api_calls": {"included": 100, "overage": {"model": "flat", "rate": "0.01"}}}}
            """);

    final Instant start = Instant.parse("2027-01-31T10:00:00Z");
    final TestClock clock = new TestClock(start);
    final MemoryUsage usage = new MemoryUsage();
    SqlHome home;
    Books books;

    abstract SqlHome open();

    static Plan plan(String json) {
        return PlanJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void openBooks() {
        home = open();
        books = another();
        books.plans().publish(Plans.STANDARD);
        books.plans().publish(METERED_PLAN);
        books.tenants().register("acme", "Acme \"quoted\" 有限公司", ZoneId.of("Europe/Berlin"));
    }

    Books another() {
        return home.books(setup -> setup.clock(clock).usage(usage).settleFor(Duration.ofHours(1)));
    }

    @AfterEach
    void closeBooks() throws Exception {
        home.close();
    }

    static Money usd(String amount) {
        return Money.of(amount, USD);
    }

    Subscription begin(PlanRef plan) {
        return books.subscriptions().begin("acme", plan);
    }

    Credit grant(String amount, int priority, Optional<Instant> expiry, Optional<Credit.Rollover> rollover) {
        clock.advance(Duration.ofMillis(1));
        return books.credits().grant("acme", usd(amount), priority, expiry, rollover, "because");
    }
}
