package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static dev.mortise.examples.production.Service.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An approval from its request to the one call that it is for. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApprovalJobsTest {
    @TempDir
    Path home;

    @Test
    void whatIsAskedForIsListedApprovedAndRunsOnce() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient admin = service.client(service.adminKey());
                McpClient ann = service.client(
                        service.key(Map.of(), "--subject", "ann", "--tenant", "acme", "--reach", "critical"))) {
            call(ann, "remember", Map.of("text", "one"));
            call(ann, "remember", Map.of("text", "two"));

            JsonNode asked = call(ann, "request_access", Map.of("tool", "erase_memories"));
            String id = asked.at("/request/id").stringValue();
            assertThat(asked.at("/request/status").stringValue()).isEqualTo("PENDING");
            assertThat(asked.path("next").stringValue()).contains("administrator", "my_requests", "erase_memories");
            assertThat(call(ann, "request_access", Map.of("tool", "erase_memories", "arguments", Map.of()))
                            .at("/request/id")
                            .stringValue())
                    .as("asked again it is the same request")
                    .isEqualTo(id);
            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                    .as("the call that it is for is the one that was asked for")
                    .isInstanceOf(AuthorizationRequiredException.class)
                    .hasMessageContaining(id);
            assertThat(call(ann, "list_memories", Map.of()).path("total").intValue())
                    .as("nothing was carried out")
                    .isEqualTo(2);

            JsonNode waiting = call(admin, "list_approvals", Map.of());
            assertThat(waiting.path("requests")).hasSize(1);
            assertThat(waiting.at("/requests/0/id").stringValue()).isEqualTo(id);
            assertThat(waiting.at("/requests/0/tenant").stringValue()).isEqualTo("acme");
            assertThat(call(admin, "approve_request", Map.of("id", id))
                            .path("status")
                            .stringValue())
                    .isEqualTo("APPROVED");
            assertThat(call(ann, "my_requests", Map.of())
                            .at("/requests/0/status")
                            .stringValue())
                    .isEqualTo("APPROVED");
            assertThat(failure(ann, "request_access", Map.of("tool", "erase_memories")))
                    .contains("has it: make it");

            assertThat(call(ann, "erase_memories", Map.of()).path("forgotten").intValue())
                    .as("asking did not use it up")
                    .isEqualTo(2);
            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                    .as("it was for one call")
                    .isInstanceOf(AuthorizationRequiredException.class);
            assertThat(call(admin, "search_audit", Map.of("subject", "ann", "target", "erase_memories"))
                            .path("events")
                            .valueStream()
                            .map(event -> event.path("reason").asString("")))
                    .contains("pending", "approved");
            assertThat(call(admin, "search_audit", Map.of("subject", "ann", "target", id))
                            .path("events")
                            .valueStream()
                            .map(event -> event.path("reason").asString("")))
                    .as("asking is taken down, too")
                    .contains("requested");
        }
    }

    @Test
    void whatIsDeniedStaysUndoneAndWhatNeedsNothingIsSaid() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient admin = service.client(service.adminKey());
                McpClient ann = service.client(service.key(Map.of(), "--subject", "ann", "--reach", "critical"));
                McpClient eve = service.client(service.key(Map.of(), "--subject", "eve"))) {
            call(ann, "remember", Map.of("text", "one"));
            String id = call(ann, "request_access", Map.of("tool", "erase_memories"))
                    .at("/request/id")
                    .stringValue();
            assertThat(call(admin, "deny_request", Map.of("id", id))
                            .path("status")
                            .stringValue())
                    .isEqualTo("DENIED");
            assertThat(call(ann, "my_requests", Map.of())
                            .at("/requests/0/status")
                            .stringValue())
                    .isEqualTo("DENIED");
            assertThat(call(ann, "list_memories", Map.of()).path("total").intValue())
                    .isEqualTo(1);

            assertThat(failure(ann, "request_access", Map.of("tool", "forget", "arguments", Map.of("id", "x"))))
                    .contains("needs no approval");
            assertThat(call(ann, "list_memories", Map.of()).path("total").intValue())
                    .as("and it was not carried out")
                    .isEqualTo(1);
            assertThat(failure(eve, "request_access", Map.of("tool", "erase_memories")))
                    .as("what a key does not reach is not there, for requests neither")
                    .isEqualTo(failure(eve, "request_access", Map.of("tool", "no_such"))
                            .replace("no_such", "erase_memories"));
            assertThat(call(admin, "list_approvals", Map.of()).path("requests")).isEmpty();
            assertThat(failure(ann, "request_access", Map.of("tool", "list_keys")))
                    .contains("scope");
        }
    }

    @Test
    void modelsAreToldInChineseWhereThatIsSet() throws Exception {
        Map<String, String> settings = Map.of("MORTISE_LANGUAGE", "zh");
        try (Service service = Service.start(home, settings);
                McpClient admin = service.client(service.adminKey());
                McpClient ann = service.client(service.key(settings, "--subject", "ann", "--reach", "critical"))) {
            JsonNode asked = call(ann, "request_access", Map.of("tool", "erase_memories"));
            assertThat(asked.path("next").stringValue()).contains("需要管理员批准", "erase_memories");
            call(admin, "approve_request", Map.of("id", asked.at("/request/id").stringValue()));
            assertThat(failure(ann, "request_access", Map.of("tool", "erase_memories")))
                    .contains("已获批准");
            assertThat(call(ann, "erase_memories", Map.of()).path("forgotten").intValue())
                    .isZero();
        }
    }
}
