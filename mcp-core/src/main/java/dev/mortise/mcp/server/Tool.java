package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.http.MirroredHeaders;
import dev.mortise.mcp.json.ArgumentBinder;
import dev.mortise.mcp.json.Bound;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.json.Violation;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool: what a model gets to know of it, and what it does. Immutable.
 *
 * <pre>{@code
 * record Add(int a, int b) {}
 *
 * Tool add = Tool.of("add", "Adds two numbers", Add.class, in -> in.a() + in.b());
 * }</pre>
 */
public final class Tool implements Entry {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final ToolDefinition definition;
    private final Attributes attributes;
    private final Body<?> body;
    private final @Nullable JsonSchema output;
    private final MirroredHeaders headers;

    private Tool(Builder<?> builder, Body<?> body) {
        this.body = body;
        this.output = builder.output;
        this.attributes = builder.attributes;
        this.headers = MirroredHeaders.of(builder.input.node());
        this.definition = ToolDefinition.builder(builder.name, builder.input.node())
                .title(builder.title)
                .description(builder.description)
                .outputSchema(builder.output == null ? null : builder.output.node())
                .annotations(builder.annotations)
                .icons(builder.icons)
                .meta(builder.meta)
                .build();
    }

    /**
     * A tool in one line.
     *
     * @param input a record: its components are the arguments
     * @param body returns whatever fits, see {@link ToolHandler}
     */
    public static <I> Tool of(String name, String description, Class<I> input, Function<I, ?> body) {
        return named(name).description(description).input(input).handle((in, call) -> body.apply(in));
    }

    /** As above, for a tool whose results have the shape of {@code output}. */
    public static <I, O> Tool of(
            String name, String description, Class<I> input, Class<O> output, Function<I, O> body) {
        return named(name).description(description).input(input).output(output).handle((in, call) -> body.apply(in));
    }

    /**
     * Begins a tool; without an {@code input} it takes no arguments.
     *
     * @param name 1 to 128 of {@code A–Z a–z 0–9 _ - .} (tools: Tool Names)
     */
    public static Builder<ObjectNode> named(String name) {
        return new Builder<>(name);
    }

    @Override
    public String key() {
        return definition.name();
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    public ToolDefinition definition() {
        return definition;
    }

    /** The parameters that HTTP clients repeat as header fields. */
    public MirroredHeaders mirroredHeaders() {
        return headers;
    }

    /**
     * Runs the tool: checks the arguments, calls the handler, checks its result. Arguments that do not fit are a
     * result that the model can read and mend.
     *
     * @throws Exception what the handler threw
     * @throws IllegalStateException if the result does not fit the output schema
     */
    public ToolOutcome run(ToolCall call) throws Exception {
        return checked(body.run(call, output != null));
    }

    /**
     * What a handler, or something in its place, gave, as the outcome of this tool.
     *
     * @param returned as {@link ToolHandler#handle} returns
     * @throws IllegalStateException if it does not fit the output schema
     */
    public ToolOutcome outcome(@Nullable Object returned) {
        return checked(ToolOutcome.from(returned, output != null));
    }

    private ToolOutcome checked(ToolOutcome outcome) {
        if (output == null
                || !(outcome instanceof ToolOutcome.Done done)
                || done.result().isError()) {
            return outcome;
        }
        CallToolResult result = done.result();
        JsonNode structured = result.structuredContent();
        if (structured == null) {
            throw new IllegalStateException(
                    "Tool " + key() + " declares an output schema but gave no structured result");
        }
        List<Violation> violations = output.validate(structured);
        if (!violations.isEmpty()) {
            throw new IllegalStateException("The result of tool " + key() + " does not fit its output schema: "
                    + Violation.describe(violations));
        }
        return outcome;
    }

    /** The handler together with the binder of its input. */
    private record Body<I>(ArgumentBinder<I> binder, ToolHandler<I> handler) {
        ToolOutcome run(ToolCall call, boolean structured) throws Exception {
            return switch (binder.bind(call.arguments())) {
                case Bound.Value<I> bound -> ToolOutcome.from(handler.handle(bound.value(), call), structured);
                case Bound.Invalid<I> invalid ->
                    ToolOutcome.failed(call.context().wording().invalidArguments() + "\n"
                            + Violation.describe(invalid.violations()));
            };
        }
    }

    /** Composes a tool; mistakes are found here, not at the first call. */
    public static final class Builder<I> {
        private final String name;
        private JsonSchema input;
        private ArgumentBinder<I> binder;
        private @Nullable String title;
        private @Nullable String description;
        private @Nullable JsonSchema output;
        private @Nullable ToolAnnotations annotations;
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;
        private Attributes attributes = Attributes.NONE;

        @SuppressWarnings("unchecked")
        private Builder(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("A tool's name has 1 to 128 of A-Z a-z 0-9 _ - . but this one is \""
                        + name + "\"; a name for people goes into title");
            }
            this.name = name;
            this.input = JsonSchema.parse("{\"type\":\"object\",\"additionalProperties\":false}");
            this.binder = (ArgumentBinder<I>) ArgumentBinder.of(ObjectNode.class, input);
        }

        /** A name for people. */
        public Builder<I> title(String newTitle) {
            this.title = newTitle;
            return this;
        }

        /** What the tool is for: what a model chooses by. */
        public Builder<I> description(String newDescription) {
            this.description = newDescription;
            return this;
        }

        /** Arguments as a record; the schema is made from it. */
        public <J> Builder<J> input(Class<J> record) {
            return input(record, JsonSchema.generate(record));
        }

        /** As above, under a schema of your own: the generated one with descriptions in another language, for example. */
        public <J> Builder<J> input(Class<J> record, JsonSchema schema) {
            return input(object(schema), ArgumentBinder.of(record, schema));
        }

        /** Arguments as JSON, under a schema of your own; its type must be {@code object}. */
        public Builder<ObjectNode> inputSchema(JsonSchema schema) {
            return input(object(schema), ArgumentBinder.of(ObjectNode.class, schema));
        }

        private JsonSchema object(JsonSchema schema) {
            if (!"object".equals(schema.node().path("type").asString(""))) {
                throw new IllegalArgumentException(
                        "The input schema of tool " + name + " needs \"type\": \"object\" at its root");
            }
            return schema;
        }

        @SuppressWarnings("unchecked")
        private <J> Builder<J> input(JsonSchema schema, ArgumentBinder<J> newBinder) {
            Builder<J> typed = (Builder<J>) this;
            typed.input = schema;
            typed.binder = newBinder;
            return typed;
        }

        /** The shape of results; the schema is made from it, and every result is checked. */
        public Builder<I> output(Class<?> type) {
            return outputSchema(JsonSchema.generate(type));
        }

        public Builder<I> outputSchema(JsonSchema schema) {
            this.output = schema;
            return this;
        }

        /** Hints for the client, such as that nothing is changed. */
        public Builder<I> annotations(ToolAnnotations newAnnotations) {
            this.annotations = newAnnotations;
            return this;
        }

        public Builder<I> icons(Icon... newIcons) {
            this.icons = List.of(newIcons);
            return this;
        }

        public Builder<I> meta(Meta newMeta) {
            this.meta = newMeta;
            return this;
        }

        /** A value for another module: a security level, a meter's weight. */
        public <T> Builder<I> with(Attribute<T> attribute, T value) {
            this.attributes = attributes.with(attribute, value);
            return this;
        }

        /**
         * Completes the tool.
         *
         * @throws dev.mortise.mcp.json.InvalidSchema if its schemas break a rule
         */
        public Tool handle(ToolHandler<I> handler) {
            return new Tool(this, new Body<>(binder, handler));
        }
    }
}
