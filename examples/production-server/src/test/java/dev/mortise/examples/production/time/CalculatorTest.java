package dev.mortise.examples.production.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.mcp.json.ArgumentBinder;
import dev.mortise.mcp.json.Bound;
import dev.mortise.mcp.json.Json;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CalculatorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.1 + 0.2 | 0.3",
                "2 + 3 * 4 | 14",
                "-2^2 | -4",
                "2^3^2 | 512",
                "(1 + 2) * -3 | -9",
                "10 % 4 | 2",
                "sum(100,200) | 300",
                "max(1, 2.5, -3) | 2.5",
                "round(2.345, 2) | 2.35",
                "factorial(20) | 2432902008176640000",
                "1_000 * 1.5e3 | 1500000",
                "sqrt(16) × 2 ÷ 4 | 2"
            })
    void exactly(String expression, String result) throws Exception {
        Calculator.Result found = Calculator.calculate(expression);
        assertThat(found.value()).isEqualByComparingTo(result);
        assertThat(found.exact()).isTrue();
    }

    @Test
    void quotientsAndRootsThatEndLoseNothing() throws Exception {
        String one = "1" + "0".repeat(59) + "1";
        for (String expression : new String[] {"(10^60 + 1) / 1", "sqrt((10^60 + 1)^2)", "avg(10^60 + 1)"}) {
            Calculator.Result found = Calculator.calculate(expression);
            assertThat(found.value()).as(expression).isEqualByComparingTo(one);
            assertThat(found.exact()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(1,000, 2)", "sum(1,000)", "max(2, 1,234)", "sum(12,050, 1)"})
    void aCommaThatLooksLikeOneOfThousandsIsRefused(String expression) {
        assertThatThrownBy(() -> Calculator.calculate(expression)).hasMessageContaining("does not group digits");
    }

    @Test
    void whatIsRoundedSaysSo() throws Exception {
        assertThat(Calculator.calculate("1 / 3").exact()).isFalse();
        assertThat(Calculator.calculate("sqrt(2)").exact()).isFalse();
        assertThat(Calculator.calculate("pi").exact()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9^9^9^9",
                "10^100000",
                "1e999 * 1e999 * 1e999",
                "factorial(100000)",
                "1 / 0",
                "5 % 0",
                "sqrt(-1)",
                "1 +",
                "1,234.5",
                "system(1)",
                "2 ^ 0.3",
                "0.000001^2000",
                ")"
            })
    void whatDoesNotWorkIsSaid(String expression) {
        assertThatThrownBy(() -> Calculator.calculate(expression)).isInstanceOf(CannotAnswer.class);
    }

    @Test
    void endlessOnesEnd() {
        assertThatThrownBy(() -> Calculator.calculate("(".repeat(2_000))).hasMessageContaining("deep");
        assertThatThrownBy(() -> Calculator.calculate("-".repeat(1_999) + "1")).hasMessageContaining("deep");
        assertThatThrownBy(() -> Calculator.calculate("2^".repeat(999) + "2")).isInstanceOf(CannotAnswer.class);
    }

    @ParameterizedTest
    @CsvSource({
        "1, mi, km, 1.609344",
        "100, °C, °F, 212",
        "-40, F, c, -40",
        "3, 尺, m, 1",
        "90, km/h, m/s, 25",
        "1, GiB, MB, 1073.741824",
        "0, K, °C, -273.15",
        "1, kWh, MJ, 3.6",
        "1, mile, kilometers, 1.609344",
        "3, Feet, yard, 1",
        "12, inches, foot, 1",
        "1, pound, oz, 16",
        "1, gallon, qt, 4",
        "1, gal_uk, UK pint, 8",
        "1, fluid ounce, tbsp, 2",
        "1, gallon, in3, 231",
        "1, acre, square yards, 4840",
        "1, ft³, cubic inches, 1728",
        "7000, grain, lb, 1",
        "144, psi, Pa, 992845.050216244",
        "1, short-ton, lb, 2000",
        "1, 英里, 公里, 1.609344",
        "212, degrees Fahrenheit, celsius, 100",
        "1, L, ml, 1000",
        "2, Min, s, 120"
    })
    void units(BigDecimal value, String from, String to, String result) throws Exception {
        assertThat(Units.convert(value, from, to)).isEqualByComparingTo(result);
    }

    @Test
    void everyNameIsOfOneUnit() throws Exception {
        Set<String> signs = new HashSet<>();
        for (Quantity quantity : Quantity.values()) {
            signs.addAll(quantity.units().keySet());
        }
        for (Map.Entry<String, List<String>> unit : UnitNames.all().entrySet()) {
            assertThat(signs).contains(unit.getKey());
            for (String name : unit.getValue()) {
                assertThat(Units.sign(name)).as(name).isEqualTo(unit.getKey());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-26.2", "1e29", "0.000000000000000000000000000001", "\"26.20\"", "\"+3\""})
    void aValueIsANumberOrItsText(String json) {
        assertThat(bound(json))
                .isInstanceOfSatisfying(
                        Bound.Value.class,
                        bound -> assertThat(((CalculationTools.Conversion) bound.value()).number())
                                .isEqualByComparingTo(json.replace("\"", "")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"1e9\"", "\"x\"", "\"\"", "true", "null", "[1]", "{}", "1e30", "1e-999999999", "1e999999999"})
    void otherValuesAreRefused(String json) {
        assertThat(bound(json))
                .isInstanceOfSatisfying(
                        Bound.Invalid.class,
                        bound -> assertThat(bound.violations().toString()).contains("value"));
    }

    private static Bound<CalculationTools.Conversion> bound(String value) {
        return ArgumentBinder.of(CalculationTools.Conversion.class, CalculationTools.Conversion.schema())
                .bind(Json.parse("{\"value\":" + value + ",\"from\":\"mi\",\"to\":\"km\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mW", "mJ", "Mm", "mPa", "ton", "b", "miless"})
    void whatCouldBeAnotherUnitIsNone(String name) {
        assertThatThrownBy(() -> Units.sign(name)).hasMessageContaining("no unit");
    }

    @Test
    void unitsThatDoNotFit() {
        assertThatThrownBy(() -> Units.convert(BigDecimal.ONE, "km", "kg")).hasMessageContaining("length");
        assertThatThrownBy(() -> Units.convert(BigDecimal.ONE, "b", "MB")).hasMessageContaining("no unit");
    }

    @Test
    void businessDays() {
        LocalDate friday = LocalDate.parse("2026-11-20");
        Set<LocalDate> holiday = Set.of(LocalDate.parse("2026-11-24"));
        assertThat(Calendar.businessDays(friday, friday.plusDays(7), holiday)).isEqualTo(4);
        assertThat(Calendar.businessDays(friday.plusDays(7), friday, holiday)).isEqualTo(-4);
        assertThat(Calendar.addBusinessDays(friday.atStartOfDay(), 2, holiday).toLocalDate())
                .isEqualTo(LocalDate.parse("2026-11-25"));
        assertThat(Calendar.businessDays(LocalDate.parse("1600-01-01"), LocalDate.parse("9999-12-31"), Set.of()))
                .isGreaterThan(2_000_000);
    }
}
