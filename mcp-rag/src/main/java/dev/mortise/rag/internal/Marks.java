package dev.mortise.rag.internal;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Values of other modules that a host puts on what a plugin offers, such as security levels. What is put later counts
 * where both are meant. Not thread-safe while it is filled.
 */
public final class Marks {
    private record Mark<T>(Attribute<T> attribute, T value, Set<String> names) {
        boolean isFor(String name) {
            return names.isEmpty() || names.contains(name);
        }

        <I> Tool.Builder<I> on(Tool.Builder<I> tool) {
            return tool.with(attribute, value);
        }

        Prompt.Builder on(Prompt.Builder prompt) {
            return prompt.with(attribute, value);
        }

        Resource.Builder on(Resource.Builder resource) {
            return resource.with(attribute, value);
        }

        ResourceTemplate.Builder on(ResourceTemplate.Builder template) {
            return template.with(attribute, value);
        }
    }

    private final List<Mark<?>> marks = new ArrayList<>();

    public Marks() {}

    public Marks(Marks other) {
        marks.addAll(other.marks);
    }

    /** @param names of tools and prompts; none for everything, resources and templates too */
    public <T> void put(Attribute<T> attribute, T value, String... names) {
        marks.add(new Mark<>(attribute, value, Set.of(names)));
    }

    public <I> Tool.Builder<I> on(String name, Tool.Builder<I> tool) {
        Tool.Builder<I> all = tool;
        for (Mark<?> mark : marks) {
            all = mark.isFor(name) ? mark.on(all) : all;
        }
        return all;
    }

    public Prompt.Builder on(String name, Prompt.Builder prompt) {
        Prompt.Builder all = prompt;
        for (Mark<?> mark : marks) {
            all = mark.isFor(name) ? mark.on(all) : all;
        }
        return all;
    }

    public Resource.Builder on(Resource.Builder resource) {
        Resource.Builder all = resource;
        for (Mark<?> mark : marks) {
            all = mark.names().isEmpty() ? mark.on(all) : all;
        }
        return all;
    }

    public ResourceTemplate.Builder on(ResourceTemplate.Builder template) {
        ResourceTemplate.Builder all = template;
        for (Mark<?> mark : marks) {
            all = mark.names().isEmpty() ? mark.on(all) : all;
        }
        return all;
    }
}
