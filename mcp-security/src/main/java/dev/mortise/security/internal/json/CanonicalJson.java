package dev.mortise.security.internal.json;

import dev.mortise.security.internal.hash.Hasher;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * The one form in which JSON is hashed and signed here, close to RFC 8785: members sorted by the UTF-16 units of their
 * names, no white space, the shortest escapes, UTF-8.
 *
 * <p>It differs from the RFC where that would lose something: a number is its own decimal digits and not those of a
 * double. Whole numbers of up to 15 digits stand as they are, others as {@code 15e-1}, without zeros at the end of the
 * digits: 2^53 and 2^53 + 1 are different arguments. Half a surrogate pair, which has no UTF-8, is escaped: replaced, it
 * would be the same as any other half. So two values have one form only if they are the same value.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** @param value a string, a whole number, a boolean, or a map or list of these */
    public static String of(Object value) {
        CanonicalWriter json = new CanonicalWriter();
        json.value(value);
        return json.text();
    }

    public static String of(JsonNode value) {
        CanonicalWriter json = new CanonicalWriter();
        json.node(value);
        return json.text();
    }

    /** SHA-256 of the form in UTF-8, in hexadecimal. */
    public static String digest(JsonNode value) {
        Hasher hasher = Hasher.borrowed();
        hasher.json().node(value);
        hasher.json().digest(hasher.sha256(), 0);
        String digest = HexFormat.of().formatHex(hasher.sha256().digest());
        hasher.giveBack();
        return digest;
    }
}
