package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.ToolDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a model and a host's way with tools change: EMBEDDINGS_… and MORTISE_PROGRESSIVE. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModelTest {
    @TempDir
    Path home;

    static Map<String, String> settings(StandInForModel model) {
        Map<String, String> settings = new HashMap<>();
        settings.put("EMBEDDINGS_URL", model.url());
        settings.put("EMBEDDINGS_KEY", StandInForModel.KEY);
        settings.put("EMBEDDINGS_MODEL", StandInForModel.MODEL);
        settings.put("EMBEDDINGS_DIMENSIONS", Integer.toString(StandInForModel.DIMENSIONS));
        return settings;
    }

    @Test
    void aModelFindsWhatSharesNoWordAndItsAbsenceCostsNoAnswer() throws Exception {
        try (StandInForModel model = new StandInForModel()) {
            Map<String, String> settings = settings(model);
            try (Service service = Service.start(home, settings);
                    McpClient admin = service.client(service.adminKey())) {
                call(admin, "ingest_document", Map.of("document", "pets", "text", "A kitten sleeps on the sofa."));
                call(
                        admin,
                        "ingest_document",
                        Map.of("document", "trade", "text", "Goods are held until it is paid: duty."));
                call(admin, "ingest_document", Map.of("document", "sky", "text", "Light drizzle towards the evening."));
                assertThat(call(admin, "search_knowledge", Map.of("query", "feline"))
                                .at("/hits/0/document")
                                .stringValue())
                        .isEqualTo("pets");
                assertThat(call(admin, "search_knowledge", Map.of("query", "customs tariff"))
                                .at("/hits/0/document")
                                .stringValue())
                        .isEqualTo("trade");
                int asked = model.requests();
                assertThat(asked).isGreaterThanOrEqualTo(5);
                call(admin, "search_knowledge", Map.of("query", "feline"));
                assertThat(model.requests())
                        .as("the same question is not asked twice")
                        .isEqualTo(asked);
                Service.Ended doctor = Service.run(home, settings, "doctor");
                assertThat(doctor.out()).contains("ok    EMBEDDINGS_URL: " + StandInForModel.MODEL);

                model.goDown();
                assertThat(call(admin, "search_knowledge", Map.of("query", "drizzle in the evening"))
                                .at("/hits/0/document")
                                .stringValue())
                        .as("by its words")
                        .isEqualTo("sky");
                assertThat(Service.run(home, settings, "doctor").out()).contains("WRONG EMBEDDINGS_URL: the model");
            }
            assertThat(model.complaints()).isEmpty();
            assertThat(Files.readString(home.resolve("stderr-serve"))).doesNotContain(StandInForModel.KEY);
        }
    }

    @Test
    void aWrongKeyAndAnotherModelAreNamed() throws Exception {
        try (StandInForModel model = new StandInForModel()) {
            Map<String, String> settings = settings(model);
            Path paper = Files.writeString(home.resolve("pets.txt"), "A kitten sleeps on the sofa.");
            settings.put("EMBEDDINGS_KEY", "sk-of-somebody-else");
            Service.Ended doctor = Service.run(home, settings, "doctor");
            assertThat(doctor.status()).isEqualTo(1);
            assertThat(doctor.out())
                    .contains("WRONG EMBEDDINGS_URL: the model does not answer", "401")
                    .doesNotContain("sk-of-somebody-else");
            settings.put("EMBEDDINGS_KEY", StandInForModel.KEY);
            assertThat(Service.run(home, settings, "ingest", paper.toString()).out())
                    .contains("1 stored");
            settings.put("EMBEDDINGS_DIMENSIONS", "8");
            Service.Ended other = Service.run(home, settings, "ingest", paper.toString());
            assertThat(other.status()).as(other.out() + other.err()).isNotZero();
            assertThat(other.out() + other.err())
                    .as("vectors of another length are not mixed in")
                    .containsPattern("EMBEDDINGS|vectors|model")
                    .doesNotContain("1 stored");
        }
    }

    @Test
    void progressiveListsAFewToolsAndCallsAll() throws Exception {
        Map<String, String> settings = Map.of("MORTISE_PROGRESSIVE", "true");
        try (Service service = Service.start(home, settings);
                McpClient admin = service.client(service.adminKey())) {
            List<String> listed = admin.tools().map(ToolDefinition::name).toList();
            assertThat(listed)
                    .contains("find_tools", "search_knowledge", "recall", "calculate", "who_am_i")
                    .doesNotContain("convert_units", "draw_chart", "list_tenants")
                    .hasSizeLessThan(15);
            assertThat(call(admin, "find_tools", Map.of("request", "convert units of length, such as miles"))
                            .at("/tools/0/name")
                            .stringValue())
                    .isEqualTo("convert_units");
            assertThat(call(admin, "convert_units", Map.of("value", "1", "from", "mi", "to", "km"))
                            .path("result")
                            .stringValue())
                    .isEqualTo("1.609344");
        }
    }
}
