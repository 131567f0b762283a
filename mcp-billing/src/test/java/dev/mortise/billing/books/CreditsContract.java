package dev.mortise.billing.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.mortise.billing.credit.Credit;
import dev.mortise.billing.credit.CreditEntry;
import dev.mortise.billing.invoice.CreditNote;
import dev.mortise.billing.invoice.Invoice;
import dev.mortise.billing.money.InvalidAmount;
import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.billing.subscription.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for credits and credit notes in both databases. */
@Timeout(120)
abstract class CreditsContract extends BooksFixture {
    @Test
    void creditsAreUsedByPriorityThenExpiryThenAge() {
        Instant later = start.plus(Duration.ofDays(300));
        Credit young = grant("5.00", 1, Optional.of(later), Optional.empty());
        Credit last = grant("100.00", 2, Optional.empty(), Optional.empty());
        Credit second = grant("6.00", 1, Optional.of(later.minusSeconds(1)), Optional.empty());
        Credit first = grant("7.00", 0, Optional.empty(), Optional.empty());
        Credit younger = grant("5.00", 1, Optional.of(later), Optional.empty());
        Credit gone = grant("50.00", 0, Optional.empty(), Optional.empty());
        books.credits().voided(gone.id());
        Invoice invoice = books.invoices().issueDue(begin(STARTER).id()).getFirst();
        assertThat(invoice.credits())
                .containsExactly(
                        entry(first.id(), usd("7.00")),
                        entry(second.id(), usd("6.00")),
                        entry(young.id(), usd("5.00")),
                        entry(younger.id(), usd("5.00")),
                        entry(last.id(), usd("6.00")));
        assertThat(invoice.due()).isEqualTo(usd("0.00"));
        assertThat(books.credits().find(last.id()).orElseThrow().remaining()).isEqualTo(usd("94.00"));
        assertThat(books.credits().entries(last.id()))
                .extracting(CreditEntry::kind, CreditEntry::invoice)
                .containsExactly(tuple(CreditEntry.Kind.APPLIED, Optional.of(invoice.id())));
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> books.credits().voided(gone.id()));
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> books.credits().voided(first.id()));
        assertThatThrownBy(() -> home.execute("DELETE FROM book_credit_entry")).hasMessageContaining("final");
    }

    @Test
    void whatIsLeftRollsOverUpToItsCap() {
        Instant end = start.plus(Duration.ofDays(10)).plusMillis(1);
        Credit credit =
                grant("50.00", 0, Optional.of(end), Optional.of(new Credit.Rollover(2, Optional.of(usd("20.00")))));
        // 10 days, and 10 more, and 10 more: on day 25 it has rolled over twice.
        clock.set(start.plus(Duration.ofDays(25)));
        Invoice invoice = books.invoices().issueDue(begin(METERED).id()).getFirst();
        assertThat(invoice.credits()).containsExactly(entry(credit.id() + "++", usd("10.00")));
        assertThat(books.credits().entries(credit.id()))
                .extracting(entry -> entry.kind() + " " + entry.amount())
                .containsExactly("ROLLED_OVER 20.00 USD", "EXPIRED 30.00 USD");
        assertThat(books.credits().ofTenant("acme"))
                .extracting(one -> one.remaining().toString())
                .containsExactlyInAnyOrder("0.00 USD", "0.00 USD", "10.00 USD");
        // On day 31 the last of it is gone.
        clock.set(start.plus(Duration.ofDays(31)));
        books.subscriptions().cancelNow(invoice.subscription());
        clock.advance(Duration.ofDays(1));
        books.invoices().issueDue();
        assertThat(books.credits().entries(credit.id() + "++"))
                .extracting(entry -> entry.kind() + " " + entry.amount())
                .containsExactly("APPLIED 10.00 USD", "EXPIRED 10.00 USD");
    }

    @Test
    void creditNotesAreNeverMoreThanTheInvoice() {
        Subscription begun = begin(STARTER);
        Invoice draft = books.invoices().draft(begun.id());
        Invoices invoices = books.invoices();
        CreditNote.Payout balance = CreditNote.Payout.BALANCE;
        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> invoices.creditNote(draft.id(), usd("1.00"), balance, ""));
        String id = invoices.finalise(draft.id()).id();
        assertThat(invoices.creditNote(id, usd("20.00"), balance, "Outage").number())
                .isEqualTo("CN-000001");
        assertThatExceptionOfType(Conflict.class).isThrownBy(() -> invoices.creditNote(id, usd("9.01"), balance, ""));
        assertThatExceptionOfType(InvalidAmount.class)
                .isThrownBy(() -> invoices.creditNote(id, usd("-1.00"), balance, ""));
        assertThatExceptionOfType(InvalidAmount.class)
                .isThrownBy(() -> invoices.creditNote(id, usd("0.00"), balance, ""));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> invoices.creditNote(id, new Money(Long.MAX_VALUE, USD), balance, ""));
        assertThatExceptionOfType(WrongCurrency.class)
                .isThrownBy(() -> invoices.creditNote(id, new Money(1, Currency.getInstance("EUR")), balance, ""));
        assertThatExceptionOfType(NotThere.class)
                .isThrownBy(() -> invoices.creditNote("none", usd("1.00"), balance, ""));
        assertThat(invoices.creditNote(id, usd("9.00"), CreditNote.Payout.REFUND, "")
                        .number())
                .isEqualTo("CN-000002");
        assertThat(invoices.balance("acme", USD)).isEqualTo(usd("20.00"));
        assertThat(invoices.creditNotes(id)).extracting(CreditNote::number).containsExactly("CN-000001", "CN-000002");
        clock.set(Instant.parse("2027-03-01T00:00:00Z"));
        Invoice next = invoices.issueDue(begun.id()).getFirst();
        assertThat(next.balanceApplied()).isEqualTo(usd("20.00"));
        assertThat(next.due()).isEqualTo(usd("9.00"));
        assertThatThrownBy(() -> home.execute("UPDATE book_credit_note SET amount = 1"))
                .hasMessageContaining("final");
    }
}
