package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command that takes a folder in, killed in the middle of it and run again. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IngestKilledTest {
    private static final int FILES = 40;
    private static final int ANSWERED = 12;
    private static final Pattern SUMMARY =
            Pattern.compile("(\\d+) stored, (\\d+) unchanged, (\\d+) removed, (\\d+) failed");

    @TempDir
    Path home;

    @Test
    void nothingIsHalfThereAndASecondRunCompletesIt() throws Exception {
        Path folder = Files.createDirectory(home.resolve("papers"));
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            String text = "Paper " + i + " is about rain. " + "It goes on for a while. ".repeat(i);
            texts.put("paper-" + i, text);
            Files.writeString(folder.resolve("paper-" + i + ".txt"), text);
        }
        // Its endpoint answers a few requests, and keeps the others waiting: the command is in the middle of it then.
        try (StandInForModel model = new StandInForModel(ANSWERED)) {
            Map<String, String> settings = ModelTest.settings(model);
            Process killed = Service.process(home, settings, "ingest", folder.toString(), "--tenant", "acme");
            model.awaitHeld();
            // By its handle: what it has printed can still be read.
            killed.toHandle().destroyForcibly();
            killed.waitFor();
            String said = new String(killed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).as("it was killed before its end").doesNotContain("stored");

            model.release();
            Service.Ended again = Service.run(home, settings, "ingest", folder.toString(), "--tenant", "acme");
            assertThat(again.status()).as(again.out() + again.err()).isZero();
            Matcher summary = SUMMARY.matcher(again.out());
            assertThat(summary.find()).as(again.out()).isTrue();
            int stored = Integer.parseInt(summary.group(1));
            int unchanged = Integer.parseInt(summary.group(2));
            assertThat(stored + unchanged).isEqualTo(FILES);
            assertThat(stored).as("those that had no vectors yet").isPositive();
            assertThat(summary.group(4)).isEqualTo("0");
            everythingIsWhole(settings, texts);
        }
    }

    private void everythingIsWhole(Map<String, String> settings, Map<String, String> texts) throws Exception {
        try (Service service = Service.start(home, settings);
                McpClient ann = service.client(service.key(settings, "--subject", "ann", "--tenant", "acme"))) {
            JsonNode listed = call(ann, "list_documents", Map.of("limit", 100));
            Set<String> names = listed.path("documents")
                    .valueStream()
                    .map(document -> document.path("document").stringValue())
                    .collect(Collectors.toSet());
            assertThat(names).isEqualTo(texts.keySet());
            for (String name : texts.keySet()) {
                if (name.endsWith("7")) {
                    assertThat(call(ann, "get_document", Map.of("document", name))
                                    .path("text")
                                    .stringValue()
                                    .strip())
                            .isEqualTo(texts.get(name).strip());
                }
            }
            long bytes = texts.values().stream().mapToLong(String::length).sum();
            assertThat(call(ann, "knowledge_stats", Map.of()).path("bytes").asLong())
                    .isEqualTo(bytes);
            assertThat(call(ann, "my_quota", Map.of())
                            .path("meters")
                            .valueStream()
                            .filter(left -> left.path("meter").stringValue().equals("storage"))
                            .mapToLong(left -> left.path("used").asLong())
                            .sum())
                    .as("the accounts say the same")
                    .isEqualTo(bytes);
            assertThat(call(ann, "search_knowledge", Map.of("query", "drizzle")).path("hits"))
                    .as("and what was stored first has its vectors")
                    .isNotEmpty();
        }
        Service.Ended doctor = Service.run(home, settings, "doctor");
        assertThat(doctor.out()).contains("all is well");
    }
}
