package dev.mortise.examples.production.admin;

import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.settings.SettingsPage;
import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.health.CheckReport;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.admin.AdministratorApi;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** How the server is, and how it is set, for administrators. */
public final class HealthTools implements McpServer.Plugin {
    private final Health health;
    private final Settings settings;

    public HealthTools(Health health, Settings settings) {
        this.health = health;
        this.settings = settings;
    }

    record Nothing() {}

    record Check(
            String name,

            @Description("up, degraded, down, draining, or unknown before the first look")
            String status,

            @Description("Whether the server is not ready without it")
            boolean required,

            String message) {}

    record State(
            @Description("Of the whole server") String status,
            long uptimeSeconds,
            long usedMegabytes,
            List<Check> checks) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.WATCHES
                        .named("server_health", "Server health", Duration.ofSeconds(5))
                        .description("Tells how the server and everything that it needs are, and since when it runs.")
                        .takes(Nothing.class)
                        .gives(State.class)
                        .by((in, call) -> state()))
                .resource(administrative("mortise://health", "health", "How the server is", "application/json")
                        .read(call -> ResourceOutcome.found(
                                call.text(Json.tree(state()).toString()))))
                .resource(administrative("mortise://settings", "settings", "How the server is set", "text/markdown")
                        .read(call -> ResourceOutcome.found(call.text(SettingsPage.markdown(settings)))));
    }

    private static Resource.Builder administrative(String uri, String name, String title, String type) {
        return Resource.at(uri, name)
                .title(title)
                .description(title + ", for administrators")
                .mimeType(type)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                .with(Requirement.ATTRIBUTE, Requirement.scopes(AdministratorApi.ADMIN));
    }

    private State state() {
        Runtime runtime = Runtime.getRuntime();
        List<Check> checks = Stream.of(HealthCheck.Group.values())
                .flatMap(group -> health.reports(group).stream())
                .map(HealthTools::check)
                .distinct()
                .toList();
        return new State(
                health.status(HealthCheck.Group.READY).text(),
                ManagementFactory.getRuntimeMXBean().getUptime() / 1_000,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                checks);
    }

    private static Check check(CheckReport report) {
        String status = report.status() == null ? "unknown" : report.status().text();
        return new Check(report.name(), status, report.required(), report.message());
    }
}
