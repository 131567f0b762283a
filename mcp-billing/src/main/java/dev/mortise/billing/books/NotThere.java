package dev.mortise.billing.books;

/** What was asked for is not in the books. */
public final class NotThere extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public NotThere(String what) {
        super("There is no " + what);
    }
}
