package dev.mortise.examples.production.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.examples.production.tool.CannotAnswer;
import java.math.BigDecimal;
import java.time.LocalDate;
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
        "1, kWh, MJ, 3.6"
    })
    void units(BigDecimal value, String from, String to, String result) throws Exception {
        assertThat(Units.convert(value, from, to)).isEqualByComparingTo(result);
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
