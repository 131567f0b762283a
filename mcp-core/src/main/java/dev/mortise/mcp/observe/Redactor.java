package dev.mortise.mcp.observe;

import dev.mortise.mcp.internal.observe.SecretScanner;

/**
 * Takes secrets out of text that is to be logged. It knows them by their looks, so it is the last line of defence and
 * not the first: do not log what holds secrets.
 */
@FunctionalInterface
public interface Redactor {
    /** What stands where a secret was. */
    String REDACTED = "[redacted]";

    /** The most characters that {@link #standard} keeps of a text. */
    int MAX_LENGTH = 16_384;

    /** The same text without its secrets. Must be quick and must not throw. */
    String redact(String text);

    /**
     * Takes out JWTs, the credentials of {@code Bearer}, {@code Basic} and {@code DPoP}, keys with the prefixes of known
     * services, user and password in URLs, values of what is called password, secret, token and the like (in queries,
     * headers, JSON and properties), private keys in PEM, and runs of 32 and more characters that mix digits, capital
     * and small letters, or of 40 and more hexadecimal digits. Trace ids and UUIDs stay. Reads each character a bounded
     * number of times, whatever the text.
     */
    static Redactor standard() {
        return SecretScanner::redact;
    }
}
