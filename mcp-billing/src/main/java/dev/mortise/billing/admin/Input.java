package dev.mortise.billing.admin;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.mcp.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Members of what was sent, read as what they should be. Each failure names the member. */
record Input(JsonNode node) {
    private static final int MOST_PAIRS = 50;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    static final class Invalid extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    Input {
        if (!node.isObject()) {
            throw new Invalid("The body must be one JSON object");
        }
    }

    static Input ofBody(byte[] body) {
        try {
            return new Input(Json.read(body));
        } catch (Json.InvalidJson e) {
            throw new Invalid("The body must be one JSON object: " + e.reason());
        }
    }

    static Input ofQuery(String query) {
        Map<String, String> values = new HashMap<>();
        for (String pair : query.split("&", MOST_PAIRS)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    values.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                } catch (IllegalArgumentException e) {
                    throw new Invalid("The query is not encoded as a form");
                }
            }
        }
        return new Input(Json.tree(values));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** What it is about. */
    @Nullable
    String target() {
        for (String name : new String[] {"id", "subscription", "invoice", "tenant"}) {
            JsonNode value = node.get(name);
            if (value != null && value.isString()) {
                String text = value.stringValue();
                return text.length() > 128 ? text.substring(0, 128) : text;
            }
        }
        return null;
    }

    Optional<String> textOr(String name) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().indexOf(0) >= 0) {
            throw new Invalid(name + " must be a text");
        }
        return Optional.of(value.stringValue());
    }

    String text(String name) {
        return textOr(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new Invalid(name + " must be a text that is not empty"));
    }

    int number(String name, int least, int most, int otherwise) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        String text = value.isString() ? value.stringValue() : value.toString();
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Invalid(name + " must be a whole number from " + least + " to " + most);
    }

    Optional<Instant> instantOr(String name) {
        return textOr(name).map(text -> {
            try {
                Instant instant = Instant.parse(text);
                if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(LATEST)) {
                    return instant;
                }
            } catch (DateTimeException e) {
                // Said below.
            }
            throw new Invalid(name + " must be an instant such as 2027-01-31T00:00:00Z, from 1970 to 9999");
        });
    }

    ZoneId zone(String name) {
        try {
            return ZoneId.of(text(name));
        } catch (DateTimeException e) {
            throw new Invalid(name + " must be a time zone such as Europe/Berlin");
        }
    }

    PlanRef plan(String name) {
        return PlanRef.parse(text(name));
    }

    /** Amounts are texts, with the currency beside them. */
    Optional<Money> moneyOr(String name) {
        return textOr(name).map(text -> Money.of(text, currency()));
    }

    Money money(String name) {
        return moneyOr(name).orElseThrow(() -> new Invalid(name + " must be an amount, as a text such as \"29.00\""));
    }

    private Currency currency() {
        try {
            return Currency.getInstance(text("currency"));
        } catch (IllegalArgumentException e) {
            throw new Invalid("currency must be a code of ISO 4217 such as USD");
        }
    }

    <E extends Enum<E>> E constant(Class<E> type, String name, E otherwise) {
        Optional<String> text = textOr(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name()
                    .toLowerCase(java.util.Locale.ROOT)
                    .replace('_', '-')
                    .equals(text.get())) {
                return constant;
            }
        }
        throw new Invalid(name + " must be one of "
                + java.util.Arrays.toString(type.getEnumConstants())
                        .toLowerCase(java.util.Locale.ROOT)
                        .replace('_', '-'));
    }
}
