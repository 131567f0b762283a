package dev.mortise.mcp.call;

/**
 * A language in which people and models are told why something was refused. A server speaks one, chosen by its {@link
 * Wording}; codes, data and header fields are the same in all.
 */
public enum Language {
    ENGLISH,
    /** Simplified Chinese. */
    CHINESE;

    /** The one of these that is in this language; a language more is an argument more, so that none is forgotten. */
    public <T> T of(T english, T chinese) {
        return switch (this) {
            case ENGLISH -> english;
            case CHINESE -> chinese;
        };
    }
}
