package dev.mortise.mcp.internal.skill;

import dev.mortise.mcp.skill.InvalidSkill;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** What the Agent Skills specification demands of every frontmatter. Apart from its reading, which needs a YAML parser. */
public final class SkillRules {
    private static final Pattern NAME = Pattern.compile("(?!.*--)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");

    private SkillRules() {}

    /** @throws InvalidSkill if the name or the description is missing, or not as it should be */
    public static void check(ObjectNode frontmatter) {
        String name = frontmatter.path("name").asString("");
        if (!frontmatter.path("name").isString() || !NAME.matcher(name).matches()) {
            throw new InvalidSkill("A skill's name has 1 to 64 of a-z 0-9 -, and no - at an end or beside another;"
                    + " this one is \"" + name + "\"");
        }
        String description = frontmatter.path("description").asString("");
        if (!frontmatter.path("description").isString() || description.isBlank()) {
            throw new InvalidSkill("The skill " + name + " needs a description: what it does and when to use it");
        }
    }
}
