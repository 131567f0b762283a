package dev.mortise.mcp.internal.client.skill;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.LoadedSkill;
import dev.mortise.mcp.client.SkillEntry;
import dev.mortise.mcp.client.SkillRejectedException;
import dev.mortise.mcp.client.SkillRejectedException.Reason;
import dev.mortise.mcp.internal.skill.Frontmatter;
import dev.mortise.mcp.schema.BlobResourceContents;
import dev.mortise.mcp.schema.ResourceContents;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.skill.InvalidSkill;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A skill and the entry it is held to, for as long as somebody has it in use (skills: The Acting Window and the Held
 * Entry). What was read is kept: it is bounded by the entry, whose limits were checked before.
 */
final class VerifiedSkill implements LoadedSkill {
    private final SkillEntry entry;
    private final SkillReader reader;
    private final Map<String, ResourceContents> read = new ConcurrentHashMap<>();
    private final String text;

    private VerifiedSkill(SkillEntry entry, SkillReader reader, CallOptions options) {
        this.entry = entry;
        this.reader = reader;
        SkillEntry.File main = entry.files().stream()
                .filter(file -> file.uri().equals(entry.uri()))
                .findFirst()
                .orElseThrow();
        byte[] bytes = bytes(file(main, options));
        checkFrontmatter(bytes);
        this.text = new String(bytes, StandardCharsets.UTF_8);
    }

    /** @throws SkillRejectedException if it is not what its entry says, or its entry says too much */
    static VerifiedSkill load(SkillEntry entry, SkillReader reader, CallOptions options) {
        if (entry.isDynamic()) {
            throw new SkillRejectedException(entry.uri(), Reason.DYNAMIC, "it is dynamic, so nothing can be verified");
        }
        long bytes = 0;
        for (SkillEntry.File file : entry.files()) {
            bytes = Math.min(bytes, SkillEntry.MAX_BYTES + 1) + Math.min(file.size(), SkillEntry.MAX_BYTES + 1);
        }
        if (entry.files().size() > SkillEntry.MAX_FILES || bytes > SkillEntry.MAX_BYTES) {
            throw new SkillRejectedException(
                    entry.uri(),
                    Reason.TOO_LARGE,
                    "it has more than " + SkillEntry.MAX_FILES + " files or " + SkillEntry.MAX_BYTES + " bytes");
        }
        return new VerifiedSkill(entry, reader, options);
    }

    @Override
    public SkillEntry entry() {
        return entry;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public ResourceContents read(String path, CallOptions options) {
        return file(
                entry.file(path)
                        .orElseThrow(() -> rejected(
                                entry.uri(),
                                Reason.NOT_LISTED,
                                "it has no file " + path + ", as far as its entry says")),
                options);
    }

    private ResourceContents file(SkillEntry.File file, CallOptions options) {
        ResourceContents known = read.get(file.path());
        if (known != null) {
            return known;
        }
        ResourceContents contents = reader.fetch(file.uri(), options);
        byte[] bytes = bytes(contents);
        if (bytes.length != file.size()) {
            throw rejected(
                    file.uri(), Reason.OTHER_SIZE, bytes.length + " bytes came, and its entry says " + file.size());
        }
        if (!file.digest().equals("sha256:" + HexFormat.of().formatHex(sha256(bytes)))) {
            throw rejected(file.uri(), Reason.OTHER_DIGEST, "what came has another digest than its entry says");
        }
        read.put(file.path(), contents);
        return contents;
    }

    private void checkFrontmatter(byte[] main) {
        ObjectNode written;
        try {
            written = Frontmatter.read(main);
        } catch (InvalidSkill e) {
            throw rejected(entry.uri(), Reason.OTHER_FRONTMATTER, String.valueOf(e.getMessage()));
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "Loading skills needs org.snakeyaml:snakeyaml-engine: what a SKILL.md says about itself is compared"
                            + " with what its server says",
                    e);
        }
        if (!written.equals(VerifiedSkill::compare, entry.frontmatter())) {
            throw rejected(
                    entry.uri(), Reason.OTHER_FRONTMATTER, "its SKILL.md says something else about it than its entry");
        }
    }

    /** Numbers are the same if their values are: YAML and JSON write them in different ways. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one instanceof NumericNode number && other instanceof NumericNode && !number.isNaN()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    private byte[] bytes(ResourceContents contents) {
        return switch (contents) {
            case TextResourceContents some -> some.text().getBytes(StandardCharsets.UTF_8);
            case BlobResourceContents some -> decoded(some);
        };
    }

    private byte[] decoded(BlobResourceContents contents) {
        try {
            return contents.bytes();
        } catch (IllegalArgumentException e) {
            throw rejected(contents.uri(), Reason.OTHER_DIGEST, "what came is not Base64");
        }
    }

    private SkillRejectedException rejected(String uri, Reason reason, String why) {
        reader.forgetList();
        return new SkillRejectedException(uri, reason, why);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "LoadedSkill[" + entry.uri() + "]";
    }
}
