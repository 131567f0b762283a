package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.Received;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a client sees while a store that its call needs is down. */
class StoreOutageTest {
    record Confirm(boolean yes) {}

    private static final Question<Confirm> CONFIRM = Question.consent("confirm", Confirm.class, "Really?");

    private static McpServerBuilder server() {
        return McpServer.builder("test", "1")
                .pendingInputs((id, until) -> {
                    throw new StoreUnavailable("Using up a request state did not reach Redis at 10.0.0.1");
                })
                .tool(Tool.named("consent")
                        .handle((in, call) -> call.answer(CONFIRM) instanceof Answer.Accepted<Confirm> ok
                                ? ToolOutcome.done("done " + ok.value().yes())
                                : ToolOutcome.ask(CONFIRM)))
                .tool(Tool.named("plain").handle((in, call) -> "fine"));
    }

    private static void assertUnavailable(Received received) {
        assertThat(received.error().code()).isEqualTo(503);
        assertThat(received.error().message()).isEqualTo("Storage is unavailable");
        assertThat(received.reply().status()).isEqualTo(503);
        assertThat(received.reply().headers()).containsKey("Retry-After");
    }

    @Test
    void theCallIsRefusedForNowAndOthersGoOn() {
        TestClient client = TestClient.of(server().build());
        String state =
                client.call("consent", "{}").result().path("requestState").stringValue();
        assertUnavailable(client.send(
                "tools/call",
                "{'name':'consent','arguments':{},'requestState':'" + state
                        + "','inputResponses':{'confirm':{'action':'accept','content':{'yes':true}}}}"));
        assertThat(client.text("plain", "{}")).isEqualTo("fine");
    }

    /** Found out before there is a call: what is asked for is looked up first. */
    @Test
    void soItIsWhereWhatIsOfferedComesFromTheStore() {
        TestClient client = TestClient.of(server().resources(new Source<>() {
                    @Override
                    public List<Resource> list(Caller caller, @Nullable String after, int limit) {
                        throw new StoreUnavailable("down");
                    }

                    @Override
                    public Optional<Resource> find(Caller caller, String uri) {
                        throw new StoreUnavailable("down");
                    }
                })
                .build());
        assertUnavailable(client.send("resources/read", "{'uri':'docs:///a'}"));
        assertUnavailable(client.send("resources/list", "{}"));
    }

    @Test
    void aStoreMaySayWhatItIs() {
        TestClient client = TestClient.of(server().tool(Tool.named("lookup").handle((in, call) -> {
                    throw new StoreUnavailable("The index", "locked by process 7", new IllegalStateException());
                }))
                .build());
        Received received = client.call("lookup", "{}");
        assertThat(received.error().message()).isEqualTo("The index is unavailable");
    }

    @Test
    void soItIsWhereAnInterceptorNeedsTheStore() {
        TestClient client = TestClient.of(server().intercept(Stage.LIMIT, (call, chain) -> {
                    throw new StoreUnavailable("down");
                })
                .build());
        assertUnavailable(client.call("plain", "{}"));
    }
}
