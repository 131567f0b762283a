package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages in two languages say the same: as far as a machine can tell, by their shape, commands, code and links. */
class LanguagePairsTest {
    private static final Pattern HEADING = Pattern.compile("^(#+) ", Pattern.MULTILINE);
    private static final Pattern COMMAND =
            Pattern.compile("^ {4}((?:examples/|mvn |npx |benchmarks/|curl ).*)$", Pattern.MULTILINE);
    private static final Pattern NAMED_COMMAND = Pattern.compile("`((?:examples/|mvn |benchmarks/)[^`]*)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("^\\|.*\\|$", Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource({
        "README.md, README.zh-CN.md",
        "examples/production-server/README.md, examples/production-server/README.zh-CN.md",
        "examples/production-server/deploy/README.md, examples/production-server/deploy/README.zh-CN.md"
    })
    void aPairIsInStep(String english, String chinese) throws IOException {
        String one = page(english);
        String other = page(chinese);
        assertThat(all(HEADING, other)).as("headings").isEqualTo(all(HEADING, one));
        assertThat(commands(other)).as("commands").isEqualTo(commands(one));
        assertThat(all(NAMED_COMMAND, other))
                .as("commands within the text")
                .containsExactlyInAnyOrderElementsOf(all(NAMED_COMMAND, one));
        assertThat(all(JAVA, other)).as("blocks of code").hasSameSizeAs(all(JAVA, one));
        assertThat(all(ROW, other)).as("rows of tables").hasSameSizeAs(all(ROW, one));
        assertThat(links(other)).as("links").isEqualTo(links(one));
    }

    /** The first two chapters are translated; their code is the same to the letter. */
    @Test
    void theGuideBeginsAlike() throws IOException {
        String chinese = page("docs/guide.zh-CN.md");
        List<String> code = all(JAVA, chinese);
        int chapters = all(HEADING, chinese).size();
        assertThat(chapters).isEqualTo(3);
        assertThat(all(HEADING, page("docs/guide.md")).subList(0, chapters)).isEqualTo(all(HEADING, chinese));
        assertThat(code).isNotEmpty().isEqualTo(all(JAVA, page("docs/guide.md")).subList(0, code.size()));
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("..", name));
    }

    /** The first group of each, or all of it where there is none. */
    private static List<String> all(Pattern pattern, String page) {
        return pattern.matcher(page)
                .results()
                .map(match -> match.group(Math.min(1, match.groupCount())))
                .toList();
    }

    /** Without what is said about them, and without texts, which are in the language of the page. */
    private static List<String> commands(String page) {
        return all(COMMAND, page).stream()
                .map(command -> command.replaceAll(" +# .*", "")
                        .replaceAll(" {3,}.*", "")
                        .replaceAll("\"[^\"]*[^\\x00-\\x7F][^\"]*\"|\"[^\"{}$]* [^\"{}$]*\"", "TEXT"))
                .toList();
    }

    /** Places in this project, whatever the language there, once each and in no order. */
    private static List<String> links(String page) {
        return all(LINK, page).stream()
                .map(link -> link.replace(".zh-CN.md", ".md"))
                .filter(link -> !link.startsWith("http"))
                .distinct()
                .sorted()
                .toList();
    }
}
