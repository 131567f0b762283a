package dev.mortise.mcp.json;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The formats that a generated schema promises and Mortise therefore checks. */
final class Formats {
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,255}");

    static final List<Format> CHECKED = List.of(
            format("date", parsed(LocalDate::parse)),
            format("date-time", parsed(OffsetDateTime::parse)),
            format("duration", parsed(Duration::parse)),
            format(
                    "uuid",
                    text -> text.length() == 36 && parsed(UUID::fromString).test(text)),
            format("uri", Formats::isAbsolute),
            format("email", text -> EMAIL.matcher(text).matches()));

    private Formats() {}

    static boolean isChecked(String name) {
        return CHECKED.stream().anyMatch(format -> format.getName().equals(name));
    }

    static String names() {
        return CHECKED.stream().map(Format::getName).collect(Collectors.joining(", "));
    }

    private static boolean isAbsolute(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static Predicate<String> parsed(Function<String, ?> parser) {
        return text -> {
            try {
                return parser.apply(text) != null;
            } catch (DateTimeException | IllegalArgumentException e) {
                return false;
            }
        };
    }

    private static Format format(String name, Predicate<String> test) {
        return new Format() {
            @Override
            public String getName() {
                return name;
            }

            @Override
            public boolean matches(ExecutionContext context, String value) {
                return test.test(value);
            }
        };
    }
}
