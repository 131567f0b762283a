package dev.mortise.billing.plan;

/** A plan, or a version of one, that nobody has published. */
public final class UnknownPlan extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public UnknownPlan(PlanRef ref) {
        super("There is no plan " + ref);
    }
}
