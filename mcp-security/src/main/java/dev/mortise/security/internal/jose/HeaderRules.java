package dev.mortise.security.internal.jose;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What no header of a token may hold, because it would let the sender choose the key, or how the rest is read. */
public final class HeaderRules {
    private static final List<String> FOREIGN_KEYS = List.of("jku", "x5u", "x5c", "jwk", "x5t", "x5t#S256");

    private HeaderRules() {}

    /**
     * The first member that makes the header unacceptable, as a reason for the audit log.
     *
     * @param ownKey whether the header has to bring its key, as a proof's does
     */
    public static Optional<String> violation(JsonNode header, boolean ownKey) {
        for (String name : FOREIGN_KEYS) {
            // A hash of a certificate chooses nothing: issuers put it beside the kid.
            boolean harmless = name.startsWith("x5t") || (name.equals("jwk") && ownKey);
            if (header.has(name) && !harmless) {
                return Optional.of("header-" + name);
            }
        }
        // Extensions that must be understood: none is.
        if (header.has("crit") || header.has("b64")) {
            return Optional.of("header-crit");
        }
        if (header.has("zip")) {
            return Optional.of("compressed");
        }
        return header.has("enc") ? Optional.of("encrypted") : Optional.empty();
    }
}
