package dev.mortise.mcp.client;

import dev.mortise.mcp.internal.skill.SkillRules;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.skill.InvalidSkill;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server says about one of its skills: what it is for, and a complete list of its files (skills: Skill Entries).
 * Nothing of the skill itself has been read. Immutable.
 *
 * <p>All of it is the server's word, and so is what the skill says: untrusted text for a model. Fields such as
 * {@code allowed-tools} are wishes, which count for nothing until the user grants them. A skill is identified by its
 * server and its {@link #uri()} together, never by its name; an approval holds for as long as {@link #files()} is the
 * same.
 *
 * @param uri of its {@code SKILL.md}
 * @param frontmatter all that its author wrote into the head of {@code SKILL.md}; {@code name} and {@code description} at
 *     least
 * @param files all of its files, ordered by path; empty if the skill is {@linkplain #isDynamic dynamic}
 */
public record SkillEntry(String uri, ObjectNode frontmatter, List<File> files) {
    /** What every host has to take (skills: Limits). */
    public static final int MAX_FILES = 512;

    /** What every host has to take, in bytes over all files (skills: Limits). */
    public static final long MAX_BYTES = 16L * 1024 * 1024;

    private static final String MAIN = "SKILL.md";
    private static final String DYNAMIC = "dynamic";
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern SEGMENT = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,1024}");

    /**
     * One file of a skill.
     *
     * @param path within the skill, its segments separated by {@code /}
     * @param digest {@code sha256:} and 64 hexadecimal digits
     * @param size in bytes
     */
    public record File(String path, String uri, String digest, long size) {}

    /** @throws IllegalArgumentException if it is not as the specification demands; then it must not be loaded */
    public SkillEntry {
        frontmatter = frontmatter.deepCopy();
        try {
            SkillRules.check(frontmatter);
        } catch (InvalidSkill e) {
            throw new IllegalArgumentException(e.getMessage());
        }
        String root = root(uri);
        if (!root.endsWith("/" + frontmatter.path("name").stringValue())) {
            throw new IllegalArgumentException("The URI of a skill ends with its name and /" + MAIN);
        }
        Set<String> paths = new HashSet<>();
        for (File file : files) {
            if (!file.path().equals(path(root, file.uri())) || !paths.add(file.path())) {
                throw new IllegalArgumentException("A file of the skill is not its own, or is there twice");
            }
            if (!DIGEST.matcher(file.digest()).matches() || file.size() < 0) {
                throw new IllegalArgumentException("A file of the skill has no digest, or no size");
            }
        }
        if (!files.isEmpty() && files.stream().noneMatch(file -> file.uri().equals(uri))) {
            throw new IllegalArgumentException("The skill's files leave out its " + MAIN);
        }
        files = files.stream().sorted(Comparator.comparing(File::path)).toList();
    }

    /**
     * Reads an entry as it is on the wire.
     *
     * @throws IllegalArgumentException if it is not as the specification demands
     */
    public static SkillEntry from(JsonNode json) {
        if (!json.path("uri").isString() || !(json.path("frontmatter") instanceof ObjectNode frontmatter)) {
            throw new IllegalArgumentException("An entry of a skill has a uri and a frontmatter");
        }
        String uri = json.path("uri").stringValue();
        JsonNode resources = json.path("resources");
        if (resources.isString() && resources.stringValue().equals(DYNAMIC)) {
            return new SkillEntry(uri, frontmatter, List.of());
        }
        if (!resources.isArray() || resources.isEmpty()) {
            throw new IllegalArgumentException("The resources of a skill are a list of its files, or \"dynamic\"");
        }
        String root = root(uri);
        List<File> files = new ArrayList<>(resources.size());
        for (JsonNode file : resources) {
            JsonNode size = file.path("size");
            String its = file.path("uri").asString("");
            files.add(new File(
                    path(root, its),
                    its,
                    file.path("digest").asString(""),
                    size.isIntegralNumber() && size.canConvertToLong() ? size.longValue() : -1));
        }
        return new SkillEntry(uri, frontmatter, files);
    }

    /** As on the wire: for whoever keeps what a user approved. */
    public ObjectNode json() {
        ObjectNode json = Json.object().put("uri", uri);
        json.set("frontmatter", frontmatter());
        if (isDynamic()) {
            return json.put("resources", DYNAMIC);
        }
        var resources = json.putArray("resources");
        files.forEach(file -> resources
                .addObject()
                .put("uri", file.uri())
                .put("digest", file.digest())
                .put("size", file.size()));
        return json;
    }

    /** A label to show and to call it by; another skill may have the same. */
    public String name() {
        return frontmatter.path("name").stringValue();
    }

    /** What it does and when to use it. */
    public String description() {
        return frontmatter.path("description").stringValue();
    }

    /** Whether its content is made up as it is asked for, so that nothing of it can be verified. It is not loaded. */
    public boolean isDynamic() {
        return files.isEmpty();
    }

    @Override
    public ObjectNode frontmatter() {
        return frontmatter.deepCopy();
    }

    /**
     * One of the files.
     *
     * @param path within the skill, as a file system would have it; {@code ./} and {@code a/../} are resolved
     */
    public Optional<File> file(String path) {
        String wanted = URI.create("/").resolve(encoded(path)).normalize().getPath();
        return files.stream().filter(file -> wanted.equals("/" + file.path())).findFirst();
    }

    private static URI encoded(String path) {
        try {
            return new URI(null, null, "/" + path, null);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException("No path of a file: " + path, e);
        }
    }

    /** The folder of a {@code SKILL.md}, without a slash at its end. */
    private static String root(String uri) {
        URI parsed = parsed(uri);
        if (parsed == null || !parsed.isAbsolute() || !uri.endsWith("/" + MAIN)) {
            throw new IllegalArgumentException("The URI of a skill is that of its " + MAIN);
        }
        return uri.substring(0, uri.length() - MAIN.length() - 1);
    }

    /** Where in its skill a file is. Nothing that could lead out of it is taken. */
    private static String path(String root, String uri) {
        URI rest = uri.startsWith(root + "/") && parsed(uri) != null ? parsed(uri.substring(root.length())) : null;
        String path = rest == null || rest.getPath() == null ? "" : rest.getPath();
        // An encoded slash would be one segment in the URI and two in the path.
        boolean isOne = rest != null
                && rest.getRawPath() != null
                && rest.getRawPath().split("/", -1).length == path.split("/", -1).length;
        for (String segment :
                path.isEmpty() ? new String[] {""} : path.substring(1).split("/", -1)) {
            if (!isOne || !SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("A file of the skill is not in the skill's folder");
            }
        }
        return path.substring(1);
    }

    private static @Nullable URI parsed(String uri) {
        try {
            URI parsed = new URI(uri);
            return parsed.getRawQuery() == null && parsed.getRawFragment() == null ? parsed : null;
        } catch (java.net.URISyntaxException e) {
            return null;
        }
    }
}
