package dev.mortise.billing.paypal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds JSON against the schemas of PayPal's OpenAPI files, and takes no property that they do not name. */
final class OpenApi {
    private final JsonNode document;

    OpenApi(String file) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/paypal-openapi/" + file + ".json")) {
            document = new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is such an operation, and it knows this header or parameter. */
    boolean hasParameter(String path, String method, String name) {
        for (JsonNode parameter : document.path("paths").path(path).path(method).path("parameters")) {
            if (resolved(parameter).path("name").asString("").equals(name)) {
                return true;
            }
        }
        return false;
    }

    boolean has(String path, String method) {
        return document.path("paths").path(path).has(method);
    }

    List<String> request(String path, String method, JsonNode body) {
        return problems(content(document.path("paths").path(path).path(method).path("requestBody")), body);
    }

    List<String> response(String path, String method, int status, JsonNode body) {
        JsonNode responses = document.path("paths").path(path).path(method).path("responses");
        if (!responses.has(Integer.toString(status))) {
            return List.of("There is no response " + status + " to " + method + " " + path);
        }
        JsonNode response = resolved(responses.path(Integer.toString(status)));
        return response.has("content") ? problems(content(response), body) : List.of();
    }

    private JsonNode content(JsonNode of) {
        return resolved(of).path("content").path("application/json").path("schema");
    }

    private List<String> problems(JsonNode schema, JsonNode value) {
        List<String> problems = new ArrayList<>();
        check(schema, value, "", problems);
        return problems;
    }

    private JsonNode resolved(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            at = document.at(at.path("$ref").asString().substring(1));
        }
        return at;
    }

    /** The schema with all that it is made of. */
    private void flatten(JsonNode schema, List<JsonNode> parts) {
        JsonNode at = resolved(schema);
        parts.add(at);
        at.path("allOf").forEach(part -> flatten(part, parts));
    }

    private void check(JsonNode schema, JsonNode value, String path, List<String> problems) {
        List<JsonNode> parts = new ArrayList<>();
        flatten(schema, parts);
        for (JsonNode part : parts) {
            simple(part, value, path, problems);
        }
        if (value.isObject()) {
            object(parts, value, path, problems);
        }
        if (value.isArray()) {
            JsonNode items = parts.getFirst().path("items");
            value.forEach(element -> check(items, element, path + "[]", problems));
        }
    }

    private void object(List<JsonNode> parts, JsonNode value, String path, List<String> problems) {
        Map<String, JsonNode> known = new HashMap<>();
        Set<String> required = new HashSet<>();
        for (JsonNode part : parts) {
            part.path("properties").properties().forEach(one -> known.put(one.getKey(), one.getValue()));
            part.path("required").forEach(one -> required.add(one.asString()));
        }
        for (String name : required) {
            if (!value.has(name)) {
                problems.add(path + "/" + name + " is missing");
            }
        }
        value.properties().forEach(one -> {
            JsonNode of = known.get(one.getKey());
            if (of == null) {
                problems.add(path + "/" + one.getKey() + " is unknown");
            } else {
                check(of, one.getValue(), path + "/" + one.getKey(), problems);
            }
        });
    }

    private static void simple(JsonNode part, JsonNode value, String path, List<String> problems) {
        String type = part.path("type").asString("");
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            problems.add(path + " is no " + type);
            return;
        }
        if (value.isString()) {
            String text = value.asString();
            if (text.length() < part.path("minLength").asInt(0)
                    || text.length() > part.path("maxLength").asInt(Integer.MAX_VALUE)) {
                problems.add(path + " is too short or too long");
            }
            if (part.has("pattern")
                    && !java.util.regex.Pattern.compile(part.path("pattern").asString())
                            .matcher(text)
                            .find()) {
                problems.add(path + " is not of the pattern: " + text);
            }
            if (part.has("enum") && part.path("enum").valueStream().noneMatch(one -> one.equals(value))) {
                problems.add(path + " is none of the values: " + text);
            }
        }
        if (value.isIntegralNumber()
                && (value.asLong() < part.path("minimum").asLong(Long.MIN_VALUE)
                        || value.asLong() > part.path("maximum").asLong(Long.MAX_VALUE))) {
            problems.add(path + " is too small or too large");
        }
        if (value.isArray()
                && (value.size() < part.path("minItems").asInt(0)
                        || value.size() > part.path("maxItems").asInt(Integer.MAX_VALUE))) {
            problems.add(path + " has too few or too many elements");
        }
    }
}
