package dev.mortise.security.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code WWW-Authenticate} for one endpoint: one for each scheme that it takes (RFC 9449 section 7.2),
 * and the error in the one that was tried, because without a token there is no error to speak of (RFC 6750 section 3.1).
 */
record Challenges(ResourceMetadata metadata, boolean bearer, List<String> dpopAlgorithms) {
    /** Asks for a token. */
    List<String> withoutError() {
        return all(null, null, null);
    }

    /** @param scheme the one that was tried */
    List<String> withError(String scheme, String error, String description) {
        return all(scheme, error, description);
    }

    private List<String> all(@Nullable String tried, @Nullable String error, @Nullable String description) {
        List<String> challenges = new ArrayList<>(2);
        boolean dpop = !dpopAlgorithms.isEmpty();
        if (bearer || !dpop || "bearer".equals(tried)) {
            challenges.add(challenge("Bearer", "bearer".equals(tried) || !dpop ? error : null, description, Map.of()));
        }
        if (dpop) {
            challenges.add(challenge(
                    "DPoP",
                    "dpop".equals(tried) ? error : null,
                    description,
                    Map.of("algs", String.join(" ", dpopAlgorithms))));
        }
        // Clients that know only one scheme look at the first challenge alone.
        return "dpop".equals(tried) ? challenges.reversed() : challenges;
    }

    private String challenge(
            String scheme, @Nullable String error, @Nullable String description, Map<String, String> more) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (error != null) {
            parameters.put("error", error);
            parameters.put("error_description", description == null ? "" : description);
        }
        if (!metadata.scopes().isEmpty()) {
            parameters.put("scope", String.join(" ", metadata.scopes()));
        }
        parameters.put("resource_metadata", metadata.resource().metadata().toString());
        parameters.putAll(more);
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=\"" + quotable(each.getValue()) + '"')
                .collect(Collectors.joining(", ", scheme + " ", ""));
    }

    /** Only what may stand in such a parameter (RFC 6750 section 3). */
    private static String quotable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.chars()
                .map(c -> c >= 0x20 && c < 0x7F && c != '"' && c != '\\' ? c : '?')
                .forEach(c -> clean.append((char) c));
        return clean.toString();
    }
}
