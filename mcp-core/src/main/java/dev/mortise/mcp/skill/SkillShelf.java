package dev.mortise.mcp.skill;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Skills as they are served at one time: by the URIs that clients know them by. Nothing is ever looked up by a path that
 * a client made: a URI is one of these, or there is nothing. Immutable.
 */
final class SkillShelf {
    static final String DIRECTORY = "inode/directory";

    private static final String SCHEME = "skill";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("md", "text/markdown"),
            Map.entry("txt", "text/plain"),
            Map.entry("csv", "text/csv"),
            Map.entry("html", "text/html"),
            Map.entry("css", "text/css"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("xml", "application/xml"),
            Map.entry("yaml", "application/yaml"),
            Map.entry("yml", "application/yaml"),
            Map.entry("py", "text/x-python"),
            Map.entry("sh", "text/x-shellscript"),
            Map.entry("java", "text/x-java"),
            Map.entry("sql", "text/x-sql"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("pdf", "application/pdf"));

    private final NavigableMap<String, JsonNode> entries = new TreeMap<>();
    private final NavigableMap<String, Resource> files = new TreeMap<>();
    private final Map<String, NavigableMap<String, JsonNode>> folders = new LinkedHashMap<>();

    /** @param all where two have the same URI, the first */
    SkillShelf(Collection<Skill> all) {
        for (Skill skill : all) {
            String uri = uri(skill.path() + "/" + Skill.MAIN);
            if (entries.putIfAbsent(uri, entry(uri, skill)) == null) {
                skill.files().values().forEach(file -> shelve(skill, file));
            }
        }
    }

    /** The skills as clients get them. */
    NavigableMap<String, JsonNode> entries() {
        return entries;
    }

    NavigableMap<String, Resource> files() {
        return files;
    }

    /** The direct children of a folder by their URIs; empty if this is none. */
    Optional<NavigableMap<String, JsonNode>> folder(String uri) {
        return Optional.ofNullable(folders.get(uri));
    }

    /** A skill as clients get it (skills: Skill Entries). */
    private static ObjectNode entry(String uri, Skill skill) {
        ObjectNode entry = Json.object().put("uri", uri);
        entry.set("frontmatter", skill.frontmatter());
        ArrayNode resources = entry.putArray("resources");
        for (SkillFile file : skill.files().values()) {
            resources
                    .addObject()
                    .put("uri", uri(skill.path() + "/" + file.path()))
                    .put("digest", file.digest())
                    .put("size", file.size());
        }
        return entry;
    }

    private void shelve(Skill skill, SkillFile file) {
        boolean main = file.path().equals(Skill.MAIN);
        String path = skill.path() + "/" + file.path();
        String uri = uri(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        Resource resource = Resource.at(uri, main ? skill.name() : name)
                .description(main ? skill.description() : null)
                .mimeType(type(name))
                .size(file.size())
                .read(call -> ResourceOutcome.found(call.stream(file.content().open())));
        // A nested SKILL.md is described as the skill that it is, not as a file of the one around it.
        if (main) {
            files.put(uri, resource);
        } else {
            files.putIfAbsent(uri, resource);
        }
        list(skill, path, main ? resource.definition() : described(uri, resource));
    }

    private ResourceDefinition described(String uri, Resource resource) {
        return files.getOrDefault(uri, resource).definition();
    }

    /** Into its folder, and that into the one above, up to the skill's own. */
    private void list(Skill skill, String path, ResourceDefinition definition) {
        String folder = path.substring(0, path.lastIndexOf('/'));
        folders.computeIfAbsent(uri(folder), uri -> new TreeMap<>()).put(definition.uri(), Json.tree(definition));
        if (!folder.equals(skill.path())) {
            String name = folder.substring(folder.lastIndexOf('/') + 1);
            list(
                    skill,
                    folder,
                    ResourceDefinition.builder(uri(folder), name)
                            .mimeType(DIRECTORY)
                            .build());
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }

    /** The first segment stands where a host name would (skills: Resource Mapping). */
    private static String uri(String path) {
        int slash = path.indexOf('/');
        String first = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash);
        try {
            return SCHEME + "://" + new URI(null, null, first, null).toASCIIString()
                    + new URI(null, null, rest, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new InvalidSkill("No URI can be made for " + path);
        }
    }
}
