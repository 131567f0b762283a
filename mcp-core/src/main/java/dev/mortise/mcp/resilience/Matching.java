package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Target;
import java.util.regex.Pattern;

/**
 * Policies for everything of a kind whose name fits.
 *
 * @param glob a name in which {@code *} stands for any characters, and everything else for itself
 */
record Matching(Target.Kind kind, String glob, Pattern pattern, Protection protection) {
    static Matching of(Target.Kind kind, String glob, Protection protection) {
        if (glob.isBlank()) {
            throw new IllegalArgumentException("A pattern is a name, in which * stands for any characters");
        }
        return new Matching(kind, glob, glob(glob), protection);
    }

    static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (String literal : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "" : Pattern.quote(literal));
        }
        // A leading * leaves the first literal empty, so that nothing marks where it stood.
        return Pattern.compile(glob.startsWith("*") ? ".*" + regex : regex.toString(), Pattern.DOTALL);
    }

    boolean fits(Target.Kind other, String name) {
        return kind == other && pattern.matcher(name).matches();
    }
}
