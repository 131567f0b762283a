package dev.mortise.billing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.billing.books.PublishedPlans;
import dev.mortise.billing.meter.Meters;
import dev.mortise.billing.money.WrongCurrency;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanJsonTest {
    private static final String GOOD = """
            {"id": "gold", "version": 3, "name": "Gold", "currency": "EUR", "price": "19.90", "months": 12,
             "meters": {
               "api_calls": {"included": 100, "hardLimit": 500, "thresholds": [50, 90],
                             "overage": {"model": "tiered", "per": 10,
                                         "tiers": [{"upTo": 100, "rate": "0.000000000001"}, {"rate": "0.5"}]}},
               "storage": {"measure": "average", "included": 5,
                           "overage": {"model": "package", "rate": "1.25", "per": 1000}},
               "seats": {"measure": "peak", "included": 0, "overage": {"model": "volume", "tiers": [{"rate": "2"}]}},
               "ai_operations": {"included": 7, "overage": {"model": "flat", "rate": "0.01"}},
               "open": {}
             },
             "features": ["b", "a"], "trialDays": 30, "graceDays": 5}
            """;

    private static Plan read(String json) {
        return PlanJson.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isReadBackAsItWas() {
        Plan plan = read(GOOD);
        assertThat(read(PlanJson.write(plan).toString())).isEqualTo(plan);
        assertThat(plan.ref()).hasToString("gold@3").isEqualTo(PlanRef.parse("gold@3"));
        assertThat(plan.features()).containsExactly("a", "b");
        assertThat(plan.meters().get("open").included()).isEmpty();
        assertThat(plan.meters().get("api_calls").thresholds()).containsExactly(50, 90);
        assertThat(plan.meters().get("storage").thresholds()).containsExactly(80, 100);
    }

    @Test
    void theFourTiersAreReady() {
        assertThat(Plans.STANDARD)
                .extracting(
                        Plan::name, plan -> plan.price().map(Object::toString).orElse("custom"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("FREE", "0.00 USD"),
                        org.assertj.core.groups.Tuple.tuple("STARTER", "29.00 USD"),
                        org.assertj.core.groups.Tuple.tuple("PROFESSIONAL", "99.00 USD"),
                        org.assertj.core.groups.Tuple.tuple("ENTERPRISE", "custom"));
        assertThat(included("api_calls")).containsExactly(1_000L, 10_000L, 100_000L, -1L);
        assertThat(included("storage")).containsExactly(100_000_000L, 1_000_000_000L, 10_000_000_000L, -1L);
        assertThat(included("ai_operations")).containsExactly(500L, 5_000L, 50_000L, -1L);
        // Without a price for more, what is included is where it ends.
        assertThat(Plans.STANDARD.getFirst().meters().get("api_calls").hardLimit())
                .isEqualTo(OptionalLong.of(1_000));
        Plans.STANDARD.forEach(plan -> PublishedPlans.requireMeters(plan, Meters.standard()));
    }

    private static List<Long> included(String meter) {
        return Plans.STANDARD.stream()
                .map(plan -> plan.meters().get(meter).included().orElse(-1))
                .toList();
    }

    /** What is put in place of what, and where the error says it stands. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "gold"                 | "Gold"              | id
                    "gold"                 | 5                   | id
                    "version": 3           | "version": 0        | version
                    "version": 3           | "version": 1.5      | version
                    "version": 3           | "version": "3"      | version
                    "version": 3           | "version": 4294967297 | version
                    "name": "Gold"         | "name": ""          | name
                    "name": "Gold"         | "nam": "Gold"       | nam
                    "EUR"                  | "EURO"              | currency
                    "EUR"                  | "XAU"               | currency
                    "19.90"                | "19.901"            | price
                    "19.90"                | "-1.00"             | price
                    "19.90"                | 19.90               | price
                    "19.90"                | "NaN"               | price
                    "months": 12           | "months": 0         | months
                    "months": 12           | "months": 121       | months
                    "trialDays": 30        | "trialDays": 731    | trialDays
                    "graceDays": 5         | "graceDays": -5     | graceDays
                    ["b", "a"]             | ["b", 1]            | features
                    ["b", "a"]             | ["B"]               | features
                    "included": 100        | "included": -1      | meters.api_calls.included
                    "included": 100        | "included": 9223372036854775808 | meters.api_calls.included
                    "hardLimit": 500       | "hardLimit": 99     | meters.api_calls.hardLimit
                    [50, 90]               | [90, 50]            | meters.api_calls.thresholds
                    [50, 90]               | [0]                 | meters.api_calls.thresholds
                    "tiered"               | "tired"             | meters.api_calls.overage.model
                    "upTo": 100            | "upTo": 0           | meters.api_calls.overage.tiers[0].upTo
                    {"rate": "0.5"}        | {"rate": "0.5", "upTo": 200} | meters.api_calls.overage.tiers[1].upTo
                    "0.000000000001"       | "0.0000000000001"   | meters.api_calls.overage.tiers[0].rate
                    "0.000000000001"       | "-0.1"              | meters.api_calls.overage.tiers[0].rate
                    "per": 10,             | "per": 0,           | meters.api_calls.overage.per
                    "package", "rate": "1.25" | "package", "rate": "1.25", "tiers": [] | meters.storage.overage.tiers
                    "model": "volume",     | "model": "volume", "rate": "1", | meters.seats.overage.rate
                    "average"              | "mean"              | meters.storage.measure
                    "1.25"                 | "1e2"               | meters.storage.overage.rate
                    "open": {}             | "open": {"hardLimit": 5} | meters.open.included
                    "open": {}             | "Open": {}          | meters.Open
                    "open": {}             | "open": []          | meters.open
                    "flat", "rate": "0.01" | "flat"              | meters.ai_operations.overage.rate
                    """)
    void aWrongValueNamesItself(String what, String by, String path) {
        assertThat(GOOD).contains(what);
        assertThatExceptionOfType(InvalidPlan.class)
                .isThrownBy(() -> read(GOOD.replace(what, by)))
                .satisfies(e -> assertThat(e.path()).isEqualTo(path))
                .withMessageStartingWith(path);
    }

    @Test
    void whatIsNoPlanAtAll() {
        for (String wrong : List.of("", "[]", "null", "{", "{}", "{\"id\":\"a\",\"id\":\"b\"}", "5")) {
            assertThatExceptionOfType(InvalidPlan.class).as(wrong).isThrownBy(() -> read(wrong));
        }
        byte[] list = ("[" + GOOD + "," + GOOD.replace("\"EUR\"", "\"E\"") + "]").getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(InvalidPlan.class)
                .isThrownBy(() -> PlanJson.readAll(list))
                .withMessageStartingWith("[1].currency");
    }

    @Test
    void namesOnlyMetersThatThereAre() {
        assertThatExceptionOfType(InvalidPlan.class)
                .isThrownBy(() -> PublishedPlans.requireMeters(read(GOOD), Meters.standard()))
                .withMessageStartingWith("meters.open ");
    }

    @Test
    void aPriceHasTheCurrencyOfThePlan() {
        Plan plan = read(GOOD);
        Plan yen = read(GOOD.replace("EUR", "JPY").replace("19.90", "1990"));
        assertThatExceptionOfType(InvalidPlan.class)
                .isThrownBy(() -> new Plan(
                        plan.ref(), "x", plan.currency(), yen.price(), 1, plan.meters(), plan.features(), 0, 0));
        assertThatExceptionOfType(WrongCurrency.class)
                .isThrownBy(() -> new Plan(
                        plan.ref(), "x", plan.currency(), plan.price(), 1, yen.meters(), plan.features(), 0, 0));
    }
}
