package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is given up before it is sent is not sent. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledCallTest {
    @Test
    void sendsNothingForACallThatWasGivenUpBefore() throws Exception {
        CancelSignal signal = new CancelSignal();
        signal.cancel();
        try (ScriptedServer server = ScriptedServer.modern(request -> request.result("{'content':[]}"));
                McpClient client = McpClient.http(server.uri()).connect()) {
            assertThatThrownBy(() -> client.callTool("pay", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
            // Goes out after anything that the first call would have sent.
            client.callTool("look", Map.of());
            assertThat(server.requests("tools/call")).hasSize(1);
        }
    }

    @Test
    void asksNoFurtherOnceItIsGivenUpBetweenTwoRounds() throws Exception {
        CancelSignal signal = new CancelSignal();
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    boolean second = request.params().has("requestState");
                    request.result("{'resultType':'input_required','requestState':'s'}");
                    if (second) {
                        signal.cancel();
                    }
                });
                McpClient client = McpClient.http(server.uri()).connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
            assertThat(server.requests("tools/call")).hasSize(2);
        }
    }
}
