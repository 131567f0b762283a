package dev.mortise.examples.production.tool;

import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.admin.AdministratorApi;
import java.time.Duration;

/** What sort of thing a tool does: from it follow what clients are told, and who may call it. */
@SuppressWarnings("ImmutableEnumChecker") // Annotations of tools are immutable; they are not marked so.
public enum ToolKind {
    /** Works on its arguments alone. */
    COMPUTES(annotations().readOnly(true).openWorld(false), SecurityLevel.LOW, false),
    /** Reads what belongs to the caller. */
    READS_OWN(annotations().readOnly(true).openWorld(false), SecurityLevel.MEDIUM, false),
    /** Adds to what belongs to the caller. */
    ADDS_OWN(annotations().destructive(false).idempotent(false).openWorld(false), SecurityLevel.MEDIUM, false),
    /** Changes or removes what belongs to the caller; twice is as good as once. */
    CHANGES_OWN(annotations().idempotent(true).openWorld(false), SecurityLevel.MEDIUM, false),
    /** Asks somebody for something; twice is as good as once. */
    ASKS(annotations().destructive(false).idempotent(true).openWorld(false), SecurityLevel.MEDIUM, false),
    /** Removes so much of it that somebody has to approve. */
    ERASES_OWN(annotations().idempotent(true).openWorld(false), SecurityLevel.CRITICAL, false),
    /** Reads what is somewhere on the network. */
    READS_NETWORK(annotations().readOnly(true).openWorld(true), SecurityLevel.MEDIUM, false),
    /** Shows administrators how things are. */
    WATCHES(annotations().readOnly(true).openWorld(false), SecurityLevel.MEDIUM, true),
    /** Changes what others may do; twice is as good as once. */
    ADMINISTERS(annotations().idempotent(true).openWorld(false), SecurityLevel.MEDIUM, true),
    /** Lets somebody in: a second administrator has to approve. */
    ADMITS(annotations().destructive(false).idempotent(false).openWorld(false), SecurityLevel.CRITICAL, true);

    private final ToolAnnotations annotations;
    private final SecurityLevel level;
    private final boolean forAdministrators;

    ToolKind(ToolAnnotations.Builder annotations, SecurityLevel level, boolean forAdministrators) {
        this.annotations = annotations.build();
        this.level = level;
        this.forAdministrators = forAdministrators;
    }

    private static ToolAnnotations.Builder annotations() {
        return ToolAnnotations.builder();
    }

    /** What it costs unless a tool says otherwise. Who looks after the server is not charged for it. */
    private Weight weight() {
        return switch (this) {
            case COMPUTES, READS_OWN, ADDS_OWN, CHANGES_OWN, ASKS, ERASES_OWN -> Weight.of(Meter.API_CALLS, 1);
            case READS_NETWORK -> Weight.of(Meter.API_CALLS, 2);
            case WATCHES, ADMINISTERS, ADMITS -> Weight.NOTHING;
        };
    }

    /** Begins a tool whose calls are given up after this time. */
    public Definition named(String name, String title, Duration timeout) {
        Tool.Builder<?> tool = Tool.named(name)
                .title(title)
                .annotations(annotations)
                .with(SecurityLevel.ATTRIBUTE, level)
                .with(Metering.WEIGHT, weight())
                .with(
                        Protection.ATTRIBUTE,
                        Protection.builder().timeout(timeout).build());
        if (forAdministrators) {
            tool.with(Requirement.ATTRIBUTE, Requirement.scopes(AdministratorApi.ADMIN));
        }
        return new Definition(tool);
    }

    /** A tool that is being defined. */
    public static final class Definition {
        private final Tool.Builder<?> tool;

        private Definition(Tool.Builder<?> tool) {
            this.tool = tool;
        }

        public Definition description(String description) {
            tool.description(description);
            return this;
        }

        public <J> Typed<J> takes(Class<J> input) {
            return new Typed<>(tool.input(input));
        }

        /** With a schema of one's own, for what a record cannot say. */
        public <J> Typed<J> takes(Class<J> input, JsonSchema schema) {
            return new Typed<>(tool.input(input, schema));
        }
    }

    /** A tool whose input is known. */
    public static final class Typed<I> {
        private final Tool.Builder<I> tool;

        private Typed(Tool.Builder<I> tool) {
            this.tool = tool;
        }

        public Typed<I> gives(Class<?> output) {
            tool.output(output);
            return this;
        }

        public <T> Typed<I> with(Attribute<T> attribute, T value) {
            tool.with(attribute, value);
            return this;
        }

        public Tool by(ToolHandler<I> handler) {
            return tool.handle(CannotAnswer.told(handler));
        }
    }
}
