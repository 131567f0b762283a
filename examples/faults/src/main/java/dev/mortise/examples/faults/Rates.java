package dev.mortise.examples.faults;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Unavailable;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** What depends on another MCP server: one tool that cannot do without it, and one that can. */
final class Rates implements McpServer.Plugin, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    record Convert(
            @Description("Cents of a euro") long cents,
            @Description("Such as CNY") String currency) {}

    record Rate(double rate) {}

    private final McpClient client;
    private final Guard guard;

    private Rates(McpClient client, FailureListener listener) {
        this.client = client;
        this.guard = Guard.of(
                        "rates",
                        Protection.builder()
                                .timeout(Duration.ofMillis(1_500))
                                .breaker(Breaker.after(3, 6).openFor(Duration.ofSeconds(1)))
                                .build(),
                        listener)
                .unavailableWhen(Rates::isDown);
    }

    /** Connects when it is first used: the other server need not run yet. */
    static Rates from(URI uri, FailureListener listener) {
        McpClient client = McpClient.http(uri)
                .clientInfo("shop", "1.0")
                .timeout(TIMEOUT)
                .connectTimeout(TIMEOUT)
                .build();
        return new Rates(client, listener);
    }

    private static boolean isDown(Exception e) {
        return e instanceof TransportException
                || e instanceof CallTimeoutException
                || (e instanceof RpcException rpc && (rpc.status() == 503 || rpc.status() == 504));
    }

    Guard guard() {
        return guard;
    }

    void ping() {
        client.ping();
    }

    @Override
    public void install(McpServerBuilder builder) {
        ToolAnnotations readOnly = ToolAnnotations.builder().readOnly(true).build();
        builder.tool(Tool.named("convert")
                        .description("Converts a price into another currency")
                        .input(Convert.class)
                        .annotations(readOnly)
                        .handle((in, call) -> converted(in)))
                .tool(Tool.named("quote")
                        .description("A price, in another currency where that can be had")
                        .input(Convert.class)
                        .annotations(readOnly)
                        .handle((in, call) -> {
                            try {
                                return converted(in);
                            } catch (Unavailable e) {
                                return in.cents() + " EUR cents";
                            }
                        }));
    }

    private String converted(Convert in) throws Exception {
        Rate rate = guard.call(() -> client.callTool("rate", Map.of("currency", in.currency()), Rate.class));
        return Math.round(in.cents() * rate.rate()) + " " + in.currency() + " cents";
    }

    @Override
    public void close() {
        client.close();
    }
}
