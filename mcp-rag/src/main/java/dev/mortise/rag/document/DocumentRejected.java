package dev.mortise.rag.document;

import org.jspecify.annotations.Nullable;

/** Why a document is not in the index. The message is fit for whoever sent the document. */
public final class DocumentRejected extends Exception {
    private static final long serialVersionUID = 1L;

    /** Kinds of reasons. */
    public enum Reason {
        /** More bytes, text or chunks than are allowed. */
        TOO_LARGE,
        /** Not of a format that can be read here. */
        UNSUPPORTED,
        /** Of its format in name only. */
        BROKEN,
        /** Only with a password. */
        ENCRYPTED,
        /** There is no text in it. */
        EMPTY,
        /** Reading it took too long. */
        TIMED_OUT,
        /** Where it is said to be it cannot be fetched from, or may not. */
        UNREACHABLE,
        /** Not its fault: the model or the store failed, or everything was busy. The same document may succeed later. */
        UNAVAILABLE
    }

    private final Reason reason;

    public DocumentRejected(Reason reason, String message) {
        this(reason, message, null);
    }

    public DocumentRejected(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
