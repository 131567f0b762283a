package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.store.jdbc.JdbcStores;
import dev.mortise.rag.store.postgres.RagHome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Two servers over one database, each with its own client: what one is given, the other offers. */
class KnowledgeReplicasTest {
    private final RagHome home = RagHome.postgres();

    @AfterEach
    void gone() throws Exception {
        home.close();
    }

    /** A server with all that is its own. */
    private final class Replica implements AutoCloseable {
        final JdbcStores stores = JdbcStores.of(home.dataSource())
                .schema(home.schema)
                .pollInterval(Duration.ofMillis(50))
                .migrate();
        final KnowledgeBase base =
                KnowledgeBase.over(home.store().migrate()).name("shared").build();
        final McpServer server = McpServer.builder("knowledge", "1")
                .events(stores.serverEvents())
                .plugin(Knowledge.of(base))
                .build();
        final McpClient client = McpClient.inMemory(server).connect();

        JsonNode call(String tool, Map<String, ?> arguments) {
            CallToolResult result = client.callTool(tool, arguments);
            assertThat(result.isError()).as(result.toString()).isFalse();
            JsonNode structured = result.structuredContent();
            assertThat(structured).isNotNull();
            return structured;
        }

        @Override
        public void close() {
            client.close();
            server.close();
            base.close();
            stores.close();
        }
    }

    @Test
    void whatOneIsGivenTheOtherOffersAndTellsOf() throws Exception {
        try (Replica one = new Replica();
                Replica two = new Replica()) {
            // What the second has remembered by now is the state without the document.
            Map<String, ?> query = Map.of("query", "days of leave");
            assertThat(two.call("search_knowledge", query).path("hits")).isEmpty();
            assertThat(two.client.resources()).isEmpty();
            BlockingQueue<ServerChange> told = new LinkedBlockingQueue<>();
            SubscriptionFilter lists =
                    SubscriptionFilter.builder().resourcesListChanged(true).build();
            try (Subscription listening = two.client.listen(lists, told::add)) {
                String uri = one.call("ingest_document", Map.of("document", "leave", "text", "Thirty days of leave."))
                        .path("uri")
                        .stringValue();
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resources());
                assertThat(two.client.resources().map(ResourceDefinition::uri)).containsExactly(uri);
                assertThat(two.call("search_knowledge", query).at("/hits/0/uri").stringValue())
                        .isEqualTo(uri);
                one.call("ingest_document", Map.of("document", "leave", "text", "Thirty-one days of leave."));
                assertThat(two.call("search_knowledge", query)
                                .at("/hits/0/snippet")
                                .stringValue())
                        .contains("Thirty-one");
                two.call("delete_document", Map.of("document", "leave"));
                assertThat(one.call("search_knowledge", query).path("hits")).isEmpty();
                assertThat(one.client.resources()).isEmpty();
            }
        }
    }
}
