package dev.mortise.mcp.skill;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The extension {@code io.modelcontextprotocol/skills}: a server ships the instructions for its use. Skills come from
 * folders, which may change while the server runs, or from code; each of their files is a resource. The policy is asked
 * about them as about any resource. A plugin for one server; thread-safe once installed.
 *
 * <pre>{@code
 * McpServer server = McpServer.builder("billing", "1.0")
 *         .plugin(Skills.folder(Path.of("skills")))
 *         .build();
 * }</pre>
 *
 * <p>Folders need {@code org.snakeyaml:snakeyaml-engine} beside this library.
 */
public final class Skills implements McpServer.Plugin {
    /** The id of the extension. */
    public static final String ID = "io.modelcontextprotocol/skills";

    private static final int PAGE = 100;

    record Page(@Nullable String cursor) {}

    record Uri(@Nullable String uri, @Nullable String cursor) {
        Uri {
            required(uri);
        }

        String wanted() {
            return required(uri);
        }

        private static String required(@Nullable String uri) {
            if (uri == null) {
                throw new IllegalArgumentException("uri must be the URI of a skill or a directory");
            }
            return uri;
        }
    }

    private final List<SkillFolder> folders;
    private final List<Skill> composed;
    private volatile @Nullable RunningServer server;
    private volatile @Nullable Shelved shelved;

    private Skills(List<SkillFolder> folders, List<Skill> composed) {
        this.folders = List.copyOf(folders);
        this.composed = List.copyOf(composed);
    }

    /**
     * The skills below a folder: each is a folder with a {@code SKILL.md}, named like the skill. One that breaks a rule is
     * left out, and the log says why.
     *
     * @throws IllegalArgumentException if there is no such folder
     */
    public static Skills folder(Path folder) {
        return new Skills(List.of(new SkillFolder(folder)), List.of());
    }

    /** Skills that were composed in code. */
    public static Skills of(Skill... skills) {
        return new Skills(List.of(), List.of(skills));
    }

    /** These and the skills below another folder. */
    public Skills andFolder(Path folder) {
        List<SkillFolder> more = new ArrayList<>(folders);
        more.add(new SkillFolder(folder));
        return new Skills(more, composed);
    }

    /** These and one more. */
    public Skills and(Skill skill) {
        List<Skill> more = new ArrayList<>(composed);
        more.add(skill);
        return new Skills(folders, more);
    }

    @Override
    public void install(McpServerBuilder builder) {
        shelf();
        builder.extension(ID, Json.object().put("directoryRead", true))
                .resources(new Files())
                .method(ServerMethod.named("skills/list", Page.class).handle(this::list))
                .method(ServerMethod.named("skills/get", Uri.class)
                        .about((caller, params) -> about(params.wanted()))
                        .handle(this::get))
                .method(ServerMethod.named("resources/directory/read", Uri.class)
                        .about((caller, params) -> about(params.wanted()))
                        .handle(this::read))
                .companion(running -> server = running);
    }

    /** The skills as they are now; the same shelf as before if they are the same. */
    private SkillShelf shelf() {
        List<SkillFolder.Scan> now = folders.stream().map(SkillFolder::scan).toList();
        List<Long> numbers = now.stream().map(SkillFolder.Scan::number).toList();
        Shelved last = shelved;
        if (last != null && last.numbers().equals(numbers)) {
            return last.shelf();
        }
        List<Skill> all = new ArrayList<>(composed);
        now.forEach(scan -> all.addAll(scan.skills()));
        SkillShelf shelf = new SkillShelf(all);
        shelved = new Shelved(numbers, shelf);
        return shelf;
    }

    /** A shelf, and the numbers of the scans that it was made from. */
    private record Shelved(List<Long> numbers, SkillShelf shelf) {}

    private static Target about(String uri) {
        return Target.of(Target.Kind.RESOURCE, uri, Attributes.NONE);
    }

    private RunningServer server() {
        RunningServer running = server;
        if (running == null) {
            throw new IllegalStateException("These skills are not part of a running server");
        }
        return running;
    }

    private boolean mayBeSeen(Call call, String uri) {
        return !(server().decide(call.caller(), about(uri)) instanceof Decision.Deny);
    }

    private Outcome list(Page params, Call call) {
        return page(call, shelf().entries(), params.cursor(), "skills")
                .map(result -> (Outcome) new Outcome.Complete(server().hinted(result)))
                .orElseGet(Skills::badCursor);
    }

    private Outcome get(Uri params, Call call) {
        String uri = params.wanted();
        JsonNode entry = shelf().entries().get(uri);
        if (entry == null) {
            return new Outcome.Refused(Refusal.InvalidParams.of("No skill is served at this URI"));
        }
        ObjectNode members = Json.object();
        members.set("skill", entry);
        return new Outcome.Complete(server().hinted(ExtensionResult.of(members)));
    }

    private Outcome read(Uri params, Call call) {
        Optional<NavigableMap<String, JsonNode>> children = shelf().folder(params.wanted());
        if (children.isEmpty()) {
            return new Outcome.Refused(Refusal.InvalidParams.of("This URI is not one of a directory"));
        }
        return page(call, children.get(), params.cursor(), "resources")
                .map(result -> (Outcome) new Outcome.Complete(result))
                .orElseGet(Skills::badCursor);
    }

    /** A stretch of a list that is ordered by URIs; empty if the cursor is none. */
    private Optional<ExtensionResult> page(
            Call call, NavigableMap<String, JsonNode> all, @Nullable String cursor, String member) {
        String after;
        try {
            after = cursor == null ? null : new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        ObjectNode members = Json.object();
        ArrayNode entries = members.putArray(member);
        String last = null;
        for (var entry : (after == null ? all : all.tailMap(after, false)).entrySet()) {
            if (entries.size() == PAGE && last != null) {
                members.put(
                        "nextCursor",
                        Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
                break;
            }
            if (mayBeSeen(call, entry.getKey())) {
                entries.add(entry.getValue());
                last = entry.getKey();
            }
        }
        return Optional.of(ExtensionResult.of(members));
    }

    private static Outcome badCursor() {
        return new Outcome.Refused(Refusal.InvalidParams.of("cursor is not one of this list: begin again without it"));
    }

    /** The files of all skills, as resources. */
    private final class Files implements Source<Resource> {
        @Override
        public List<Resource> list(Caller caller, @Nullable String after, int limit) {
            NavigableMap<String, Resource> files = shelf().files();
            return (after == null ? files : files.tailMap(after, false))
                    .values().stream().limit(limit).toList();
        }

        @Override
        public Optional<Resource> find(Caller caller, String key) {
            return Optional.ofNullable(shelf().files().get(key));
        }
    }
}
