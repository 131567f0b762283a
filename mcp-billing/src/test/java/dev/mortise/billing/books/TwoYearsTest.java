package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.invoice.CreditNote;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.invoice.InvoiceLine;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.plan.PlanJson;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/**
 * Two years of two hundred tenants: they use things, change plans, cancel and come back, tell of usage late and take it
 * back, are given credits and credit notes. What they use is metered and booked in a real ledger, and read from its tables
 * for the invoices. Every invoice is what {@link Oracle} makes of the raw events, to the cent.
 */
class TwoYearsTest {
    private static final int TENANTS = 200;
    private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");
    private static final int DAYS = 740;
    private static final Duration SETTLE = Duration.ofHours(6);
    private static final List<String> ZONES = List.of(
            "UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/St_Johns");
    private static final List<String> CURRENCIES = List.of("USD", "EUR", "CNY", "JPY", "KWD");

    @TempDir
    Path directory;

    private final Random random = new Random(20_240_229);
    private final TestClock clock = new TestClock(BEGIN);
    private final Map<String, Oracle.Terms> plans = new TreeMap<>();
    private final Map<String, Integer> seen = new TreeMap<>();

    private record Refundable(Oracle.Event event, UsageOfTwoYears.Booked booked) {}

    /** One tenant as the test knows it. */
    private static final class Life {
        final String tenant;
        final Currency currency;
        final ZoneId zone;
        final List<Oracle.Event> events = new ArrayList<>();
        final List<Refundable> refundable = new ArrayList<>();
        final List<Purse> purses = new ArrayList<>();
        final Map<String, Long> invoiced = new HashMap<>();
        final Map<String, Oracle> oracles = new HashMap<>();
        Oracle oracle;
        String subscription;
        boolean ending;
        long balance;
        long storage;
        final List<Invoice> invoices = new ArrayList<>();

        Life(String tenant, Currency currency, ZoneId zone) {
            this.tenant = tenant;
            this.currency = currency;
            this.zone = zone;
        }
    }

    /** A credit as the test knows it. */
    private static final class Purse {
        final int priority;
        final Instant expiry;
        final int age;
        long left;

        Purse(int priority, Instant expiry, int age, long left) {
            this.priority = priority;
            this.expiry = expiry;
            this.age = age;
            this.left = left;
        }
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    /** Ten plans in each currency, of all models, with prices that divide into nothing nicely. */
    private void publish(Books books, String currency) {
        int exponent = Currency.getInstance(currency).getDefaultFractionDigits();
        String[] models = {"none", "flat", "tiered", "volume", "package"};
        String[] measures = {"average", "peak"};
        for (int i = 0; i < 10; i++) {
            long minor = i == 0 ? 0 : 1 + random.nextInt(20_000);
            int trial = i == 3 ? 14 : i == 7 ? 45 : 0;
            Map<String, Oracle.Price> meters = new TreeMap<>();
            meters.put("api_calls", price("sum", models[i % 5], i == 9 ? null : 500L + random.nextInt(1_000), 1));
            meters.put(
                    "storage",
                    price(measures[i % 2], models[(i + 2) % 5], 50_000_000L + random.nextInt(9_999), 1_000_000));
            if (i != 4) {
                meters.put("ai_operations", price("sum", models[(i + 1) % 5], (long) random.nextInt(300), 3));
            }
            String id = currency.toLowerCase(java.util.Locale.ROOT) + i;
            plans.put(id, new Oracle.Terms(minor, exponent, trial, meters));
            ObjectNode json = Json.object()
                    .put("id", id)
                    .put("version", 1)
                    .put("name", "Plan " + i)
                    .put("currency", currency)
                    .put("price", java.math.BigDecimal.valueOf(minor, exponent).toPlainString())
                    .put("trialDays", trial);
            ObjectNode all = json.putObject("meters");
            meters.forEach((meter, price) -> all.set(meter, json(price)));
            books.plans().publish(PlanJson.read(json));
        }
    }

    private Oracle.Price price(String measure, String model, Long included, long unit) {
        long scale = measure.equals("sum") ? 1 : 1_000_000;
        String used = included == null ? "none" : model;
        List<Long> bounds = switch (used) {
            case "tiered", "volume" ->
                List.of((100L + random.nextInt(50)) * scale, (401L + random.nextInt(50)) * scale);
            default -> List.of();
        };
        List<String> rates = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i++) {
            rates.add("0."
                    + String.format(
                            java.util.Locale.ROOT,
                            "%012d",
                            1_000_000_000L + (long) (random.nextDouble() * 90_000_000_000L)));
        }
        return new Oracle.Price(measure, included, used, used.equals("package") ? 97 * scale : unit, bounds, rates);
    }

    private static ObjectNode json(Oracle.Price price) {
        ObjectNode node = Json.object().put("measure", price.measure());
        if (price.included() != null) {
            node.put("included", price.included());
        }
        switch (price.model()) {
            case "none" -> {}
            case "flat", "package" ->
                node.putObject("overage")
                        .put("model", price.model())
                        .put("per", price.per())
                        .put("rate", price.rates().getFirst());
            default -> {
                ObjectNode overage =
                        node.putObject("overage").put("model", price.model()).put("per", price.per());
                var tiers = overage.putArray("tiers");
                for (int i = 0; i < price.rates().size(); i++) {
                    ObjectNode tier =
                            tiers.addObject().put("rate", price.rates().get(i));
                    if (i < price.bounds().size()) {
                        tier.put("upTo", price.bounds().get(i));
                    }
                }
            }
        }
        return node;
    }

    private String plan(Life life) {
        return life.currency.getCurrencyCode().toLowerCase(java.util.Locale.ROOT) + random.nextInt(10);
    }

    private boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    @Test
    @Timeout(600)
    void everyInvoiceIsWhatTheRawEventsComeTo() throws Exception {
        try (SqlHome home = SqlHome.sqlite(directory);
                UsageOfTwoYears usage = new UsageOfTwoYears(directory, clock)) {
            Books books =
                    home.books(setup -> setup.clock(clock).usage(usage.reader()).settleFor(SETTLE));
            CURRENCIES.forEach(currency -> publish(books, currency));
            List<Life> lives = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                Life life = new Life(
                        "tenant-" + i,
                        Currency.getInstance(CURRENCIES.get(i % CURRENCIES.size())),
                        ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))));
                books.tenants().register(life.tenant, "Tenant " + i, life.zone);
                lives.add(life);
            }
            for (int day = 0; day < DAYS; day++) {
                long millis = BEGIN.plus(Duration.ofDays(day)).toEpochMilli();
                for (Life life : lives) {
                    // No two changes in the same millisecond: nothing depends on how such a tie would be broken.
                    millis = Math.max(millis, clock.millis()) + 1 + random.nextInt(400_000);
                    clock.set(Instant.ofEpochMilli(millis));
                    live(books, usage, life, day);
                }
                usage.settle();
                if (day % 8 == 7) {
                    issue(books, lives);
                }
            }
            issue(books, lives);
            checkTheEnd(books, lives);
            usage.checkTheEnd();
        }
    }

    private void live(Books books, UsageOfTwoYears usage, Life life, int day) throws Exception {
        if (life.oracle == null || (life.ending && !life.oracle.isLive(clock.instant()))) {
            if (chance(day < 31 ? 12 : 25)) {
                begin(books, life);
            }
        } else {
            subscribe(books, life);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            clock.advance(Duration.ofMillis(1));
            use(usage, life);
        }
        if (chance(60)) {
            credit(books, life);
        }
        if (chance(100)) {
            note(books, life);
        }
    }

    private void begin(Books books, Life life) {
        String plan = plan(life);
        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean calendar = chance(3);
        LocalDateTime local = LocalDateTime.ofInstant(start, life.zone);
        LocalDateTime anchor = calendar ? local.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1) : local;
        Subscription begun = books.subscriptions()
                .begin(
                        life.tenant,
                        new PlanRef(plan, 1),
                        Optional.empty(),
                        calendar ? Optional.of(new BillingCycle(anchor, life.zone, 1)) : Optional.empty(),
                        clock.instant());
        life.subscription = begun.id();
        life.oracle = new Oracle(plans, plan, life.zone, anchor, start, life.events);
        life.oracles.put(begun.id(), life.oracle);
        life.ending = false;
        count(calendar ? "calendar cycles" : "anchored cycles");
    }

    private Instant periodEnd(Oracle oracle) {
        long number = 0;
        while (!oracle.boundary(number + 1).isAfter(clock.instant())) {
            number++;
        }
        return oracle.boundary(number + 1);
    }

    private void subscribe(Books books, Life life) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Subscriptions subscriptions = books.subscriptions();
        if (life.ending) {
            if (chance(40)) {
                subscriptions.resume(life.subscription);
                life.oracle.timeline.values().removeIf(Oracle.END::equals);
                life.ending = false;
                count("resumed");
            }
        } else if (chance(30)) {
            String plan = plan(life);
            subscriptions.change(life.subscription, new PlanRef(plan, 1), Optional.empty());
            life.oracle.change(now, now, plan);
            count("changed now");
            if (chance(3)) {
                clock.advance(Duration.ofSeconds(1 + random.nextInt(90)));
                String back = plan(life);
                subscriptions.change(life.subscription, new PlanRef(back, 1), Optional.empty());
                Instant again = clock.instant().truncatedTo(ChronoUnit.SECONDS);
                life.oracle.change(again, again, back);
                count("changed twice");
            }
        } else if (chance(60)) {
            String plan = plan(life);
            subscriptions.changeAtPeriodEnd(life.subscription, new PlanRef(plan, 1), Optional.empty());
            life.oracle.change(periodEnd(life.oracle), now, plan);
            count("changed at period end");
        } else if (chance(300)) {
            subscriptions.cancelNow(life.subscription);
            life.oracle.change(now, now, Oracle.END);
            life.ending = true;
            count("cancelled now");
        } else if (chance(200)) {
            subscriptions.cancelAtPeriodEnd(life.subscription);
            life.oracle.change(periodEnd(life.oracle), now, Oracle.END);
            life.ending = true;
            count("cancelled at period end");
        }
    }

    private void use(UsageOfTwoYears usage, Life life) throws Exception {
        boolean late = chance(20);
        Instant at = late
                ? clock.instant().minus(Duration.ofMillis((long) (random.nextDouble() * 70 * 86_400_000L)))
                : clock.instant();
        if (late) {
            count("late");
        }
        int which = random.nextInt(10);
        if (which < 2) {
            // A level that falls late may not have been below zero at any time: only rises are late.
            long change = late || random.nextBoolean()
                    ? 1_000_000L + random.nextInt(40_000_000)
                    : -random.nextLong(life.storage + 1);
            if (change != 0) {
                life.storage += change;
                book(usage, life, new Oracle.Event("storage", change, at));
            }
        } else if (which < 3 && !life.refundable.isEmpty()) {
            Refundable back = life.refundable.remove(random.nextInt(life.refundable.size()));
            Oracle.Event event = back.event();
            usage.takeBack(life.tenant, event, back.booked());
            life.events.add(new Oracle.Event(event.meter(), -event.quantity(), event.at()));
            count("refunds");
        } else {
            String meter = which < 7 ? "api_calls" : "ai_operations";
            Oracle.Event event = new Oracle.Event(meter, 1 + random.nextInt(200), at);
            UsageOfTwoYears.Booked booked = book(usage, life, event);
            if (chance(5)) {
                life.refundable.add(new Refundable(event, booked));
            }
        }
    }

    private static UsageOfTwoYears.Booked book(UsageOfTwoYears usage, Life life, Oracle.Event event) {
        life.events.add(event);
        return usage.use(life.tenant, event);
    }

    private void credit(Books books, Life life) {
        int priority = random.nextInt(3);
        Instant expiry = chance(2) ? clock.instant().plus(Duration.ofDays(5 + random.nextInt(90))) : Instant.MAX;
        long amount = 1 + random.nextInt(9_000);
        books.credits()
                .grant(
                        life.tenant,
                        new Money(amount, life.currency),
                        priority,
                        expiry.equals(Instant.MAX) ? Optional.empty() : Optional.of(expiry),
                        Optional.empty(),
                        "");
        life.purses.add(new Purse(priority, expiry, life.purses.size(), amount));
    }

    private void note(Books books, Life life) {
        List<Invoice> open = life.invoices.stream()
                .filter(invoice -> invoice.total().isPositive())
                .toList();
        if (!open.isEmpty()) {
            Invoice invoice = open.get(random.nextInt(open.size()));
            long amount = 1 + random.nextLong(invoice.total().minor());
            CreditNote.Payout payout = random.nextBoolean() ? CreditNote.Payout.BALANCE : CreditNote.Payout.REFUND;
            books.invoices().creditNote(invoice.id(), new Money(amount, life.currency), payout, "Sorry");
            life.invoices.remove(invoice);
            life.balance += payout == CreditNote.Payout.BALANCE ? amount : 0;
            count("credit notes");
        }
    }

    private void issue(Books books, List<Life> lives) {
        Map<String, Life> bySubscription = new HashMap<>();
        lives.forEach(life -> life.oracles.keySet().forEach(id -> bySubscription.put(id, life)));
        // An invoice of a subscription that has ended may come with the first of the next: in the order of numbers.
        books.invoices().issueDue().stream()
                .sorted(Comparator.comparing(invoice -> invoice.number().orElseThrow()))
                .forEach(invoice -> check(bySubscription.get(invoice.subscription()), invoice));
    }

    private void check(Life life, Invoice invoice) {
        Oracle oracle = life.oracles.get(invoice.subscription());
        long owed = oracle.owed(invoice.sequence());
        long before = life.invoiced.getOrDefault(invoice.subscription(), 0L);
        assertThat(invoice.total().minor())
                .as("%s of %s: %s, where %s", invoice.number(), invoice.tenant(), invoice.lines(), oracle)
                .isEqualTo(owed - before);
        life.invoiced.put(invoice.subscription(), owed);

        long open = Math.max(0, owed - before);
        long fromBalance = Math.min(open, life.balance);
        life.balance += Math.max(0, before - owed) - fromBalance;
        open -= fromBalance;
        List<Purse> order = life.purses.stream()
                .filter(purse -> purse.expiry.isAfter(clock.instant()))
                .sorted(Comparator.<Purse>comparingInt(purse -> purse.priority)
                        .thenComparing(purse -> purse.expiry)
                        .thenComparingInt(purse -> purse.age))
                .toList();
        for (Purse purse : order) {
            long part = Math.min(open, purse.left);
            purse.left -= part;
            open -= part;
        }
        assertThat(invoice.due().minor())
                .as("due of %s of %s", invoice.number(), invoice.tenant())
                .isEqualTo(open);
        life.invoices.add(invoice);
        count("invoices");
        if (invoice.total().isNegative()) {
            count("negative invoices");
        }
        if (invoice.lines().stream()
                .anyMatch(line ->
                        line.kind() == InvoiceLine.Kind.INVOICED && !line.item().equals("fee"))) {
            count("adjusted invoices");
        }
    }

    private void checkTheEnd(Books books, List<Life> lives) {
        List<String> numbers = new ArrayList<>();
        for (Life life : lives) {
            assertThat(books.invoices().balance(life.tenant, life.currency).minor())
                    .isEqualTo(life.balance)
                    .isEqualTo(books.invoices()
                            .rebuiltBalance(life.tenant, life.currency)
                            .minor());
            books.invoices().ofTenant(life.tenant, null, 10_000).stream()
                    .flatMap(invoice -> invoice.number().stream())
                    .forEach(numbers::add);
            for (Credit credit : books.credits().ofTenant(life.tenant)) {
                long taken = books.credits().entries(credit.id()).stream()
                        .mapToLong(entry -> entry.amount().minor())
                        .sum();
                assertThat(credit.remaining().minor()).isEqualTo(credit.amount().minor() - taken);
            }
            life.oracles.forEach((id, oracle) -> everyPeriodIsClosed(books, id, oracle));
        }
        numbers.sort(Comparator.naturalOrder());
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(String.format(java.util.Locale.ROOT, "INV-%06d", i + 1));
        }
        System.out.println("Two years: " + seen);
        assertThat(seen.get("invoices")).isEqualTo(numbers.size()).isGreaterThan(TENANTS * 18);
        assertThat(seen.keySet())
                .contains(
                        "adjusted invoices",
                        "negative invoices",
                        "changed twice",
                        "changed at period end",
                        "cancelled now",
                        "cancelled at period end",
                        "resumed",
                        "late",
                        "refunds",
                        "credit notes");
    }

    /** Nothing that has ended and settled is left without an invoice. */
    private void everyPeriodIsClosed(Books books, String id, Oracle oracle) {
        long last =
                books
                        .invoices()
                        .ofTenant(books.subscriptions().find(id).orElseThrow().tenant(), null, 10_000)
                        .stream()
                        .filter(invoice -> invoice.subscription().equals(id))
                        .mapToLong(Invoice::sequence)
                        .max()
                        .orElse(-1);
        Instant closed = oracle.boundary(oracle.firstPeriod() + last);
        Instant next = oracle.boundary(oracle.firstPeriod() + last + 1);
        boolean ended = last > 0 && !oracle.isLive(closed);
        assertThat(ended || next.plus(SETTLE).isAfter(clock.instant()))
                .as("the invoice after %s of %s", last, id)
                .isTrue();
    }
}
