package dev.mortise.mcp.skill;

import dev.mortise.mcp.internal.skill.Frontmatter;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The skills in a folder: every folder below it that holds a {@code SKILL.md}. Looked through again when it is asked for
 * and a second has passed; a file is read again only if its size or time has changed. Links are not followed, hidden
 * files are not served, and a skill that breaks a rule is left out with a warning. Thread-safe.
 */
final class SkillFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SkillFolder.class);
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_FILES = 50_000;
    private static final int MAX_DEPTH = 32;

    /** What a file was when it was read. */
    private record Known(FileTime modified, long size, SkillFile file) {}

    private final Path root;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private Map<Path, Known> known = new HashMap<>();
    private Map<Path, String> warned = new HashMap<>();
    private Scan last = new Scan(0, List.of());
    private long scanned;

    /** @throws IllegalArgumentException if there is no such folder */
    SkillFolder(Path folder) {
        this(folder, System::nanoTime);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    SkillFolder(Path folder, LongSupplier nanos) {
        this.nanos = nanos;
        try {
            requireParser();
            this.root = folder.toRealPath();
        } catch (IOException e) {
            throw new IllegalArgumentException("There is no folder " + folder + " to serve skills from", e);
        }
        if (!Files.isDirectory(root)) {
            throw new IllegalArgumentException(folder + " is a file: skills are served from a folder");
        }
    }

    /** What was found, and a number that changes when something else is found. */
    record Scan(long number, List<Skill> skills) {}

    Scan scan() {
        lock.lock();
        try {
            if (last.number() == 0 || nanos.getAsLong() - scanned > FRESH) {
                last = look(last);
                scanned = nanos.getAsLong();
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Here and not beside the parsing, whose class cannot even be loaded without the parser. */
    private static void requireParser() {
        try {
            Class.forName("org.snakeyaml.engine.v2.api.Load", false, SkillFolder.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "Skills in folders need org.snakeyaml:snakeyaml-engine 3 beside this library, and on the module path"
                            + " --add-modules org.snakeyaml.engine",
                    e);
        }
    }

    private Scan look(Scan before) {
        NavigableMap<Path, BasicFileAttributes> files = new TreeMap<>();
        try {
            Files.walkFileTree(root, java.util.Set.of(), MAX_DEPTH, new Visitor(files));
        } catch (IOException e) {
            LOG.warn("{} cannot be read", root, e);
        }
        Map<Path, Known> seen = new HashMap<>();
        Map<Path, String> bad = new HashMap<>();
        List<Skill> found = new ArrayList<>();
        for (Path file : files.keySet()) {
            Path folder = file.getParent();
            if (folder != null && file.endsWith(Skill.MAIN) && !folder.equals(root)) {
                try {
                    found.add(skill(folder, files, seen));
                } catch (InvalidSkill | IOException e) {
                    bad.put(folder, String.valueOf(e.getMessage()));
                }
            }
        }
        bad.forEach((folder, reason) -> {
            if (!reason.equals(warned.get(folder))) {
                LOG.warn("{} is not served as a skill: {}", folder, reason);
            }
        });
        boolean unchanged = before.number() > 0 && seen.equals(known) && bad.equals(warned);
        warned = bad;
        known = seen;
        return unchanged ? before : new Scan(before.number() + 1, List.copyOf(found));
    }

    /** A nested skill's files are files of the one around it, too (skills: Resources). */
    private Skill skill(Path folder, NavigableMap<Path, BasicFileAttributes> files, Map<Path, Known> seen)
            throws IOException {
        List<SkillFile> content = new ArrayList<>();
        for (var entry : files.entrySet()) {
            if (!entry.getKey().startsWith(folder)) {
                continue;
            }
            if (content.size() >= Skill.MAX_FILES) {
                throw new InvalidSkill("it has more than " + Skill.MAX_FILES + " files");
            }
            content.add(file(entry.getKey(), folder, entry.getValue(), seen));
        }
        Path main = folder.resolve(Skill.MAIN);
        return new Skill(name(root.relativize(folder)), Frontmatter.read(bytes(main)), content);
    }

    private SkillFile file(Path file, Path folder, BasicFileAttributes attributes, Map<Path, Known> seen)
            throws IOException {
        Known before = seen.getOrDefault(file, known.get(file));
        if (before == null
                || before.size() != attributes.size()
                || !before.modified().equals(attributes.lastModifiedTime())) {
            SkillFile read = SkillFile.read(
                    "", () -> Files.newInputStream(inside(file), LinkOption.NOFOLLOW_LINKS), Skill.MAX_BYTES);
            before = new Known(attributes.lastModifiedTime(), attributes.size(), read);
        }
        seen.put(file, before);
        SkillFile content = before.file();
        return new SkillFile(name(folder.relativize(file)), content.digest(), content.size(), content.content());
    }

    private byte[] bytes(Path main) throws IOException {
        try (var in = Files.newInputStream(inside(main), LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes((int) Skill.MAX_BYTES);
        }
    }

    /** A folder on the way may have become a link since it was looked at. */
    private Path inside(Path file) throws IOException {
        Path real = file.toRealPath();
        if (!real.equals(file)) {
            throw new IOException(file + " leads elsewhere");
        }
        return real;
    }

    private static String name(Path relative) {
        List<String> segments = new ArrayList<>();
        relative.forEach(segment -> segments.add(segment.toString()));
        String path = String.join("/", segments);
        if (!Skill.isSafe(path)) {
            throw new InvalidSkill("it has a file whose name cannot be served: " + path);
        }
        return path;
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final NavigableMap<Path, BasicFileAttributes> files;

        Visitor(NavigableMap<Path, BasicFileAttributes> files) {
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isHidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(file)) {
                files.put(file, attributes);
            }
            return files.size() < MAX_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            LOG.debug("{} cannot be read", file, e);
            return FileVisitResult.CONTINUE;
        }

        private static boolean isHidden(Path path) {
            Path name = path.getFileName();
            return name != null && name.toString().startsWith(".");
        }
    }
}
