package dev.mortise.examples.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.ToolDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a user runs it, and as a client starts it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
    @TempDir
    Path folder;

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Its exit code, then what it printed. */
    private String run(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve(".out");
        Process process = new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            return process.exitValue() + " " + Files.readString(out);
        } finally {
            process.destroyForcibly();
        }
    }

    private Path documents() throws IOException {
        Path documents = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(documents.resolve("leave.md"), "# Leave\n\nThere are thirty days of annual leave.\n");
        Files.writeString(documents.resolve("travel.md"), "# Travel\n\nTrains before planes.\n");
        Files.writeString(documents.resolve("holiday.md"), "# 年假\n\n员工每年有十天年假。\n");
        return documents;
    }

    @Test
    void oneCommandIndexesAndAnswersAndTheNextFindsItDone() throws Exception {
        Path documents = documents();
        String index = folder.resolve("index").toString();
        assertThat(run("--ask", "how many days of leave", documents.toString(), index))
                .startsWith("0 ")
                .contains("3 documents indexed, 0 unchanged, 0 removed, 0 failed")
                .contains("leave (Leave)");
        Files.delete(documents.resolve("travel.md"));
        assertThat(run("--ask", "年假有几天", documents.toString(), index))
                .startsWith("0 ")
                .contains("0 documents indexed, 2 unchanged, 1 removed, 0 failed")
                .contains("holiday (年假)");
    }

    @Test
    void aClientThatStartsItFindsTheTools() throws Exception {
        String index = folder.resolve("index").toString();
        try (McpClient client = McpClient.stdio(
                        command(documents().toString(), index).toArray(String[]::new))
                .connect()) {
            assertThat(client.tools().map(ToolDefinition::name)).contains("search_knowledge", "ingest_folder");
            client.callTool("ingest_folder", Map.of("root", "documents"));
            assertThat(client.resources()).hasSize(3);
        }
    }

    @Test
    void mistakesAreSaidPlainly() throws Exception {
        assertThat(run()).startsWith("2 usage: ");
        assertThat(run("--ask", " ", folder.toString(), folder.toString())).startsWith("2 usage: ");
        assertThat(run(folder.resolve("none").toString(), "index"))
                .startsWith("2 ")
                .contains("there is no such folder");
    }
}
