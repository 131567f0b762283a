package dev.mortise.mcp.internal.auth;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest nonce that each origin wants in proofs (RFC 9449 sections 8 and 9). Thread-safe, bounded. */
final class Nonces {
    static final String FIELD = "DPoP-Nonce";
    private static final int MAX_ORIGINS = 64;
    private static final int MAX_LENGTH = 1024;

    private final Map<String, String> newest = new ConcurrentHashMap<>();

    /** Takes what an answer brings; several fields are as good as none. */
    void learn(URI from, List<String> values) {
        if (values.size() == 1 && isNonce(values.get(0))) {
            if (newest.size() >= MAX_ORIGINS) {
                newest.clear();
            }
            newest.put(Uris.origin(from), values.get(0));
        }
    }

    Optional<String> at(URI target) {
        return Optional.ofNullable(newest.get(Uris.origin(target)));
    }

    private static boolean isNonce(String value) {
        return !value.isEmpty()
                && value.length() <= MAX_LENGTH
                && value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '\\');
    }
}
