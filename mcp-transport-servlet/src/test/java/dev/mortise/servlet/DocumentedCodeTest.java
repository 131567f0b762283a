package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation shows is code that compiles here. */
class DocumentedCodeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/guide.md"})
    void everyBlockOfJavaIsInTheSourceThatIsCompiled(String document) throws IOException {
        String compiled =
                withoutLayout(Files.readString(Path.of("src/test/java/dev/mortise/servlet/DocumentedCode.java")));
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("..", document)))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(compiled).contains(withoutLayout(block)));
    }

    @Test
    void whatTheGuideComposesCanBeComposed() {
        assertThat(DocumentedCode.guide()).hasSize(5);
    }

    @Test
    void theServerOfTheGuideStartsAndStopsWhatItNeeds() {
        AtomicInteger open = new AtomicInteger();
        DocumentedCode.Service service = new DocumentedCode.Service() {
            @Override
            public void open() {
                open.incrementAndGet();
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }

            @Override
            public void ping() {}
        };
        McpServer server = DocumentedCode.resilient(
                service, service, (Tool) DocumentedCode.guide().get(0));
        assertThat(open).hasValue(2);
        server.close();
        assertThat(open).hasValue(0);
        assertThat(DocumentedCode.guard().isDown()).isFalse();
    }

    private static String withoutLayout(String code) {
        return code.replaceAll("\\s+", "");
    }
}
