package dev.mortise.servlet.matrix;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.CancelSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Calls that do not come to their end. */
final class LimitOperations {
    static final List<Operation> ALL = List.of(
            Operation.of("cancelled call", "cancelled, interrupted: true", bench -> {
                CancelSignal signal = new CancelSignal();
                // The handler reports once it runs.
                CallOptions options = CallOptions.DEFAULT.cancelledBy(signal).onProgress(step -> signal.cancel());
                try {
                    return bench.client().callTool("wait", Map.of("key", "cancelled"), options);
                } catch (CallCancelledException e) {
                    return "cancelled, interrupted: " + bench.call("interrupted", Map.of("key", "cancelled"));
                }
            }),
            Operation.of("call over its time", "timed out, interrupted: true", bench -> {
                CallOptions options =
                        CallOptions.DEFAULT.timeout(Duration.ofSeconds(1)).resetOnProgress(true);
                try {
                    return bench.client().callTool("wait", Map.of("key", "late"), options);
                } catch (CallTimeoutException e) {
                    return "timed out, interrupted: " + bench.call("interrupted", Map.of("key", "late"));
                }
            }),
            Operation.of("call after those", "still here", bench -> bench.call("say", Map.of("text", "still here"))));

    private LimitOperations() {}
}
