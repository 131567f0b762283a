package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * Something was used. An event is booked once: (tenant, source, id) tells it from all others, and whoever is not sure
 * whether it was booked sends it again.
 *
 * @param source who reports it, such as {@code mcp} or {@code ingest}
 * @param id unique for its tenant and source
 * @param quantity in the meter's units; positive for a counter, a change of the level for a gauge, never 0
 * @param at when it was used, by which it belongs to a period; kept to the millisecond
 * @param item what was used, such as the name of a tool; may be empty
 * @param actor who used it; may be empty
 */
public record UsageEvent(
        String tenant, String meter, String source, String id, long quantity, Instant at, String item, String actor) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NOTE = 400;

    public static UsageEvent of(String tenant, String meter, String source, String id, long quantity, Instant at) {
        return new UsageEvent(tenant, meter, source, id, quantity, at, "", "");
    }

    public UsageEvent of(String newItem, String newActor) {
        return new UsageEvent(tenant, meter, source, id, quantity, at, newItem, newActor);
    }

    /** Whether every database can hold it as a name, and every list show it: 1 to 200 characters, no control characters. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && isPlain(text);
    }

    /** The same of what may be empty: up to 400 characters. */
    public static boolean isNote(String text) {
        return text.length() <= LONGEST_NOTE && isPlain(text);
    }

    /** Whether every database can hold it, and every list show it: no control characters, no half characters. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || (Character.isHighSurrogate(c) ? !isPair(text, i++) : Character.isLowSurrogate(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
