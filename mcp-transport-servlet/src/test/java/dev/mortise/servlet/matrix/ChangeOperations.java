package dev.mortise.servlet.matrix;

import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.ToolDefinition;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Changes on the server while the client listens. */
final class ChangeOperations {
    static final List<Operation> ALL = List.of(
            Operation.of(
                    "updated resource",
                    "Resource[uri=docs:///text]",
                    bench -> heard(
                            bench,
                            "update",
                            SubscriptionFilter.builder()
                                    .resourceSubscriptions(List.of("docs:///text"))
                                    .build())),
            Operation.of(
                    "changed tools",
                    "Tools[], listed: true",
                    bench -> heard(
                                    bench,
                                    "add_tool",
                                    SubscriptionFilter.builder()
                                            .toolsListChanged(true)
                                            .build())
                            + listed(bench.client().tools().map(ToolDefinition::name))),
            Operation.of(
                    "changed prompts",
                    "Prompts[], listed: true",
                    bench -> heard(
                                    bench,
                                    "add_prompt",
                                    SubscriptionFilter.builder()
                                            .promptsListChanged(true)
                                            .build())
                            + listed(bench.client().prompts().map(PromptDefinition::name))),
            Operation.of(
                    "changed resources",
                    "Resources[], listed: true",
                    bench -> heard(
                                    bench,
                                    "add_resource",
                                    SubscriptionFilter.builder()
                                            .resourcesListChanged(true)
                                            .build())
                            + listed(bench.client().resources().map(ResourceDefinition::name))));

    private ChangeOperations() {}

    private static String heard(Bench bench, String tool, SubscriptionFilter filter) throws InterruptedException {
        BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
        try (Subscription subscription = bench.client().listen(filter, changes::add)) {
            if (!subscription.honoured().equals(filter)) {
                return "the server agrees to " + subscription.honoured();
            }
            bench.call(tool);
            return String.valueOf(changes.poll(10, TimeUnit.SECONDS));
        }
    }

    private static String listed(Stream<String> names) {
        return ", listed: " + names.anyMatch(name -> name.equals("zz_new") || name.equals("new"));
    }
}
