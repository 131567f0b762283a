package dev.mortise.billing.meter;

import dev.mortise.mcp.call.Attribute;

/** What a tool, resource or prompt says about being counted. */
public final class Metering {
    /** What a call of it uses up. A tool without one weighs what the server says; resources and prompts nothing. */
    public static final Attribute<Weight> WEIGHT = Attribute.of("dev.mortise.billing.weight", Weight.class);

    /** The feature that the plan of its caller has to have. */
    public static final Attribute<String> FEATURE = Attribute.of("dev.mortise.billing.feature", String.class);

    /** {@link RefundPolicy#STANDARD}, or the server's, unless set. */
    public static final Attribute<RefundPolicy> REFUNDS =
            Attribute.of("dev.mortise.billing.refunds", RefundPolicy.class);

    private Metering() {}
}
