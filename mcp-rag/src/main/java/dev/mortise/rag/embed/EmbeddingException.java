package dev.mortise.rag.embed;

import org.jspecify.annotations.Nullable;

/** A model did not answer, or not with vectors. The message holds neither a key nor any text that was to be embedded. */
public final class EmbeddingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether to ask again. */
    public enum Kind {
        /** It is away or busy: later it may answer. */
        UNAVAILABLE,
        /** It refuses, or answers what cannot be right: the same question will not succeed. */
        REFUSED
    }

    private final Kind kind;

    public EmbeddingException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** For who was interrupted while he waited: leaves the thread interrupted. */
    static EmbeddingException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new EmbeddingException(Kind.UNAVAILABLE, "Interrupted while waiting for the embedding model", e);
    }

    public Kind kind() {
        return kind;
    }
}
