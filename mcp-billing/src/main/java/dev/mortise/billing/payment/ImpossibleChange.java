package dev.mortise.billing.payment;

/** A change that does not become possible by coming again: somebody has to put something right first. */
public final class ImpossibleChange extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message for whoever looks at findings */
    public ImpossibleChange(String message, Throwable cause) {
        super(message, cause);
    }
}
