package dev.mortise.examples.production.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the image without building it. */
class ImageTest {
    private static final Path ROOT = Path.of("../..");

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
}
