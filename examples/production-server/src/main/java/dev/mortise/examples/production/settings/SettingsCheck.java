package dev.mortise.examples.production.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/** What is wrong with values, each by itself and all together. Messages name a setting, and never repeat a secret. */
final class SettingsCheck {
    private static final int SECRET = 32;
    private static final int TOKEN = 16;
    private static final Set<String> LEVELS = Set.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
    private static final Set<String> FORMATS = Set.of("TEXT", "ECS");
    private static final Set<String> FLAGS = Set.of("true", "false");
    private static final Set<String> LANGUAGES = Set.of("en", "zh");
    private static final int MOST_DIMENSIONS = 4_096;
    private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "::1");

    private SettingsCheck() {}

    static List<String> problems(Map<Setting, String> values) {
        List<String> problems = new ArrayList<>();
        values.forEach((setting, value) -> {
            String problem = value.isEmpty() ? null : problem(setting, value);
            if (problem != null) {
                problems.add(setting + " " + problem);
            }
        });
        together(values, problems);
        return problems;
    }

    private static @Nullable String problem(Setting setting, String value) {
        return switch (setting.kind()) {
            case TEXT -> null;
            case KEY -> value.chars().allMatch(c -> c > 0x20 && c < 0x7F) ? null : "has characters that no key has";
            case FLAG -> FLAGS.contains(value) ? null : "is true or false, not \"" + value + "\"";
            case LANGUAGE -> LANGUAGES.contains(value) ? null : "is en or zh, not \"" + value + "\"";
            case FOLDERS ->
                Pairs.problem(value)
                        .or(() -> Pairs.of(value).values().stream()
                                .filter(path -> !isPath(path) || !Files.isDirectory(Path.of(path)))
                                .map(path -> "names " + path + ", which is no folder")
                                .findFirst())
                        .orElse(null);
            case PRICES -> Pairs.problem(value).orElse(null);
            case PATH -> isPath(value) ? null : "is no path";
            case PORT -> number(value, 0, 65_535) ? null : "is a port from 0 to 65535, not \"" + value + "\"";
            case COUNT ->
                number(value, 1, 1_000_000) ? null : "is a whole number from 1 to 1000000, not \"" + value + "\"";
            case SHARE -> isShare(value) ? null : "is a number from 0 to 1, not \"" + value + "\"";
            case URL -> isUrl(value, Set.of("http", "https")) ? null : "is an http or https URL, not \"" + value + "\"";
            case DATABASE ->
                isUrl(value.replaceFirst("^jdbc:", ""), Set.of("postgresql", "postgres"))
                        ? null
                        : "is a URL like postgresql://USER:PASSWORD@HOST/NAME, but what is set is none";
            case REDIS ->
                isUrl(value, Set.of("redis", "rediss"))
                        ? null
                        : "is a URL like redis://HOST:6379, but what is set is none";
            case LEVEL ->
                LEVELS.contains(value) ? null : "is one of ERROR, WARN, INFO, DEBUG, TRACE, not \"" + value + "\"";
            case FORMAT -> FORMATS.contains(value) ? null : "is TEXT or ECS, not \"" + value + "\"";
            case NETWORKS ->
                areNetworks(value)
                        ? null
                        : "has addresses or networks such as 10.0.0.0/8, by comma, but not \"" + value + "\"";
            case SECRET -> secret(setting == Setting.METRICS_TOKEN ? TOKEN : SECRET, value);
        };
    }

    private static @Nullable String secret(int least, String value) {
        if (value.length() < least) {
            return "has " + value.length() + " characters, but needs at least " + least;
        }
        return value.chars().distinct().count() < 10 ? "repeats so few characters that it can be guessed" : null;
    }

    private static void together(Map<Setting, String> values, List<String> problems) {
        boolean database = !values.getOrDefault(Setting.DATABASE_URL, "").isEmpty();
        if (!values.getOrDefault(Setting.REDIS_URL, "").isEmpty() && !database) {
            problems.add("REDIS_URL is for replicas, which also share a database: set DATABASE_URL");
        }
        if (database && values.getOrDefault(Setting.MORTISE_SECRET, "").isEmpty()) {
            problems.add("MORTISE_SECRET is needed with DATABASE_URL, because replicas have to share it");
        }
        String issuer = values.getOrDefault(Setting.JWT_ISSUER, "");
        boolean shared = !values.getOrDefault(Setting.JWT_SECRET_KEY, "").isEmpty();
        if (shared && issuer.isEmpty()) {
            problems.add("JWT_ISSUER is needed with JWT_SECRET_KEY: whose tokens they are");
        }
        if (!issuer.isEmpty() && !shared && !issuer.startsWith("https://")) {
            problems.add("JWT_ISSUER is an https URL, or JWT_SECRET_KEY is set");
        }
        String before = values.getOrDefault(Setting.JWT_SECRET_KEY_PREVIOUS, "");
        if (!before.isEmpty() && !shared) {
            problems.add("JWT_SECRET_KEY is needed with JWT_SECRET_KEY_PREVIOUS: the one that it is changed to");
        } else if (!before.isEmpty() && before.equals(values.get(Setting.JWT_SECRET_KEY))) {
            problems.add("JWT_SECRET_KEY_PREVIOUS is the same as JWT_SECRET_KEY: nothing would be changed");
        }
        if (!HERE.contains(values.getOrDefault(Setting.MORTISE_BIND, ""))
                && values.getOrDefault(Setting.MORTISE_RESOURCE, "").isEmpty()) {
            problems.add(
                    "MORTISE_BIND is more than this machine: then MORTISE_RESOURCE is needed, what clients call it");
        }
        payments(values, problems);
        String dimensions = values.getOrDefault(Setting.EMBEDDINGS_DIMENSIONS, "1");
        if (number(dimensions, MOST_DIMENSIONS + 1, 1_000_000)) {
            problems.add("EMBEDDINGS_DIMENSIONS is at most " + MOST_DIMENSIONS + ", not " + dimensions);
        }
        if (!values.getOrDefault(Setting.JWT_TENANT_CLAIM, "").isEmpty() && issuer.isEmpty()) {
            problems.add("JWT_ISSUER is needed with JWT_TENANT_CLAIM: whose tokens they are");
        }
        String resource = values.getOrDefault(Setting.MORTISE_RESOURCE, "");
        if (isUrl(resource, Set.of("http", "https"))
                && !"/mcp".equals(URI.create(resource).getPath())) {
            problems.add("MORTISE_RESOURCE ends with /mcp, where this server is");
        }
    }

    private static boolean areNetworks(String value) {
        return Stream.of(value.split(",", -1))
                .map(String::strip)
                .allMatch(network -> isNetwork(network.split("/", -1)));
    }

    private static boolean isNetwork(String[] parts) {
        boolean old = InetAddressUtils.isIPv4(parts[0]);
        return (old || InetAddressUtils.isIPv6(parts[0]))
                && (parts.length == 1 || (parts.length == 2 && number(parts[1], 1, old ? 32 : 128)));
    }

    /** A provider is set as a whole, or not at all. */
    private static void payments(Map<Setting, String> values, List<String> problems) {
        whole(values, problems, Setting.STRIPE_SECRET_KEY, Setting.STRIPE_WEBHOOK_SECRET, Setting.STRIPE_PRICES);
        whole(
                values,
                problems,
                Setting.PAYPAL_CLIENT_ID,
                Setting.PAYPAL_CLIENT_SECRET,
                Setting.PAYPAL_WEBHOOK_ID,
                Setting.PAYPAL_PLANS);
        String key = values.getOrDefault(Setting.STRIPE_SECRET_KEY, "");
        if (!key.isEmpty() && !key.matches("(sk|rk)_(live|test)_\\S+")) {
            problems.add("STRIPE_SECRET_KEY begins with sk_ or rk_, then live_ or test_");
        }
        if (!values.getOrDefault(Setting.STRIPE_URL, "").isEmpty() && !key.matches("(sk|rk)_test_\\S+")) {
            problems.add("STRIPE_URL is for tests: STRIPE_SECRET_KEY is not a test key");
        }
    }

    private static void whole(Map<Setting, String> values, List<String> problems, Setting... together) {
        List<Setting> missing = Arrays.stream(together)
                .filter(setting -> values.getOrDefault(setting, "").isEmpty())
                .toList();
        if (!missing.isEmpty() && missing.size() < together.length) {
            missing.forEach(setting -> problems.add(setting + " is needed with "
                    + Arrays.stream(together)
                            .filter(other -> !missing.contains(other))
                            .findFirst()
                            .orElseThrow()));
        }
    }

    private static boolean isPath(String value) {
        try {
            return !Path.of(value).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isShare(String value) {
        // As operators write it: neither NaN nor 1e0.
        return value.matches("0|1|0?\\.\\d{1,9}|[01]\\.0{1,9}");
    }

    private static boolean number(String value, int least, int most) {
        return value.matches("\\d{1,7}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most;
    }

    private static boolean isUrl(String value, Set<String> schemes) {
        try {
            URI url = new URI(value);
            return url.getScheme() != null && schemes.contains(url.getScheme()) && url.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
