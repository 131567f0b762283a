package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.call;
import static dev.mortise.rag.KnowledgeServer.failure;
import static dev.mortise.rag.KnowledgeServer.ingest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.schema.PromptReference;
import dev.mortise.mcp.schema.SubscriptionFilter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tenants beside each other in one knowledge base. */
class KnowledgeTenantsTest {
    private final KnowledgeServer knowledge = new KnowledgeServer();

    @AfterEach
    void stop() throws Exception {
        knowledge.close();
    }

    @Test
    void tenantsSeeNothingOfEachOther() throws Exception {
        knowledge.serve(Knowledge.of(knowledge.base));
        try (McpClient acme = knowledge.client("acme");
                McpClient other = knowledge.client("other");
                McpClient stranger = McpClient.http(knowledge.uri()).connect()) {
            String document = ingest(acme, "secret", "The merger code word is heliotrope.")
                    .path("uri")
                    .stringValue();
            for (McpClient eve : List.of(other, stranger)) {
                assertThat(call(eve, "search_knowledge", Map.of("query", "heliotrope"))
                                .path("hits"))
                        .isEmpty();
                assertThat(call(eve, "ask_with_sources", Map.of("question", "heliotrope"))
                                .toString())
                        .doesNotContain("merger");
                assertThat(eve.resources()).isEmpty();
                assertThatThrownBy(() -> eve.readResource(document)).isInstanceOf(RpcException.class);
                assertThat(failure(eve, "get_document", Map.of("document", "secret")))
                        .contains("There is no document");
                assertThat(call(eve, "list_documents", Map.of()).path("documents"))
                        .isEmpty();
                assertThat(call(eve, "knowledge_stats", Map.of())
                                .path("documents")
                                .intValue())
                        .isZero();
                assertThat(call(eve, "delete_document", Map.of("document", "secret"))
                                .path("deleted")
                                .booleanValue())
                        .isFalse();
                assertThat(eve.complete(PromptReference.of("summarize_document"), "document", "s")
                                .values())
                        .isEmpty();
            }
            assertThat(call(acme, "search_knowledge", Map.of("query", "heliotrope"))
                            .path("hits"))
                    .hasSize(1);
        }
    }

    @Test
    void onlyTheTenantIsToldThatItsDocumentsChanged() throws Exception {
        knowledge.serve(Knowledge.of(knowledge.base));
        try (McpClient acme = knowledge.client("acme");
                McpClient other = knowledge.client("other")) {
            String uriOfBoth =
                    ingest(acme, "same", "One text of acme").path("uri").stringValue();
            ingest(other, "same", "One text of other");
            BlockingQueue<ServerChange> toAcme = new LinkedBlockingQueue<>();
            BlockingQueue<ServerChange> toOther = new LinkedBlockingQueue<>();
            SubscriptionFilter filter = SubscriptionFilter.builder()
                    .resourcesListChanged(true)
                    .resourceSubscriptions(List.of(uriOfBoth))
                    .build();
            try (Subscription first = acme.listen(filter, toAcme::add);
                    Subscription second = other.listen(filter, toOther::add)) {
                ingest(acme, "same", "Another text of acme");
                assertThat(toAcme.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource(uriOfBoth));
                ingest(acme, "new", "A new document");
                assertThat(toAcme.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resources());
                call(acme, "delete_document", Map.of("document", "same"));
                List<ServerChange> gone = List.of(toAcme.poll(10, TimeUnit.SECONDS), toAcme.poll(10, TimeUnit.SECONDS));
                assertThat(gone)
                        .containsExactlyInAnyOrder(new ServerChange.Resource(uriOfBoth), new ServerChange.Resources());
                // Its own change comes behind all of acme's, which therefore did not come at all.
                ingest(other, "same", "Another text of other");
                assertThat(toOther.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource(uriOfBoth));
                assertThat(toOther).isEmpty();
            }
        }
    }
}
