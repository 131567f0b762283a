package dev.mortise.mcp.client;

import dev.mortise.mcp.schema.ResourceContents;

/**
 * A skill that was read and found to be what its entry says. Its other files are fetched when they are asked for, held to
 * the same entry, and kept here. Thread-safe.
 *
 * <p>That a digest is right says that the server agrees with itself, not that it can be trusted. Show a model where the
 * skill comes from, let nothing in it run without the user's consent, and let it read from its own server only, which is
 * all that {@link #read} does.
 */
public interface LoadedSkill {
    /** What was loaded; stays the same however the server changes. */
    SkillEntry entry();

    /** The whole {@code SKILL.md}, its frontmatter included. */
    String text();

    /**
     * Reads a file of the skill.
     *
     * @param path as the skill refers to it: relative to its root, such as {@code references/FORMS.md}
     * @throws SkillRejectedException if the entry has no such file, or the server sends another content than it announced
     */
    default ResourceContents read(String path) {
        return read(path, CallOptions.DEFAULT);
    }

    ResourceContents read(String path, CallOptions options);
}
