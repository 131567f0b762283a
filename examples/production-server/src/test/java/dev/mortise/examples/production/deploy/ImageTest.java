package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What can be said of the image without building it. */
class ImageTest {
    private static final Path ROOT = Path.of("../..");

    @TempDir
    Path folder;

    /** A folder of data and a package of that name are two things. */
    @Test
    void noSourceIsKeptFromIt() throws Exception {
        List<PathMatcher> ignored = Files.readAllLines(Kit.DEPLOY.resolve("Dockerfile.dockerignore")).stream()
                .flatMap(line ->
                        Stream.of(line, line.replaceFirst("^\\*\\*/", "")).flatMap(one -> Stream.of(one, one + "/**")))
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        assertThat(ignored).anyMatch(pattern -> pattern.matches(Path.of("mcp-core/target/classes/A.class")));
        try (Stream<Path> modules = Stream.concat(Files.list(ROOT), Files.list(ROOT.resolve("examples")))) {
            for (Path sources : modules.map(module -> module.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    assertThat(files.filter(Files::isRegularFile).map(ROOT::relativize))
                            .isNotEmpty()
                            .noneMatch(file -> ignored.stream().anyMatch(pattern -> pattern.matches(file)));
                }
            }
        }
    }

    /** It is told the port that the health check asks for, and is not root by a number that Kubernetes can see. */
    @Test
    void runsAsTheManifestsSay() throws Exception {
        String image = Files.readString(Kit.DEPLOY.resolve("Dockerfile"));
        String pods = Files.readString(Kit.DEPLOY.resolve("kubernetes/deployment.yaml"));
        assertThat(image).contains("USER 10001:10001", "PORT=4321", "CMD [\"/opt/mortise/healthcheck\"]");
        assertThat(pods).contains("runAsUser: 10001", "containerPort: 4321");
        assertThat(Kit.DEPLOY.resolve("healthcheck")).isExecutable();
        assertThat(Pattern.compile("(?m)^ARG .*=").matcher(image).results().count())
                .isEqualTo(2);
    }

    /** Its own step, and then a server that could not unpack anything, as where nothing can be executed from /tmp. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void sqliteNeedsNothingUnpacked() throws Exception {
        String image = Files.readString(Kit.DEPLOY.resolve("Dockerfile"));
        assertThat(image.substring(image.indexOf("ENTRYPOINT")))
                .contains("\"-Dorg.sqlite.lib.path=/opt/mortise/native\"");
        Matcher step =
                Pattern.compile("RUN (cd /tmp && jar xf (?:.*\\\\\n)*.*)").matcher(image);
        assertThat(step.find()).isTrue();
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Path libraries = Files.createDirectories(folder.resolve("opt/mortise/lib"));
        Path sqlite = jars().filter(jar -> jar.getFileName().toString().startsWith("sqlite-jdbc-"))
                .findFirst()
                .orElseThrow();
        Files.copy(sqlite, libraries.resolve(sqlite.getFileName()));
        String script = step.group(1)
                .replace("/opt/mortise", folder.resolve("opt/mortise").toString())
                .replace("cd /tmp", "cd " + folder)
                .replace("jar xf", java.resolve("jar") + " xf");
        Kit.run(folder, Map.of(), "sh", "-ec", script);
        String said = Kit.run(
                folder,
                Map.of("PORT", "0", "MORTISE_DATA", folder.resolve("data").toString()),
                java.resolve("java").toString(),
                "-Dorg.sqlite.lib.path=" + folder.resolve("opt/mortise/native"),
                "-Dorg.sqlite.tmpdir=/proc/none",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mortise.examples.production.Main",
                "keys",
                "list");
        assertThat(folder.resolve("data")).as(said).isNotEmptyDirectory();
        assertThat(folder.resolve("opt/mortise/native")).isNotEmptyDirectory();
    }

    /** Another library with native code would have to be thought of in the image, too. */
    @Test
    void noOtherLibraryHasNativeCode() throws Exception {
        Set<String> found = new TreeSet<>();
        for (Path jar : jars().toList()) {
            try (JarFile open = new JarFile(jar.toFile())) {
                if (open.stream().anyMatch(entry -> entry.getName().endsWith(".so"))) {
                    found.add(jar.getFileName().toString().replaceFirst("-\\d.*", ""));
                }
            }
        }
        assertThat(found).containsExactly("sqlite-jdbc");
    }

    private static Stream<Path> jars() {
        return Stream.of(System.getProperty("java.class.path").split(":", -1))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"));
    }

    /** "docker VOLUME is not supported": Railway reads the file, and refuses it. */
    @Test
    void railwayBuildsAFileWithoutVolume() throws Exception {
        JsonNode railway = Json.parse(Files.readString(Kit.DEPLOY.resolve("railway/railway.json")));
        Path file = ROOT.resolve(railway.path("build").path("dockerfilePath").stringValue(""));
        assertThat(file).isRegularFile();
        assertThat(Files.readAllLines(file)).noneMatch(line -> line.strip().startsWith("VOLUME"));
    }

    /** On Fargate what is mounted belongs to root, unless the image has a volume at that place, with an owner. */
    @Test
    void fargateMountsWhatTheImageDeclares() throws Exception {
        JsonNode task = Json.parse(Files.readString(Kit.DEPLOY.resolve("ecs/task-definition.json")));
        JsonNode container = task.path("containerDefinitions").get(0);
        assertThat(container.path("readonlyRootFilesystem").booleanValue(false)).isTrue();
        List<String> mounted = container
                .path("mountPoints")
                .valueStream()
                .map(mount -> mount.path("containerPath").stringValue(""))
                .toList();
        assertThat(mounted).containsExactlyInAnyOrder("/tmp", "/data");
        List<String> image = Files.readAllLines(Kit.DEPLOY.resolve("ecs/Dockerfile"));
        assertThat(image).contains("FROM ${IMAGE}", "VOLUME [\"/data\", \"/tmp\"]");
        assertThat(Files.readString(Kit.DEPLOY.resolve("Dockerfile"))).contains("chown 10001:10001 /data");
        assertThat(Files.readString(Kit.DEPLOY.resolve("README.md"))).contains("-f ecs/Dockerfile");
    }
}
