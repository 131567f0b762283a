package dev.mortise.billing.plan;

import java.util.regex.Pattern;

/** Ids of plans, meters and features. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

    private Names() {}

    static String require(String path, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidPlan(
                    path,
                    "is a name of lower-case letters, digits, dots, hyphens and underscores, 64 at most, not \""
                            + (name.length() > 80 ? name.substring(0, 80) + "…" : name) + '"');
        }
        return name;
    }
}
