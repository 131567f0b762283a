package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.admin.AdministrationAudit;
import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.UnknownPlan;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.billing.subscription.Subscription;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for the books in both databases. */
@Timeout(120)
abstract class BooksContract extends BooksFixture {
    @Test
    void keepsPlansAsTheyWere() {
        Plan other = plan("{\"id\": \"metered\", \"version\": 1, \"name\": \"Other\", \"currency\": \"USD\"}");
        assertThat(another().plans().get(METERED)).isEqualTo(METERED_PLAN);
        books.plans().publish(METERED_PLAN);
        assertThatExceptionOfType(Conflict.class).isThrownBy(() -> books.plans().publish(other));
        assertThat(books.plans().list()).hasSize(5).contains(METERED_PLAN);
        assertThatExceptionOfType(UnknownPlan.class)
                .isThrownBy(() -> books.plans().get(new PlanRef("metered", 2)));
        assertThatThrownBy(() -> home.execute("UPDATE book_plan SET document = '{}' WHERE id = 'metered'"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("final");
        assertThatThrownBy(() -> home.execute("DELETE FROM book_plan")).hasMessageContaining("final");
    }

    @Test
    void keepsTheHistoryOfASubscription() {
        Subscription begun = begin(STARTER);
        clock.advance(Duration.ofDays(3));
        books.subscriptions().change(begun.id(), PROFESSIONAL, Optional.empty());
        clock.advance(Duration.ofDays(3));
        books.subscriptions().changeAtPeriodEnd(begun.id(), FREE, Optional.empty());
        Subscription now = another().subscriptions().find(begun.id()).orElseThrow();
        assertThat(now.revision()).isEqualTo(3);
        assertThat(now.phaseAt(start).orElseThrow().plan()).isEqualTo(STARTER);
        assertThat(now.phaseAt(clock.instant()).orElseThrow().plan()).isEqualTo(PROFESSIONAL);
        assertThat(now.phaseAt(Instant.parse("2027-02-28T10:00:00Z"))
                        .orElseThrow()
                        .plan())
                .isEqualTo(FREE);
        assertThat(another().subscriptions().history(begun.id()))
                .extracting(subscription -> subscription.phases().size())
                .containsExactly(1, 2, 3);
        assertThat(another().subscriptions().history(begun.id()).getFirst()).isEqualTo(begun);
        assertThatThrownBy(() -> home.execute("DELETE FROM book_subscription_revision"))
                .hasMessageContaining("final");
    }

    @Test
    void aTenantHasOneSubscriptionAtATime() {
        Subscription first = begin(STARTER);
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> begin(FREE));
        clock.advance(Duration.ofDays(1));
        books.subscriptions().cancelAtPeriodEnd(first.id());
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> begin(FREE));
        books.subscriptions().resume(first.id());
        books.subscriptions().cancelNow(first.id());
        clock.advance(Duration.ofSeconds(1));
        begin(FREE);
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(2);
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> books.subscriptions().begin("nobody", FREE));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> books.subscriptions().cancelNow("sub_0"));
        assertThat(books.subscriptions().find("a\0b")).isEmpty();
    }

    @Test
    void aPriceIsThePlansOrAgreedUpon() {
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> begin(ENTERPRISE));
        Subscriptions subscriptions = books.subscriptions();
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(
                        () -> subscriptions.begin("acme", STARTER, Optional.of(usd("1.00")), Optional.empty(), start));
        Money yen = new Money(5, Currency.getInstance("JPY"));
        assertThatExceptionOfType(WrongCurrency.class)
                .isThrownBy(() -> subscriptions.begin("acme", ENTERPRISE, Optional.of(yen), Optional.empty(), start));
        assertThat(subscriptions.ofTenant("acme")).isEmpty();
        Subscription begun =
                subscriptions.begin("acme", ENTERPRISE, Optional.of(usd("1234.56")), Optional.empty(), start);
        assertThat(books.invoices().issueDue(begun.id()))
                .extracting(Invoice::due)
                .containsExactly(usd("1234.56"));
    }

    @Test
    void whatIsInvoicedIsNotChangedAnyMore() {
        Subscription begun = begin(STARTER);
        clock.set(Instant.parse("2027-03-01T00:00:00Z"));
        assertThat(books.invoices().issueDue()).hasSize(2);
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(() -> books.subscriptions()
                        .change(begun.id(), PROFESSIONAL, Optional.empty(), Instant.parse("2027-02-20T00:00:00Z")))
                .withMessageContaining("invoiced");
        books.subscriptions().change(begun.id(), PROFESSIONAL, Optional.empty(), Instant.parse("2027-02-28T10:00:00Z"));
    }

    @Test
    void aRepeatedCommandDoesNothing() {
        Command command = new Command("c1", "d1");
        Subscription begun = books.under(command).subscriptions().begin("acme", STARTER);
        assertThat(another().under(command).subscriptions().begin("acme", STARTER))
                .isEqualTo(begun);
        assertThat(books.subscriptions().ofTenant("acme")).hasSize(1);
        Books other = books.under(new Command("c1", "d2"));
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> other.subscriptions().begin("acme", FREE));
        // What failed is not remembered: it may work another time.
        Command failing = new Command("c2", "d");
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(() -> books.under(failing).subscriptions().begin("acme", FREE));
        books.subscriptions().cancelNow(begun.id());
        clock.advance(Duration.ofMinutes(1));
        books.under(failing).subscriptions().begin("acme", FREE);
        books.forgetCommands(clock.instant().plusSeconds(1));
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(() -> books.under(command).subscriptions().begin("acme", STARTER));
    }

    @Test
    void ofTheSameCommandAtOnceOneIsDone() throws Exception {
        List<Books> replicas = List.of(books, another());
        List<Credit> granted = atOnce(
                12,
                i -> replicas.get(i % 2)
                        .under(new Command("same", "d"))
                        .credits()
                        .grant("acme", usd("5.00"), 1, Optional.empty(), Optional.empty(), ""));
        assertThat(granted).hasSize(12).containsOnly(granted.getFirst());
        assertThat(books.credits().ofTenant("acme")).hasSize(1);
    }

    private interface Step<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Step<T> step) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                futures.add(executor.submit(() -> step.run(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void numbersHaveNoGapsHoweverManyFinaliseAtOnce() throws Exception {
        int tenants = 12;
        List<Books> replicas = List.of(books, another(), another());
        List<String> drafts = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            books.tenants().register("t" + i, "T", ZoneId.of("UTC"));
            drafts.add(books.invoices()
                    .draft(books.subscriptions().begin("t" + i, STARTER).id())
                    .id());
        }
        // Everybody wants everything, and some of it is stopped in between: its subscription changes.
        List<Optional<Invoice>> results = atOnce(tenants * 4, i -> {
            Books replica = replicas.get(i % replicas.size());
            String id = drafts.get(i % tenants);
            if (i % 7 == 3) {
                replica.subscriptions().cancelAtPeriodEnd(id.substring(0, id.lastIndexOf('-')));
            }
            try {
                return Optional.of(replica.invoices().finalise(id));
            } catch (Conflict e) {
                return Optional.empty();
            }
        });
        List<String> numbers = results.stream()
                .flatMap(Optional::stream)
                .map(invoice -> invoice.number().orElseThrow())
                .distinct()
                .sorted()
                .toList();
        assertThat(numbers).isNotEmpty().isEqualTo(sequence("INV", numbers.size()));
        // What was stopped is made anew, and the numbers go on.
        assertThat(books.invoices().issueDue()).hasSize(tenants - numbers.size());
        List<String> all = IntStream.range(0, tenants)
                .mapToObj(i -> books.invoices().ofTenant("t" + i, null, 10))
                .flatMap(List::stream)
                .map(invoice -> invoice.number().orElseThrow())
                .sorted()
                .toList();
        assertThat(all).isEqualTo(sequence("INV", tenants));
    }

    @Test
    void severalReplicasIssueAtOnce() throws Exception {
        int tenants = 10;
        for (int i = 0; i < tenants; i++) {
            books.tenants().register("t" + i, "T", ZoneId.of("UTC"));
            books.subscriptions().begin("t" + i, METERED);
            usage.book("t" + i, "api_calls", 200, start.plusSeconds(1));
        }
        clock.set(Instant.parse("2027-05-01T00:00:00Z"));
        List<Books> replicas = List.of(books, another(), another());
        atOnce(6, i -> replicas.get(i % 3).invoices().issueDue());
        List<Invoice> all = IntStream.range(0, tenants)
                .mapToObj(i -> books.invoices().ofTenant("t" + i, null, 10))
                .flatMap(List::stream)
                .toList();
        // The first, and one for each of February, March and April.
        assertThat(all).hasSize(tenants * 4).allMatch(Invoice::isFinal);
        assertThat(all.stream().map(invoice -> invoice.number().orElseThrow()).sorted())
                .isEqualTo(sequence("INV", tenants * 4));
        assertThat(all.stream().mapToLong(invoice -> invoice.total().minor()).sum())
                .isEqualTo(tenants * (4 * 1_000L + 100));
    }

    @Test
    void oneThatCannotBeInvoicedKeepsNoOtherFromIt() {
        books.plans().publish(plan("""
                        {"id": "absurd", "version": 1, "name": "Absurd", "currency": "USD", "price": "1.00", "meters":
                         {"api_calls": {"included": 0, "overage": {"model": "flat", "rate": "99999999999999999.00"}}}}
                        """));
        Subscription absurd = begin(new PlanRef("absurd", 1));
        books.tenants().register("other", "T", ZoneId.of("UTC"));
        Subscription other = books.subscriptions().begin("other", STARTER);
        usage.book("acme", "api_calls", 1_000_000_000_000L, start.plusSeconds(1));
        clock.set(Instant.parse("2027-03-01T00:00:00Z"));
        books.invoices().issueDue();
        assertThat(books.invoices().ofTenant("other", null, 10)).hasSize(2).allMatch(Invoice::isFinal);
        assertThat(books.invoices().ofTenant("acme", null, 10)).hasSize(1);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> books.invoices().issueDue(absurd.id()));
        assertThat(other.id()).isNotEqualTo(absurd.id());
    }

    private static List<String> sequence(String series, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> String.format(Locale.ROOT, "%s-%06d", series, number))
                .toList();
    }

    @Test
    void aFinalInvoiceIsFinalAlsoInSql() {
        Subscription begun = begin(STARTER);
        Invoice draft = books.invoices().draft(begun.id());
        assertThat(draft.isFinal()).isFalse();
        assertThat(books.invoices().draft(begun.id())).isEqualTo(draft);
        Invoice invoice = books.invoices().finalise(draft.id());
        assertThat(invoice.number()).contains("INV-000001");
        clock.advance(Duration.ofDays(1));
        assertThat(another().invoices().finalise(draft.id())).isEqualTo(invoice);
        for (String sql : List.of(
                "UPDATE book_invoice SET due = 0",
                "UPDATE book_invoice SET number = NULL",
                "DELETE FROM book_invoice",
                "UPDATE book_invoice_line SET amount = 0",
                "DELETE FROM book_invoice_line",
                "INSERT INTO book_invoice_line (invoice, line, subscription, period_start, item, amount) VALUES ('"
                        + invoice.id() + "', 99, '" + begun.id() + "', 0, 'fee', -2900)")) {
            assertThatThrownBy(() -> home.execute(sql))
                    .as(sql)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("final");
        }
        assertThat(another().invoices().find(invoice.id())).contains(invoice);
    }

    @Test
    void aDraftOfAnotherTimeIsNotMadeFinal() {
        Subscription begun = begin(STARTER);
        Invoice draft = books.invoices().draft(begun.id());
        books.subscriptions().change(begun.id(), PROFESSIONAL, Optional.empty());
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> books.invoices().finalise(draft.id()));
        Invoice again =
                books.invoices().finalise(books.invoices().draft(begun.id()).id());
        assertThat(again.number()).contains("INV-000001");
        assertThat(again.total()).isEqualTo(usd("99.00"));
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> books.invoices().draft(begun.id()));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> books.invoices().finalise("inv"));
    }

    @Test
    void lateUsageIsAnAdjustmentOfTheNextInvoice() {
        Subscription begun = begin(METERED);
        usage.book("acme", "api_calls", 150, start.plusSeconds(100));
        clock.set(Instant.parse("2027-02-28T11:00:00Z"));
        List<Invoice> first = books.invoices().issueDue(begun.id());
        assertThat(first).extracting(Invoice::total).containsExactly(usd("10.00"), usd("10.50"));
        usage.book("acme", "api_calls", 30, start.plusSeconds(200));
        usage.book("acme", "api_calls", -20, start.plusSeconds(100));
        clock.set(Instant.parse("2027-03-31T10:00:00Z"));
        Invoice next = books.invoices().issueDue(begun.id()).getFirst();
        assertThat(next.total()).isEqualTo(usd("10.10"));
        assertThat(next.lines())
                .extracting(line -> line.kind() + " " + line.amount())
                .containsExactly("INVOICED -0.50 USD", "USAGE 0.60 USD", "FEE 10.00 USD");
        assertThat(first)
                .allSatisfy(invoice ->
                        assertThat(books.invoices().find(invoice.id())).contains(invoice));
    }

    @Test
    void theLastInvoiceComesAtTheEndAndLateUsageAfterIt() {
        Subscription begun = begin(METERED);
        assertThat(books.invoices().issueDue()).extracting(Invoice::total).containsExactly(usd("10.00"));
        clock.advance(Duration.ofDays(14));
        books.subscriptions().cancelNow(begun.id());
        clock.advance(Duration.ofHours(1));
        // Half of four weeks is used.
        assertThat(books.invoices().issueDue()).extracting(Invoice::total).containsExactly(usd("-5.00"));
        assertThat(books.invoices().balance("acme", USD)).isEqualTo(usd("5.00"));
        clock.set(Instant.parse("2027-04-01T00:00:00Z"));
        assertThat(books.invoices().issueDue()).isEmpty();
        usage.book("acme", "api_calls", 151, start.plusSeconds(100));
        Invoice late = books.invoices().issueDue().getFirst();
        // Half of the allowance: 101 more than 50.
        assertThat(late.total()).isEqualTo(usd("1.01"));
        assertThat(late.due()).isEqualTo(usd("0.00"));
        assertThat(books.invoices().balance("acme", USD)).isEqualTo(usd("3.99"));
        assertThat(books.invoices().rebuiltBalance("acme", USD)).isEqualTo(usd("3.99"));
    }

    @Test
    void badInputBooksNothing() {
        Credits credits = books.credits();
        assertThatExceptionOfType(InvalidAmount.class)
                .isThrownBy(() -> credits.grant("acme", usd("-1.00"), 0, Optional.empty(), Optional.empty(), ""));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> credits.grant("nobody", usd("1.00"), 0, Optional.empty(), Optional.empty(), ""));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> credits.grant("acme", usd("1.00"), 0, Optional.of(start), Optional.empty(), ""));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> credits.grant("acme", usd("1.00"), 0, Optional.empty(), Optional.empty(), "a\0b"));
        assertThat(credits.ofTenant("acme")).isEmpty();
        assertThat(credits.ofTenant("a\0b")).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> books.tenants().register("", "x", ZoneId.of("UTC")));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> books.tenants().register("half \ud800", "x", ZoneId.of("UTC")));
        assertThatExceptionOfType(UnknownPlan.class).isThrownBy(() -> begin(new PlanRef("gold", 1)));
        assertThat(books.tenants().list(null, 10)).extracting(Tenant::id).containsExactly("acme");
    }

    @Test
    void theFirstPeriodOfACalendarMonthIsAPartOfOne() {
        Subscription begun = books.subscriptions()
                .begin(
                        "acme",
                        STARTER,
                        Optional.empty(),
                        Optional.of(BillingCycle.calendarMonths(ZoneId.of("UTC"))),
                        Instant.parse("2027-01-31T00:00:00Z"));
        assertThat(books.invoices().issueDue(begun.id()))
                .extracting(Invoice::total)
                .containsExactly(usd("0.94"));
    }

    @Test
    void joinsATransactionOfSomebodyElse() throws Exception {
        Subscription begun = begin(STARTER);
        assertThat(home.isRolledBack(connection -> {
                    books.within(connection).subscriptions().pastDue(begun.id(), clock.instant());
                    throw new IllegalStateException("the webhook fails");
                }))
                .isTrue();
        assertThat(books.subscriptions().find(begun.id()).orElseThrow().pastDueSince())
                .isEmpty();
    }

    private List<String> audited(List<AdministrationAudit.Event> events) {
        List<String> lines = events.stream()
                .map(event -> event.administrator() + " " + event.action() + " " + event.target() + " "
                        + event.command() + " " + event.outcome())
                .toList();
        events.clear();
        return lines;
    }

    @Test
    void everyChangeIsTakenDownOnceAsThatOfWhoMadeIt() {
        List<AdministrationAudit.Event> events = new ArrayList<>();
        Books watched = home.books(setup -> setup.clock(clock).usage(usage).audit(events::add));
        Books hers = watched.by("ann");
        hers.tenants().register("beta", "Beta", ZoneId.of("UTC"));
        assertThat(audited(events))
                .containsExactly("ann Registering a tenant beta null BEGUN", "ann Registering a tenant beta null DONE");
        Command command = new Command("c1", "d1");
        for (int i = 0; i < 2; i++) {
            hers.under(command).subscriptions().begin("beta", STARTER);
            assertThat(audited(events))
                    .containsExactly(
                            "ann Beginning a subscription beta c1 BEGUN", "ann Beginning a subscription beta c1 DONE");
        }
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> watched.by("bob").credits().voided("cre_0"));
        assertThat(audited(events))
                .containsExactly("bob Voiding a credit cre_0 null BEGUN", "bob Voiding a credit cre_0 null FAILED");
        assertThatExceptionOfType(Conflict.class)
                .as("the same command for another change")
                .isThrownBy(() -> watched.under(command).by("bob").credits().voided("cre_0"));
        events.clear();
        Invoice issued = watched.invoices().issueDue().getFirst();
        assertThat(audited(events))
                .containsExactly(
                        "application Making an invoice final " + issued.id() + " null BEGUN",
                        "application Making an invoice final " + issued.id() + " null DONE");
        assertThat(watched.invoices().issueDue()).isEmpty();
        hers.subscriptions().find(issued.subscription());
        hers.unaudited().plans().publish(METERED_PLAN);
        hers.forgetCommands(clock.instant());
        assertThat(events)
                .as("nothing was changed, or somebody else takes it down")
                .isEmpty();
    }

    @Test
    void whatCannotBeTakenDownIsNotDone() {
        Books watched = home.books(setup -> setup.clock(clock).usage(usage).audit(event -> {
            if (event.outcome() == AdministrationAudit.Outcome.BEGUN
                    || event.administrator().equals("application")) {
                throw new IllegalStateException("The audit log is full");
            }
        }));
        assertThatThrownBy(() -> watched.by("ann").subscriptions().begin("acme", STARTER))
                .hasMessageContaining("full");
        assertThat(books.subscriptions().ofTenant("acme")).isEmpty();
    }

    @Test
    void aChangeThatIsAPartOfAnotherIsNotTakenDownByItself() {
        List<AdministrationAudit.Event> events = new ArrayList<>();
        Books watched = home.books(setup -> setup.clock(clock).usage(usage).audit(events::add));
        Subscription begun = begin(STARTER);
        assertThat(home.isRolledBack(connection -> {
                    watched.by("ann").within(connection).subscriptions().pastDue(begun.id(), clock.instant());
                    throw new IllegalStateException("no");
                }))
                .isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void manyCommandsAreForgottenAtOnce() throws Exception {
        StringBuilder rows = new StringBuilder("INSERT INTO book_command (id, digest, answer, done_at) VALUES ");
        for (int i = 0; i < 1_203; i++) {
            rows.append(i == 0 ? "" : ", ")
                    .append("('c")
                    .append(i)
                    .append("', 'd', '\"x\"', ")
                    .append(i)
                    .append(')');
        }
        home.execute(rows.toString());
        List<Books> replicas = List.of(books, another());
        atOnce(4, i -> {
            replicas.get(i % 2).forgetCommands(Instant.ofEpochMilli(1_200));
            return i;
        });
        home.execute("INSERT INTO book_command (id, digest, answer, done_at) VALUES ('c0', 'd', '', 0)");
        assertThatThrownBy(() -> home.execute("INSERT INTO book_command VALUES ('c1200', 'd', '', 0)"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void halfACharacterIsNotFoundAsAQuestionMark() {
        books.tenants().register("a?", "A", ZoneId.of("UTC"));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(
                        () -> books.credits().grant("a\ud800", usd("1.00"), 0, Optional.empty(), Optional.empty(), ""));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> books.subscriptions().begin("a\ud800", STARTER));
        assertThat(books.tenants().find("a\udc00")).isEmpty();
        assertThat(books.credits().ofTenant("a?")).isEmpty();
        assertThat(books.subscriptions().ofTenant("a?")).isEmpty();
    }

    @Test
    void timesThatNoClockHasMeantAreRefused() {
        Subscription begun = begin(STARTER);
        Subscriptions subscriptions = books.subscriptions();
        for (Instant at : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH.minusMillis(1))) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> subscriptions.change(begun.id(), PROFESSIONAL, Optional.empty(), at));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> subscriptions.cancelAt(begun.id(), at));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> subscriptions.trialUntil(begun.id(), at));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> subscriptions.pastDue(begun.id(), at));
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(
                            () -> books.credits().grant("acme", usd("1.00"), 0, Optional.of(at), Optional.empty(), ""));
        }
        assertThat(subscriptions.find(begun.id())).contains(begun);
        assertThat(books.credits().ofTenant("acme")).isEmpty();
    }

    @Test
    void aClockThatIsSetBackDropsNothingThatHasTakenEffect() {
        Subscription begun = begin(STARTER);
        Subscriptions subscriptions = books.subscriptions();
        clock.advance(Duration.ofDays(3));
        Instant upgrade = clock.instant();
        Subscription upgraded = subscriptions.change(begun.id(), PROFESSIONAL, Optional.empty());
        clock.advance(Duration.ofDays(-1));
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(() -> subscriptions.change(begun.id(), FREE, Optional.empty()))
                .withMessageContaining("last change");
        assertThatExceptionOfType(InvalidChange.class)
                .isThrownBy(() -> subscriptions.changeAtPeriodEnd(begun.id(), FREE, Optional.empty()));
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> subscriptions.cancelNow(begun.id()));
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> subscriptions.cancelAtPeriodEnd(begun.id()));
        assertThatExceptionOfType(InvalidChange.class).isThrownBy(() -> subscriptions.resume(begun.id()));
        assertThat(subscriptions.find(begun.id())).contains(upgraded);
        // Another replica, whose clock is a little behind.
        clock.set(upgrade.minusSeconds(3));
        subscriptions.changeAtPeriodEnd(begun.id(), FREE, Optional.empty());
        assertThat(subscriptions.find(begun.id()).orElseThrow().phases())
                .extracting(phase -> phase.plan())
                .containsExactly(STARTER, PROFESSIONAL, FREE);
        Subscription cancelled = subscriptions.cancelNow(begun.id());
        assertThat(cancelled.endsAt()).contains(upgrade);
        assertThat(cancelled.phases()).extracting(phase -> phase.plan()).containsExactly(STARTER, PROFESSIONAL);
    }
}
