package dev.mortise.mcp.json;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One way in which a value breaks its schema. Made to be read by a model: it may be sent to the peer.
 *
 * @param path where, as a JSON Pointer such as {@code /filters/0/name}; empty for the whole value
 * @param message what is wrong there, as the end of a sentence: "must be at most 100"
 */
public record Violation(String path, String message) {
    private static final int LONGEST = 200;

    public Violation {
        path = legible(path);
        message = legible(message);
    }

    /** All violations in one text, a line for each. */
    public static String describe(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return path.isEmpty() ? message : path + " " + message;
    }

    /** Names and patterns in these texts were chosen by a peer: bounded, and on one line. */
    private static String legible(String text) {
        int end = Math.min(text.length(), LONGEST);
        StringBuilder legible = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean torn = Character.isHighSurrogate(c) && i + 1 == end;
            if (!torn) {
                legible.append(Character.isISOControl(c) ? '?' : c);
            }
        }
        return end < text.length() ? legible.append('…').toString() : legible.toString();
    }
}
