package dev.mortise.billing.plan;

/** One version of a plan. Written {@code starter@2}. */
public record PlanRef(String id, int version) {
    public PlanRef {
        Names.require("id", id);
        if (version < 1) {
            throw new InvalidPlan("version", "is at least 1, not " + version);
        }
    }

    /** @throws InvalidPlan if the text is none */
    public static PlanRef parse(String text) {
        int at = text.indexOf('@');
        try {
            return new PlanRef(text.substring(0, Math.max(at, 0)), Integer.parseInt(text.substring(at + 1)));
        } catch (NumberFormatException e) {
            throw new InvalidPlan("plan", "is an id and a version, such as starter@1");
        }
    }

    @Override
    public String toString() {
        return id + "@" + version;
    }
}
