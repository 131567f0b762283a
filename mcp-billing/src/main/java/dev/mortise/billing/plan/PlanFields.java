package dev.mortise.billing.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The members of a JSON object, each read as what it must be, and none that nobody knows. */
final class PlanFields {
    private static final int MOST = 1_000;

    private final JsonNode node;

    PlanFields(JsonNode node, Set<String> known) {
        if (!node.isObject()) {
            throw new InvalidPlan("it", "is a JSON object");
        }
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new InvalidPlan(name.length() > 80 ? name.substring(0, 80) + "…" : name, "is not known here");
            }
        }
        this.node = node;
    }

    /** Puts the place where something is read before what is wrong with it. */
    static <T> T within(String path, Supplier<T> read) {
        try {
            return read.get();
        } catch (InvalidPlan e) {
            String what = String.valueOf(e.getMessage()).substring(e.path().length() + 1);
            String joined = e.path().equals("it") ? path : path + "." + e.path();
            throw new InvalidPlan(joined, what);
        }
    }

    private @Nullable JsonNode get(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    Optional<JsonNode> node(String name) {
        return Optional.ofNullable(get(name));
    }

    String text(String name) {
        return textOr(name).orElseThrow(() -> new InvalidPlan(name, "is missing"));
    }

    Optional<String> textOr(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new InvalidPlan(name, "is a string");
        }
        return Optional.of(value.stringValue());
    }

    OptionalLong number(String name) {
        JsonNode value = get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(whole(name, value));
    }

    private static long whole(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new InvalidPlan(name, "is a whole number, 0 or more, and below 2^63");
        }
        return value.longValue();
    }

    int integer(String name, int otherwise) {
        return small(name, number(name).orElse(otherwise));
    }

    private static int small(String name, long number) {
        if (number > Integer.MAX_VALUE) {
            throw new InvalidPlan(name, "is below 2^31, not " + number);
        }
        return (int) number;
    }

    long per(long otherwise) {
        long per = number("per").orElse(otherwise);
        if (per < 1) {
            throw new InvalidPlan("per", "is at least 1");
        }
        return per;
    }

    /** A member that would be ignored beside another one. */
    void refuse(String unwanted, String wanted) {
        if (get(unwanted) != null) {
            throw new InvalidPlan(unwanted, "is not for this model, which has " + wanted);
        }
    }

    List<JsonNode> nodes(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > MOST) {
            throw new InvalidPlan(name, "is an array of at most " + MOST);
        }
        return new ArrayList<>(value.values());
    }

    List<String> texts(String name) {
        return nodes(name).stream()
                .map(value -> {
                    if (!value.isString()) {
                        throw new InvalidPlan(name, "is an array of strings");
                    }
                    return value.stringValue();
                })
                .toList();
    }

    Optional<List<Integer>> integers(String name) {
        return node(name)
                .map(there -> nodes(name).stream()
                        .map(value -> small(name, whole(name, value)))
                        .toList());
    }

    Map<String, JsonNode> object(String name) {
        JsonNode value = get(name);
        Map<String, JsonNode> members = new LinkedHashMap<>();
        if (value == null) {
            return members;
        }
        if (!value.isObject() || value.size() > MOST) {
            throw new InvalidPlan(name, "is an object of at most " + MOST);
        }
        value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
