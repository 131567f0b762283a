package dev.mortise.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final Period MARCH =
            new Period(Instant.parse("2027-02-28T23:00:00Z"), Instant.parse("2027-03-31T22:00:00Z"));
    private static final Period APRIL =
            new Period(Instant.parse("2027-03-31T22:00:00Z"), Instant.parse("2027-04-30T22:00:00Z"));
    private static final PlanRef STARTER = new PlanRef("starter", 1);
    private static final PlanRef GOLD = new PlanRef("gold", 2);

    private static Money usd(String amount) {
        return Money.of(amount, USD);
    }

    private static InvoiceLine fee(Period period, Period service, PlanRef plan, String amount) {
        return new InvoiceLine(
                InvoiceLine.Kind.FEE, "fee", period, service, Optional.of(plan), Optional.empty(), usd(amount));
    }

    private static Invoice invoice() {
        Instant change = Instant.parse("2027-03-11T09:30:00Z");
        List<InvoiceLine> lines = List.of(
                new InvoiceLine(
                        InvoiceLine.Kind.INVOICED,
                        "fee",
                        MARCH,
                        MARCH,
                        Optional.empty(),
                        Optional.empty(),
                        usd("-29.00")),
                fee(MARCH, new Period(MARCH.start(), change), STARTER, "9.78"),
                fee(MARCH, new Period(change, MARCH.end()), GOLD, "33.13"),
                new InvoiceLine(
                        InvoiceLine.Kind.USAGE,
                        "usage:api_calls:gold@2",
                        MARCH,
                        new Period(change, MARCH.end()),
                        Optional.of(GOLD),
                        Optional.of(new InvoiceLine.Usage(
                                "api_calls",
                                new BigDecimal("12345"),
                                Optional.of(new BigDecimal("6625")),
                                new BigDecimal("5720"),
                                "0.002 USD")),
                        usd("11.44")),
                new InvoiceLine(
                        InvoiceLine.Kind.INVOICED,
                        "usage:storage:starter@1",
                        MARCH,
                        MARCH,
                        Optional.empty(),
                        Optional.empty(),
                        usd("-0.35")),
                fee(APRIL, APRIL, GOLD, "50.00"));
        Invoice draft = new Invoice(
                "sub_1-00002",
                "acme",
                "sub_1",
                2,
                Optional.of(MARCH),
                Optional.of(APRIL),
                Optional.empty(),
                Optional.empty(),
                lines,
                usd("75.00"),
                usd("0.00"),
                Map.of(),
                usd("75.00"),
                Map.of("api_calls", 7L),
                3,
                List.of(
                        Json.parse("{\"id\": \"starter\", \"version\": 1, \"name\": \"STARTER\"}"),
                        Json.parse("{\"id\": \"gold\", \"version\": 2, \"name\": \"=Gold <b>&\\\"plus\\\"\"}")));
        return draft.issued(
                "INV-000042", Instant.parse("2027-03-31T23:00:01Z"), usd("1.25"), Map.of("cre_1", usd("20.00")));
    }

    static Statement statement(String language) {
        CreditNote note = new CreditNote(
                "cn_1",
                "CN-000007",
                "acme",
                "sub_1-00002",
                usd("5.00"),
                CreditNote.Payout.BALANCE,
                "An outage, on \"Friday\"",
                Instant.parse("2027-04-02T08:00:00Z"));
        return new Statement(
                invoice(),
                List.of(note),
                "Mortise <Ltd.>",
                "Acme & 有限公司",
                ZoneId.of("Europe/Berlin"),
                Locale.forLanguageTag(language));
    }

    /** To see what changed after a change: the files beside this class are what it must be. */
    @ParameterizedTest
    @CsvSource({"en,html", "en,csv", "zh,html", "zh,csv", "zh-CN,html"})
    void isWhatItWas(String language, String format) throws IOException {
        String made = format.equals("html")
                ? statement(language).html()
                : statement(language).csv();
        String golden = "statement-" + language.substring(0, 2) + "." + format;
        try (InputStream in = Objects.requireNonNull(StatementTest.class.getResourceAsStream(golden), golden)) {
            assertThat(made.replace("\r\n", "␍␊\n"))
                    .isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
        }
    }

    @Test
    void nothingOfATenantIsMarkup() {
        String page = statement("en").html();
        assertThat(page).contains("Acme &amp; 有限公司").contains("=Gold &lt;b&gt;&amp;&quot;plus&quot;");
        assertThat(page).doesNotContain("<b>").doesNotContain("<Ltd.>").doesNotContain("<script");
    }

    @Test
    void nothingOfATenantIsAFormula() {
        Invoice invoice = invoice();
        CreditNote note = new CreditNote(
                "c", "CN-1", "acme", "i", usd("1.00"), CreditNote.Payout.REFUND, "=HYPERLINK(\"x\")", Instant.EPOCH);
        String csv = new Statement(invoice, List.of(note), "M", "A", ZoneId.of("UTC"), Locale.ENGLISH).csv();
        assertThat(csv).contains("\"'=HYPERLINK(\"\"x\"\")\"").contains(",-1.00 USD\r\n");
    }

    @Test
    void bothLanguagesHaveAllWords() {
        assertThat(Statement.keys("statement_zh")).isEqualTo(Statement.keys("statement"));
    }

    @Test
    void whatIsNegativeIsKept() {
        Invoice invoice = invoice();
        Invoice negative = new Invoice(
                invoice.id(),
                "acme",
                "sub_1",
                3,
                Optional.of(APRIL),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                usd("-7.00"),
                usd("0.00"),
                Map.of(),
                usd("0.00"),
                Map.of(),
                3,
                List.of());
        String page = new Statement(negative, List.of(), "M", "A", ZoneId.of("UTC"), Locale.ENGLISH).html();
        assertThat(page)
                .contains("Draft, not an invoice")
                .contains("Kept as balance")
                .contains("7.00 USD");
    }
}
