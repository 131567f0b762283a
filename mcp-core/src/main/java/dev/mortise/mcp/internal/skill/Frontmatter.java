package dev.mortise.mcp.internal.skill;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.skill.InvalidSkill;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.node.ObjectNode;

/** The head of a {@code SKILL.md}: YAML between two lines of three dashes, as JSON. */
public final class Frontmatter {
    private static final int MAX_CHARACTERS = 64 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final Pattern BLOCK =
            Pattern.compile("\\A---[ \\t]*\\r?\\n(.*?)\\r?\\n---[ \\t]*(?:\\r?\\n|\\z)", Pattern.DOTALL);

    private Frontmatter() {}

    /**
     * Reads the frontmatter of a {@code SKILL.md}.
     *
     * @throws InvalidSkill if there is none, or it breaks a rule
     */
    public static ObjectNode read(byte[] skillMd) {
        String text = text(skillMd);
        Matcher block = BLOCK.matcher(text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (!block.find()) {
            throw new InvalidSkill("SKILL.md must begin with YAML between two lines of ---");
        }
        ObjectNode frontmatter = parse(block.group(1));
        SkillRules.check(frontmatter);
        return frontmatter;
    }

    private static ObjectNode parse(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(10)
                .setCodePointLimit(MAX_CHARACTERS)
                .build();
        try {
            Object loaded = new Load(settings).loadFromString(yaml);
            if (plain(loaded, 0) instanceof Map<?, ?> map && Json.tree(map) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (YamlEngineException | StackOverflowError e) {
            throw new InvalidSkill("The frontmatter is no valid YAML: " + e.getMessage());
        }
        throw new InvalidSkill("The frontmatter must be a mapping");
    }

    /** YAML allows any key, JSON only text. */
    private static @Nullable Object plain(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidSkill("The frontmatter nests deeper than " + MAX_DEPTH + " levels");
        }
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((key, member) -> plain.put(String.valueOf(key), plain(member, depth + 1)));
                yield plain;
            }
            case List<?> list ->
                list.stream().map(item -> plain(item, depth + 1)).toArray();
            case Object other -> other;
        };
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidSkill("SKILL.md is not UTF-8");
        }
    }
}
