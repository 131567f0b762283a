package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.PromptArgument;
import dev.mortise.mcp.schema.PromptDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A prompt: what users get to know of it, and how its messages are made. Immutable. */
public final class Prompt implements Entry {
    private final PromptDefinition definition;
    private final Attributes attributes;
    private final PromptHandler handler;
    private final Map<String, Completer> completers;

    private Prompt(Builder builder, PromptHandler handler) {
        this.definition = PromptDefinition.builder(builder.name)
                .title(builder.title)
                .description(builder.description)
                .arguments(builder.arguments)
                .icons(builder.icons)
                .meta(builder.meta)
                .build();
        this.attributes = builder.attributes;
        this.completers = Map.copyOf(builder.completers);
        this.handler = handler;
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    @Override
    public String key() {
        return definition.name();
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    public PromptDefinition definition() {
        return definition;
    }

    public PromptHandler handler() {
        return handler;
    }

    /** What suggests values for an argument. */
    public Optional<Completer> completer(String argument) {
        return Optional.ofNullable(completers.get(argument));
    }

    public boolean completes() {
        return !completers.isEmpty();
    }

    /** Whether the prompt has this argument. */
    public boolean has(String argument) {
        return definition.arguments().stream().anyMatch(a -> a.name().equals(argument));
    }

    /** Composes a prompt. */
    public static final class Builder {
        private final String name;
        private final List<PromptArgument> arguments = new ArrayList<>();
        private final Map<String, Completer> completers = new HashMap<>();
        private @Nullable String title;
        private @Nullable String description;
        private List<Icon> icons = List.of();
        private Meta meta = Meta.EMPTY;
        private Attributes attributes = Attributes.NONE;

        private Builder(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A prompt needs a name");
            }
            this.name = name;
        }

        public Builder title(String newTitle) {
            this.title = newTitle;
            return this;
        }

        public Builder description(String newDescription) {
            this.description = newDescription;
            return this;
        }

        /** An argument that has to be given. */
        public Builder argument(String argument, String argumentDescription) {
            return argument(PromptArgument.required(argument).withDescription(argumentDescription));
        }

        /** An argument that may be left out. */
        public Builder optionalArgument(String argument, String argumentDescription) {
            return argument(PromptArgument.optional(argument).withDescription(argumentDescription));
        }

        public Builder argument(PromptArgument argument) {
            if (has(argument.name())) {
                throw new IllegalArgumentException(
                        "Prompt " + name + " has two arguments named " + argument.name() + ": rename one");
            }
            arguments.add(argument);
            return this;
        }

        /** Suggests values for an argument while the user types. */
        public Builder complete(String argument, Completer completer) {
            if (!has(argument)) {
                throw new IllegalArgumentException(
                        "Prompt " + name + " has no argument " + argument + ": declare it before its completer");
            }
            completers.put(argument, completer);
            return this;
        }

        private boolean has(String argument) {
            return arguments.stream().anyMatch(a -> a.name().equals(argument));
        }

        public Builder icons(Icon... newIcons) {
            this.icons = List.of(newIcons);
            return this;
        }

        public Builder meta(Meta newMeta) {
            this.meta = newMeta;
            return this;
        }

        public <T> Builder with(Attribute<T> attribute, T value) {
            this.attributes = attributes.with(attribute, value);
            return this;
        }

        /** Completes the prompt. */
        public Prompt handle(PromptHandler handler) {
            return new Prompt(this, handler);
        }
    }
}
