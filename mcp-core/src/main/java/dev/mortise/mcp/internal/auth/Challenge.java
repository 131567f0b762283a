package dev.mortise.mcp.internal.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One challenge of a {@code WWW-Authenticate} field (RFC 9110 section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by name in lower case; of a name that occurs twice, the first
 */
public record Challenge(String scheme, Map<String, String> parameters) {
    private static final int MAX_LENGTH = 16 * 1024;
    private static final int MAX_CHALLENGES = 16;
    private static final int MAX_PARAMETERS = 64;

    /** The challenges of all fields of an answer. What cannot be read is left out, with what follows it in its field. */
    public static List<Challenge> parse(List<String> fields) {
        List<Challenge> challenges = new ArrayList<>();
        for (String field : fields) {
            if (field.length() <= MAX_LENGTH) {
                new Reader(field, challenges).read();
            }
        }
        return List.copyOf(challenges);
    }

    /** The first challenge that a token answers. */
    static Optional<Challenge> forTokens(List<Challenge> challenges) {
        return challenges.stream()
                .filter(each -> each.scheme.equals("bearer") || each.scheme.equals("dpop"))
                .findFirst();
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    boolean hasError(String code) {
        return code.equals(parameters.get("error"));
    }

    Set<String> scopes() {
        return Scopes.parse(parameters.getOrDefault("scope", ""));
    }

    private static final class Reader {
        private final String text;
        private final List<Challenge> found;
        private int at;

        Reader(String text, List<Challenge> found) {
            this.text = text;
            this.found = found;
        }

        void read() {
            Map<String, String> parameters = new LinkedHashMap<>();
            String scheme = "";
            while (found.size() < MAX_CHALLENGES) {
                skip(" \t,");
                String name = token();
                if (name.isEmpty()) {
                    break;
                }
                int afterName = at;
                skip(" \t");
                if (!scheme.isEmpty() && at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    Optional<String> value = value();
                    if (value.isEmpty() || parameters.size() == MAX_PARAMETERS) {
                        break;
                    }
                    parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value.get());
                } else {
                    add(scheme, parameters);
                    parameters = new LinkedHashMap<>();
                    scheme = name.toLowerCase(Locale.ROOT);
                    if (at > afterName) {
                        skipToken68();
                    } else if (at < text.length() && text.charAt(at) != ',') {
                        // A scheme ends with a space, a comma or the field.
                        return;
                    }
                }
            }
            add(scheme, parameters);
        }

        private void add(String scheme, Map<String, String> parameters) {
            if (!scheme.isEmpty() && found.size() < MAX_CHALLENGES) {
                found.add(new Challenge(scheme, Map.copyOf(parameters)));
            }
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        /** The other form of a challenge, which no scheme of ours has: one word, and padding. */
        private void skipToken68() {
            int end = at;
            while (end < text.length() && isToken68(text.charAt(end))) {
                end++;
            }
            int word = end;
            while (end < text.length() && text.charAt(end) == '=') {
                end++;
            }
            int after = end;
            while (after < text.length() && " \t".indexOf(text.charAt(after)) >= 0) {
                after++;
            }
            if (word > at && (after == text.length() || text.charAt(after) == ',')) {
                at = after;
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && isToken(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private Optional<String> value() {
            if (at < text.length() && text.charAt(at) == '"') {
                return quoted();
            }
            String token = token();
            return token.isEmpty() ? Optional.empty() : Optional.of(token);
        }

        private Optional<String> quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') {
                    return Optional.of(value.toString());
                }
                if (c == '\\') {
                    if (at == text.length()) {
                        return Optional.empty();
                    }
                    c = text.charAt(at++);
                }
                value.append(c);
            }
            return Optional.empty();
        }

        private static boolean isToken(char c) {
            return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }

        private static boolean isToken68(char c) {
            return isAlphanumeric(c) || "-._~+/".indexOf(c) >= 0;
        }

        private static boolean isAlphanumeric(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
    }
}
