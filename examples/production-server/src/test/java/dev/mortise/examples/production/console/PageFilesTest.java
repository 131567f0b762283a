package dev.mortise.examples.production.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files of the page have to keep to. */
class PageFilesTest {
    private static final Path HOME = Path.of("src/main/resources/dev/mortise/examples/production/console");

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(HOME)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Set<String> keys(String name) throws IOException {
        return Pattern.compile("(?m)^  '([^']+)':")
                .matcher(Files.readString(HOME.resolve(name)))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void bothLanguagesSayTheSame() throws IOException {
        assertThat(keys("messages-zh.js")).isEqualTo(keys("messages-en.js")).hasSizeGreaterThan(150);
    }

    @Test
    void whatThePageSaysIsThere() throws IOException {
        Set<String> known = keys("messages-en.js");
        for (Path file : files()) {
            if (file.toString().endsWith(".js")) {
                Pattern.compile("\\bt\\('([^']+)'")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(found -> assertThat(known).as(file.toString()).contains(found.group(1)));
            }
        }
    }

    @Test
    void allFilesAreServedAndSmallAndMakeNoMarkup() throws IOException {
        Set<String> served = Stream.concat(
                        Stream.of("files", "index.html"),
                        Files.readString(HOME.resolve("files")).lines())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> present = new TreeSet<>();
        for (Path file : files()) {
            present.add(HOME.relativize(file).toString().replace('\\', '/'));
        }
        assertThat(present).isEqualTo(served);
        long total = 0;
        for (Path file : files()) {
            total += Files.size(file);
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function")
                    .doesNotContainPattern("(src|href)=\"(https?:)?//");
        }
        assertThat(total).as("bytes of the whole page").isLessThan(150_000);
    }
}
