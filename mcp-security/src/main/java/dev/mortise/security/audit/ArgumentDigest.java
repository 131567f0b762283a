package dev.mortise.security.audit;

import dev.mortise.security.internal.hash.Hasher;
import dev.mortise.security.internal.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@link AuditEvent#details} may say of a call's arguments: a salted digest, with which it can be proved later what
 * they were, to somebody who has them; or the few that are known to be harmless. Thread-safe.
 */
public final class ArgumentDigest {
    /** The name in {@link AuditEvent#details}. */
    public static final String DETAIL = "arguments";

    private static final Pattern FORM = Pattern.compile("sha256:([0-9a-f]{32}):([0-9a-f]{64})");
    private static final int SALT_BYTES = 16;
    private static final String HIDDEN = "…";

    private ArgumentDigest() {}

    /** {@code sha256:SALT:DIGEST}, with a new salt: equal arguments cannot be told from different ones. */
    public static String of(JsonNode arguments) {
        Hasher hasher = Hasher.borrowed();
        byte[] salt = hasher.salt(SALT_BYTES);
        hasher.json().node(arguments);
        hasher.sha256().update(salt);
        hasher.json().digest(hasher.sha256(), 0);
        byte[] digest = hasher.end();
        hasher.json().clear();
        hasher.json().raw("sha256:");
        hasher.json().hex(salt);
        hasher.json().raw(':');
        hasher.json().hex(digest);
        String text = hasher.json().text();
        hasher.giveBack();
        return text;
    }

    /** Whether a digest is that of these arguments. */
    public static boolean matches(String digest, JsonNode arguments) {
        Matcher form = FORM.matcher(digest);
        return form.matches()
                && MessageDigest.isEqual(
                        form.group(2).getBytes(StandardCharsets.US_ASCII),
                        digest(HexFormat.of().parseHex(form.group(1)), arguments)
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(byte[] salt, JsonNode arguments) {
        return Hashes.sha256(salt, CanonicalJson.of(arguments).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The arguments with only those values in it that are listed, at the top; all others are hidden, whatever they hold.
     *
     * @param shown names of arguments whose values are never secret nor personal
     */
    public static String redacted(JsonNode arguments, Set<String> shown) {
        if (!arguments.isObject()) {
            return HIDDEN;
        }
        ObjectNode redacted = JsonNodeFactory.instance.objectNode();
        arguments.properties().forEach(member -> {
            if (shown.contains(member.getKey())) {
                redacted.set(member.getKey(), member.getValue());
            } else {
                redacted.put(member.getKey(), HIDDEN);
            }
        });
        return CanonicalJson.of(redacted);
    }
}
