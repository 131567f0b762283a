package dev.mortise.security.access;

/**
 * What a key has spent for one pass of a call, as it travels with the call. Immutable.
 *
 * @param isKept whether it left the call for the store when that paused: then it counts only if it can be taken out again,
 *     because the state of a paused call can be sent as often as its client likes
 * @param id unguessable
 * @param key the id of the key that paid: another key pays for itself
 */
record Payment(boolean isKept, String id, String key) {
    private static final String KEPT = "kept ";
    private static final String HELD = "held ";

    static Payment by(String key) {
        return new Payment(false, Ids.random("pay"), key);
    }

    Payment kept() {
        return isKept ? this : new Payment(true, id, key);
    }

    String token() {
        return (isKept ? KEPT : HELD) + id + " " + key;
    }

    static Payment parse(String token) {
        int end = token.indexOf(' ', KEPT.length());
        if (end < 0 || !(token.startsWith(KEPT) || token.startsWith(HELD))) {
            throw new IllegalArgumentException("This is no payment of a key");
        }
        return new Payment(token.startsWith(KEPT), token.substring(KEPT.length(), end), token.substring(end + 1));
    }
}
