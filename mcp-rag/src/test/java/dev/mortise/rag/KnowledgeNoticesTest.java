package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.call;
import static dev.mortise.rag.KnowledgeServer.ingest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.server.ServerEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of, and what they are not: that it is as it was. */
class KnowledgeNoticesTest {
    @TempDir
    private Path folder;

    private final KnowledgeServer knowledge = new KnowledgeServer();
    private final BlockingQueue<ServerChange> told = new LinkedBlockingQueue<>();
    private String marker = "";

    @AfterEach
    void stop() throws Exception {
        knowledge.close();
    }

    @Test
    void clientsAreToldOfWhatTheySeeOtherwiseAndOfNothingElse() throws Exception {
        Files.writeString(folder.resolve("leave.md"), KnowledgeServer.LEAVE);
        knowledge.serve(Knowledge.builder(knowledge.base).root("hb", folder).build());
        try (McpClient client = knowledge.client("acme")) {
            String pump =
                    ingest(client, "pump", "The pump is blue.").path("uri").stringValue();
            String valve =
                    ingest(client, "valve", "The valve is red.").path("uri").stringValue();
            takeFolder(client, false);
            String collection = KnowledgeUris.ofCollection("default");
            marker = ingest(client, "marker", "Nothing.").path("uri").stringValue();
            SubscriptionFilter filter = SubscriptionFilter.builder()
                    .resourcesListChanged(true)
                    .resourceSubscriptions(List.of(pump, valve, collection, marker))
                    .build();
            try (Subscription subscription = client.listen(filter, told::add)) {
                // The same once more, by itself and in a folder; one that fails; none that could go.
                ingest(client, "pump", "The pump is blue.");
                takeFolder(client, false);
                takeFolder(client, true);
                client.callTool("ingest_document", Map.of("document", "pump", "text", " "));
                call(client, "delete_document", Map.of("document", "nothing"));
                assertThat(toldSoFar()).isEmpty();

                // Stored anew, since it is labelled otherwise, but neither text nor list show that.
                call(
                        client,
                        "ingest_document",
                        Map.of("document", "pump", "text", "The pump is blue.", "metadata", Map.of("site", "Ulm")));
                assertThat(toldSoFar()).isEmpty();

                ingest(client, "pump", "The pump is green.");
                assertThat(toldSoFar()).containsExactly(new ServerChange.Resource(pump));

                call(
                        client,
                        "ingest_document",
                        Map.of("document", "valve", "text", "The valve is red.", "title", "Red valve"));
                assertThat(toldSoFar())
                        .containsExactlyInAnyOrder(new ServerChange.Resource(collection), new ServerChange.Resources());

                Files.writeString(folder.resolve("second.md"), "A second page");
                Files.writeString(folder.resolve("third.md"), "A third page");
                takeFolder(client, false);
                assertThat(toldSoFar()).containsExactly(new ServerChange.Resources());

                Files.delete(folder.resolve("third.md"));
                takeFolder(client, true);
                assertThat(toldSoFar()).containsExactly(new ServerChange.Resources());

                call(client, "delete_document", Map.of("document", "valve"));
                assertThat(toldSoFar())
                        .containsExactlyInAnyOrder(
                                new ServerChange.Resource(valve),
                                new ServerChange.Resource(collection),
                                new ServerChange.Resources());
            }
        }
    }

    private static void takeFolder(McpClient client, boolean mirror) {
        call(client, "ingest_folder", Map.of("root", "hb", "collection", "handbook", "mirror", mirror));
    }

    /** What came before a notice of the test's own, which comes behind all that were sent by now. */
    private List<ServerChange> toldSoFar() throws InterruptedException {
        knowledge.server().events().publish(new ServerEvent.ResourceUpdated(marker));
        List<ServerChange> changes = new ArrayList<>();
        for (ServerChange change = told.poll(10, TimeUnit.SECONDS);
                !new ServerChange.Resource(marker).equals(change);
                change = told.poll(10, TimeUnit.SECONDS)) {
            assertThat(change).as("the marker has to come").isNotNull();
            changes.add(change);
        }
        return changes;
    }
}
