package dev.mortise.billing.plan;

/** A plan that cannot be. Says which value is wrong, and what it should be. */
public final class InvalidPlan extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String path;

    /** @param path of the value, such as {@code meters.calls.included} */
    public InvalidPlan(String path, String what) {
        super(path + " " + what);
        this.path = path;
    }

    /** Where the value stands, such as {@code meters.calls.included}. */
    public String path() {
        return path;
    }
}
