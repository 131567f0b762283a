package dev.mortise.examples.production.tool;

import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.security.SecurityLevel;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says in each tool's definition how it is handled: which level a credential has to reach, after how long a call is given
 * up, whether it may become a task. What it costs is said by billing, where it costs something.
 */
public final class Handling implements McpServer.Plugin {
    /** In {@code _meta} of a definition. */
    public static final String KEY = "dev.mortise.example/handling";

    @Override
    public void install(McpServerBuilder builder) {
        builder.definitionMeta((entry, meta) -> entry instanceof Tool tool ? meta.with(KEY, of(tool)) : meta);
    }

    private static ObjectNode of(Tool tool) {
        ObjectNode handling = Json.object();
        tool.attributes().get(SecurityLevel.ATTRIBUTE).ifPresent(level -> handling.put("level", level.name()));
        tool.attributes()
                .get(Protection.ATTRIBUTE)
                .flatMap(Protection::timeout)
                .ifPresent(time -> handling.put("timeoutSeconds", seconds(time)));
        handling.put("task", tool.attributes().get(Tasks.MODE).isPresent());
        handling.put(
                "free",
                tool.attributes().get(Metering.WEIGHT).filter(Weight::isNothing).isPresent());
        return handling;
    }

    private static long seconds(Duration time) {
        return Math.max(1, time.toSeconds());
    }
}
