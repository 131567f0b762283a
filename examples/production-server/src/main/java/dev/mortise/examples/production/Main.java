package dev.mortise.examples.production;

import dev.mortise.examples.production.account.AccessRequests;
import dev.mortise.examples.production.account.AccountTools;
import dev.mortise.examples.production.admin.ApprovalTools;
import dev.mortise.examples.production.admin.AuditTools;
import dev.mortise.examples.production.admin.HealthTools;
import dev.mortise.examples.production.admin.KeyTools;
import dev.mortise.examples.production.billing.Accounts;
import dev.mortise.examples.production.data.DataTools;
import dev.mortise.examples.production.guide.HelpPages;
import dev.mortise.examples.production.guide.Prompts;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.memory.MemoryStore;
import dev.mortise.examples.production.memory.MemoryTools;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.settings.WrongSettings;
import dev.mortise.examples.production.text.TextTools;
import dev.mortise.examples.production.time.CalculationTools;
import dev.mortise.examples.production.time.TimeTools;
import dev.mortise.examples.production.tool.Handling;
import dev.mortise.examples.production.tool.ToolIcons;
import dev.mortise.examples.production.web.WebTools;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.StdioTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/** The production server: what it is put together from, and the commands that it is run by. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> rest = args.length == 0 ? List.of() : Arrays.asList(args).subList(1, args.length);
        String command = Options.command(args);
        if (!command.equals("serve") && !command.equals("stdio")) {
            // Before anything logs: who runs a command reads what it prints.
            System.setProperty("mortise.log", "WARN");
        }
        int status;
        try {
            status = switch (command) {
                case "serve" -> serve(Settings.of(System.getenv()));
                case "stdio" -> stdio(Settings.of(System.getenv()));
                case "ingest" -> IngestCommand.run(Settings.of(System.getenv()), rest);
                case "plan" -> PlanCommand.run(Settings.of(System.getenv()), rest);
                case "backup" -> BackupCommand.backup(Settings.of(System.getenv()), rest);
                case "restore" -> BackupCommand.restore(Settings.of(System.getenv()), rest);
                case "keys" -> KeysCommand.run(Settings.of(System.getenv()), rest);
                case "audit" -> AuditCommand.run(Settings.of(System.getenv()), rest);
                case "doctor" -> DoctorCommand.run(System.getenv());
                case "help" -> Options.help();
                default -> throw new IllegalArgumentException(Options.usage());
            };
        } catch (WrongSettings | IllegalArgumentException | IOException | StoreUnavailable e) {
            System.err.println(e.getMessage());
            status = 2;
        }
        System.exit(status);
    }

    /** All that a server of this library is: plugins, of which each brings what belongs together. */
    static McpServer compose(Settings settings, Parts parts) {
        Clock clock = Clock.systemUTC();
        McpServer server = McpServer.builder("mortise", "0.1.0")
                .title("Mortise production server")
                .wording(settings.wording())
                .instructions(
                        "The team's documents with sources, memory across conversations, exact work on texts, tables,"
                                + " dates and numbers, and public web pages. Read mortise://help first. Answer questions about"
                                + " what is written down with ask_with_sources; begin with recall if it may matter what the user"
                                + " said before; find a tool for anything else with find_tools.")
                .plugin(parts.resilience())
                .plugin(parts.health())
                .plugin(parts.stores())
                // Before security, which ends tasks of callers that were revoked.
                .plugin(Tasks.builder()
                        .store(parts.stores().tasks())
                        .build()
                        .reportTo(parts.observability().sink()))
                .plugin(parts.security())
                .plugin(parts.observability())
                .plugin(parts.library())
                .plugin(new AccessRequests(parts.security(), settings))
                .plugin(new Accounts(
                        parts.accounting(),
                        parts.library().base(),
                        settings,
                        parts.security(),
                        parts.audit().log(),
                        clock))
                .plugin(new MemoryTools(MemoryStore.migrate(parts.stores().database(), clock)))
                .plugin(new TextTools())
                .plugin(new DataTools())
                .plugin(new TimeTools(clock))
                .plugin(new CalculationTools(clock))
                .plugin(WebTools.allowing(settings.get(Setting.MORTISE_FETCH_HOSTS)))
                .plugin(new AccountTools(parts.security()))
                .plugin(new ApprovalTools(parts.security()))
                .plugin(new KeyTools(parts.security(), parts.audit().log(), clock))
                .plugin(new AuditTools(parts.audit()))
                .plugin(new HealthTools(parts.health(), settings))
                .plugin(new Prompts())
                .plugin(new HelpPages())
                .plugin(new Handling())
                .plugin(new ToolIcons(settings))
                .plugin(parts.observability().handlerSpans())
                .build();
        parts.observability().watch(server);
        return server;
    }

    private static int serve(Settings settings) throws Exception {
        WebServer web = WebServer.open(settings);
        URI resource = settings.resource(web.port());
        Parts parts = Parts.open(settings, resource, "serve", Library.Use.SERVES);
        McpServer server = compose(settings, parts);
        var console = parts.console(server, resource);
        var observer = parts.observability().http();
        web.serve(server, console, parts.account(resource), resource, observer);
        Upkeep upkeep = Upkeep.start(parts);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            upkeep.close();
            web.leave(server, parts.health());
            parts.close();
        }));
        System.out.println(
                "listening on " + resource + (web.port() == resource.getPort() ? "" : " at port " + web.port()));
        System.out.println(parts.firstKey());
        web.join();
        return 0;
    }

    private static int stdio(Settings settings) throws IOException {
        URI resource = settings.resource(settings.number(Setting.PORT));
        try (Parts parts = Parts.open(settings, resource, "stdio", Library.Use.SHARES);
                McpServer server = compose(settings, parts)) {
            StdioTransport.run(server::handle);
        }
        return 0;
    }
}
