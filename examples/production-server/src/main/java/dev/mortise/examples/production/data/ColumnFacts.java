package dev.mortise.examples.production.data;

import dev.mortise.mcp.json.Description;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is in a column. */
record ColumnFacts(
        String name,
        ColumnType type,
        @Description("Rows in which it is empty") int empty,
        @Description("How many different values there are") int distinct,

        @Description("The least, by number or in the order of texts") @Nullable
        String min,

        @Nullable String max,
        @Description("Of numbers") @Nullable String mean,
        @Description("Of numbers") @Nullable String median,
        @Description("The values that come most often") List<Frequent> frequent) {
    private static final int SHOWN = 5;
    private static final int LONGEST = 200;

    record Frequent(String value, int count) {}

    static ColumnFacts of(String name, List<String> values) {
        ColumnType type = ColumnType.of(values);
        List<String> present = values.stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
        Map<String, Integer> counts = new LinkedHashMap<>();
        present.forEach(value -> counts.merge(value, 1, Integer::sum));
        List<BigDecimal> numbers = type.isNumeric()
                ? present.stream().map(BigDecimal::new).sorted().toList()
                : List.of();
        List<Frequent> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(SHOWN)
                .map(entry -> new Frequent(cut(entry.getKey()), entry.getValue()))
                .toList();
        boolean none = present.isEmpty();
        boolean numeric = !numbers.isEmpty();
        return new ColumnFacts(
                name,
                type,
                values.size() - present.size(),
                counts.size(),
                none ? null : numeric ? shown(numbers.getFirst()) : cut(Collections.min(present)),
                none ? null : numeric ? shown(numbers.getLast()) : cut(Collections.max(present)),
                numeric ? mean(numbers) : null,
                numeric ? median(numbers) : null,
                frequent);
    }

    private static String mean(List<BigDecimal> numbers) {
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return shown(sum.divide(BigDecimal.valueOf(numbers.size()), MathContext.DECIMAL64));
    }

    private static String median(List<BigDecimal> sorted) {
        int middle = sorted.size() / 2;
        BigDecimal upper = sorted.get(middle);
        if (sorted.size() % 2 == 1) {
            return shown(upper);
        }
        return shown(upper.add(sorted.get(middle - 1)).divide(BigDecimal.TWO, MathContext.DECIMAL64));
    }

    private static String shown(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return Math.abs(plain.scale()) > 50 ? plain.toString() : plain.toPlainString();
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
    }
}
