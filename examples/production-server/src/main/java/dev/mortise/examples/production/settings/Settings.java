package dev.mortise.examples.production.settings;

import dev.mortise.mcp.call.Wording;
import dev.mortise.security.Environment;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What was set, checked as a whole before anything starts. Immutable; shows no secret. */
public final class Settings {
    private static final List<String> PREFIXES = List.of("MORTISE_", "JWT_", "EMBEDDINGS_", "STRIPE_", "PAYPAL_");

    private final Map<Setting, String> values;

    private Settings(Map<Setting, String> values) {
        this.values = values;
    }

    /**
     * Reads and checks all of them.
     *
     * @throws WrongSettings if some are not usable, naming each of them
     */
    public static Settings of(Map<String, String> environment) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = environment.getOrDefault(setting.name(), "").strip();
            values.put(setting, value.isEmpty() ? setting.otherwise() : value);
        }
        List<String> problems = SettingsCheck.problems(values);
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
        return new Settings(Map.copyOf(values));
    }

    /** Names that look like settings of this server and are none, such as misspelt ones. */
    public static List<String> unknown(Map<String, String> environment) {
        Set<String> known = Arrays.stream(Setting.values()).map(Enum::name).collect(Collectors.toSet());
        return environment.keySet().stream()
                .filter(name -> PREFIXES.stream().anyMatch(name::startsWith))
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
    }

    public String get(Setting setting) {
        return values.getOrDefault(setting, "");
    }

    /** Empty if it is not set and nothing holds instead. */
    public Optional<String> find(Setting setting) {
        return Optional.of(get(setting)).filter(value -> !value.isEmpty());
    }

    public int number(Setting setting) {
        return Integer.parseInt(get(setting));
    }

    /** From 0 to 1. */
    public double share(Setting setting) {
        return Double.parseDouble(get(setting));
    }

    public boolean isOn(Setting flag) {
        return get(flag).equals("true");
    }

    /** What is written as {@code NAME=VALUE,NAME=VALUE}, in that order. */
    public Map<String, String> pairs(Setting setting) {
        return Pairs.of(get(setting));
    }

    public Path data() {
        return Path.of(get(Setting.MORTISE_DATA)).toAbsolutePath().normalize();
    }

    /** The endpoint as clients know it, which the port is part of where nothing else was set. */
    public URI resource(int port) {
        return URI.create(find(Setting.MORTISE_RESOURCE).orElse("http://127.0.0.1:" + port + "/mcp"));
    }

    public boolean isReplicated() {
        return find(Setting.DATABASE_URL).isPresent();
    }

    /** In which words models and people are told that something is not done. */
    public Wording wording() {
        return get(Setting.MORTISE_LANGUAGE).equals("zh") ? Wording.chinese() : Wording.english();
    }

    /** Production is where clients come over TLS. */
    public Environment environment() {
        return get(Setting.MORTISE_RESOURCE).startsWith("https:") ? Environment.PRODUCTION : Environment.DEVELOPMENT;
    }

    /** How a value may be shown: what is confidential, only whether it is set. */
    public String shown(Setting setting) {
        String value = get(setting);
        if (value.isEmpty()) {
            return "not set";
        }
        return setting.isConfidential() ? "set" : value;
    }

    @Override
    public String toString() {
        return Arrays.stream(Setting.values())
                .map(setting -> setting + "=" + shown(setting))
                .collect(Collectors.joining(", "));
    }
}
