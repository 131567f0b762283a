package dev.mortise.mcp.skill;

import dev.mortise.mcp.internal.skill.SkillRules;
import dev.mortise.mcp.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A skill: a {@code SKILL.md} that tells an agent how to do something, and the files that it refers to. Immutable.
 *
 * <pre>{@code
 * Skill refunds = Skill.named("refunds", "Process refund requests per company policy")
 *         .under("acme/billing")
 *         .file("examples/email.md", "Dear customer, …")
 *         .instructions("# Refunds\n\nUse `examples/email.md` as a template.");
 * }</pre>
 */
public final class Skill {
    /** What every host takes, and a server should not exceed (skills: Limits). */
    static final int MAX_FILES = 512;

    static final long MAX_BYTES = 16 * 1024 * 1024;
    static final String MAIN = "SKILL.md";

    private static final Pattern SEGMENT = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

    private final String path;
    private final ObjectNode frontmatter;
    private final NavigableMap<String, SkillFile> files;

    /**
     * A skill.
     *
     * @param path where it is in the server's namespace; its last segment is the name
     * @throws InvalidSkill if it breaks a rule
     */
    Skill(String path, ObjectNode frontmatter, Collection<SkillFile> files) {
        SkillRules.check(frontmatter);
        String name = frontmatter.path("name").stringValue();
        if (!path.equals(name) && !path.endsWith("/" + name)) {
            throw new InvalidSkill("The skill in " + path + " is named " + name
                    + ": the name and the last folder must be the same (skills: Resource Mapping)");
        }
        this.path = path;
        this.frontmatter = frontmatter;
        this.files = new TreeMap<>();
        files.forEach(file -> this.files.put(file.path(), file));
        if (files.size() > MAX_FILES
                || files.stream().mapToLong(SkillFile::size).sum() > MAX_BYTES) {
            throw new InvalidSkill(
                    "The skill " + path + " has more than " + MAX_FILES + " files or " + MAX_BYTES + " bytes");
        }
    }

    /**
     * Begins a skill.
     *
     * @param name 1 to 64 of {@code a–z 0–9 -}, without {@code -} at an end or beside another
     * @param description what it does and when to use it: what an agent chooses by
     */
    public static Builder named(String name, String description) {
        return new Builder(name, description);
    }

    String path() {
        return path;
    }

    String name() {
        return frontmatter.path("name").stringValue();
    }

    String description() {
        return frontmatter.path("description").stringValue();
    }

    ObjectNode frontmatter() {
        return frontmatter;
    }

    NavigableMap<String, SkillFile> files() {
        return files;
    }

    /** Whether a path has nothing in it that could lead elsewhere. */
    static boolean isSafe(String path) {
        return Arrays.stream(path.split("/", -1))
                .allMatch(
                        segment -> SEGMENT.matcher(segment).matches() && !segment.equals(".") && !segment.equals(".."));
    }

    /** Composes a skill in code. */
    public static final class Builder {
        private final ObjectNode frontmatter = Json.object();
        private final NavigableMap<String, SkillFile> files = new TreeMap<>();
        private String prefix = "";

        private Builder(String name, String description) {
            frontmatter.put("name", name).put("description", description);
            SkillRules.check(frontmatter);
        }

        /** Where in the server's namespace it is, such as {@code acme/billing}; at its root unless set. */
        public Builder under(String path) {
            if (!isSafe(path)) {
                throw new InvalidSkill("No path for a skill: " + path);
            }
            this.prefix = path + "/";
            return this;
        }

        /**
         * Another field of the frontmatter, such as {@code license}.
         *
         * @param value anything that JSON can say
         */
        public Builder with(String field, Object value) {
            if (frontmatter.has(field)) {
                throw new InvalidSkill("The frontmatter has a " + field + " already");
            }
            frontmatter.set(field, Json.tree(value));
            return this;
        }

        /** @param path relative, its segments separated by {@code /} */
        public Builder file(String path, String text) {
            return file(path, text.getBytes(StandardCharsets.UTF_8));
        }

        public Builder file(String path, byte[] bytes) {
            if (!isSafe(path) || path.equals(MAIN) || files.containsKey(path)) {
                throw new InvalidSkill("No path for another file of a skill: " + path);
            }
            files.put(path, SkillFile.of(path, bytes));
            return this;
        }

        /**
         * Completes the skill.
         *
         * @param markdown what follows the frontmatter in {@code SKILL.md}
         */
        public Skill instructions(String markdown) {
            StringBuilder text = new StringBuilder("---\n");
            // JSON is YAML: so that what an agent reads says exactly what the entry says.
            for (var field : frontmatter.properties()) {
                text.append(Json.tree(field.getKey()))
                        .append(": ")
                        .append(yaml(field.getValue()))
                        .append('\n');
            }
            text.append("---\n\n").append(markdown);
            files.put(MAIN, SkillFile.of(MAIN, text.toString().getBytes(StandardCharsets.UTF_8)));
            return new Skill(prefix + frontmatter.path("name").stringValue(), frontmatter, List.copyOf(files.values()));
        }

        private static String yaml(JsonNode value) {
            return value.toString();
        }
    }
}
