package dev.mortise.mcp.internal.client.skill;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.LoadedSkill;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.SkillEntry;
import dev.mortise.mcp.internal.client.Engine;
import dev.mortise.mcp.internal.client.Lenient;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ReadResourceResult;
import dev.mortise.mcp.schema.ResourceContents;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The skills of one server: what there is, and what it is worth. Fetches no file before it is asked for. Thread-safe. */
public final class SkillReader {
    /** The id of the extension. */
    private static final String ID = "io.modelcontextprotocol/skills";

    private static final String LIST = "skills/list";
    private static final String GET = "skills/get";
    private static final String READ = "resources/read";
    private static final Logger LOG = LoggerFactory.getLogger(SkillReader.class);

    private final Engine engine;

    public SkillReader(Engine engine) {
        this.engine = engine;
    }

    /** What the server lists; nothing if it does not know of skills, which must then not be asked for. */
    public Stream<SkillEntry> list() {
        return isOffered() ? engine.list(LIST, SkillReader::entries) : Stream.empty();
    }

    /** Asks for one entry as it is now: who comes here after a change must not get what was kept before. */
    public SkillEntry get(String uri, CallOptions options) {
        if (!isOffered()) {
            throw new ProtocolViolationException("The server has no skills: it does not declare " + ID);
        }
        JsonNode result = engine.call(GET, Json.object().put("uri", uri), options);
        try {
            SkillEntry entry = SkillEntry.from(result.path("skill"));
            if (entry.uri().equals(uri)) {
                return entry;
            }
            throw new ProtocolViolationException(GET + " was answered with another skill");
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolationException(GET + " was answered with what is no skill: " + e.getMessage(), e);
        }
    }

    public LoadedSkill load(SkillEntry entry, CallOptions options) {
        return VerifiedSkill.load(entry, this, options);
    }

    private boolean isOffered() {
        return engine.server().capabilities().supportsExtension(ID);
    }

    private static List<SkillEntry> entries(JsonNode page) {
        if (!page.path("skills").isArray()) {
            throw new ProtocolViolationException(LIST + " was answered without a list");
        }
        List<SkillEntry> entries = new ArrayList<>();
        for (JsonNode entry : page.path("skills")) {
            try {
                entries.add(SkillEntry.from(entry));
            } catch (IllegalArgumentException e) {
                LOG.warn(
                        "The skill {} is left out: {}",
                        Excerpt.of(entry.path("uri").asString(""), 200),
                        Excerpt.of(String.valueOf(e.getMessage()), 200));
            }
        }
        return entries;
    }

    /** Fetches a file. Not from what is kept of resources, which may be older than the entry. */
    ResourceContents fetch(String uri, CallOptions options) {
        JsonNode result = engine.call(READ, Json.object().put("uri", uri), options);
        List<ResourceContents> contents =
                Lenient.read(READ, result, ReadResourceResult.class).contents();
        if (contents.size() != 1) {
            throw new ProtocolViolationException(
                    "A file of a skill was answered with " + contents.size() + " contents");
        }
        return contents.getFirst();
    }

    /** What was listed is not what there is; who lists again gets it anew. */
    void forgetList() {
        engine.forget(LIST);
    }
}
