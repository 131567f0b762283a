package dev.mortise.mcp.json;

import dev.mortise.mcp.internal.text.Excerpt;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One way in which a value breaks its schema. Made to be read by a model: it may be sent to the peer.
 *
 * @param path where, as a JSON Pointer such as {@code /filters/0/name}; empty for the whole value
 * @param message what is wrong there, as the end of a sentence: "must be at most 100"
 */
public record Violation(String path, String message) {
    /** Names and patterns in these texts were chosen by a peer. */
    private static final int LONGEST = 200;

    public Violation {
        path = Excerpt.of(path, LONGEST);
        message = Excerpt.of(message, LONGEST);
    }

    /** All violations in one text, a line for each. */
    public static String describe(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return path.isEmpty() ? message : path + " " + message;
    }
}
