package dev.mortise.billing.stripe;

import com.google.gson.annotations.SerializedName;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Forms as Stripe reads them, held against the names and types of the SDK's own classes. */
final class StripeParams {
    private StripeParams() {}

    /** {@code items[0][price]=x} as nested maps; the indices of lists are keys. */
    static Map<String, Object> parse(String form) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (String pair : form.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
            String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            put(root, List.of(name.replace("]", "").split("\\[")), value);
        }
        return root;
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> map, List<String> path, String value) {
        Map<String, Object> at = map;
        for (String part : path.subList(0, path.size() - 1)) {
            at = (Map<String, Object>) at.computeIfAbsent(part, key -> new LinkedHashMap<String, Object>());
        }
        at.put(path.getLast(), value);
    }

    /** What is wrong with parameters: names that do not exist, values of another type. */
    static List<String> problems(Class<?> params, Map<String, Object> values) {
        List<String> problems = new ArrayList<>();
        check(params, values, "", problems);
        return problems;
    }

    private static void check(Class<?> params, Map<?, ?> values, String path, List<String> problems) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Field field : params.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null && !field.getName().equals("extraParams")) {
                fields.put(name.value(), field);
            }
        }
        values.forEach((name, value) -> {
            Field field = fields.get(String.valueOf(name));
            if (field == null) {
                problems.add("Received unknown parameter: " + path + name);
            } else {
                value(field.getGenericType(), value, path + name + '.', problems);
            }
        });
    }

    private static void value(Type type, Object value, String path, List<String> problems) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            if (value instanceof Map<?, ?> elements) {
                elements.values()
                        .forEach(element -> value(generic.getActualTypeArguments()[0], element, path, problems));
            } else {
                problems.add("Invalid array: " + path);
            }
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            if (!(value instanceof Map<?, ?>)) {
                problems.add("Invalid hash: " + path);
            }
        } else if (type instanceof Class<?> kind && kind.getName().startsWith("com.stripe") && !kind.isEnum()) {
            if (value instanceof Map<?, ?> fields) {
                check(kind, fields, path, problems);
            } else {
                problems.add("Invalid object: " + path);
            }
        } else if (type != Object.class && !scalar(type, value)) {
            problems.add("Invalid value: " + path + value);
        }
    }

    private static boolean scalar(Type type, Object value) {
        if (!(value instanceof String text)) {
            return false;
        }
        if (type == Long.class) {
            return text.matches("-?[0-9]{1,18}");
        }
        if (type == Boolean.class) {
            return text.equals("true") || text.equals("false");
        }
        if (type instanceof Class<?> kind && kind.isEnum()) {
            for (Field constant : kind.getDeclaredFields()) {
                SerializedName name = constant.getAnnotation(SerializedName.class);
                if (name != null && name.value().equals(text)) {
                    return true;
                }
            }
            return false;
        }
        return true;
    }
}
