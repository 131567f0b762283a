package dev.mortise.mcp.internal.session;

import java.util.Optional;

/** The id of a server-sent event: which stream, and where in it. */
record EventId(String stream, long position) {
    private static final int MAX_LENGTH = 64;

    static Optional<EventId> parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || text.length() > MAX_LENGTH || text.substring(0, dot).equals(EventLog.INBOX)) {
            return Optional.empty();
        }
        try {
            long position = Long.parseLong(text, dot + 1, text.length(), 36);
            return position < 0 ? Optional.empty() : Optional.of(new EventId(text.substring(0, dot), position));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return stream + "." + Long.toString(position, 36);
    }
}
