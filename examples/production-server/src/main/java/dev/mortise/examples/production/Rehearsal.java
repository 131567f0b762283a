package dev.mortise.examples.production;

import dev.mortise.examples.production.admin.Administrators;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.schema.CallToolResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A server in a folder that is thrown away afterwards, which is asked over HTTP for a while what servers are asked most. A
 * JVM that watches this ({@code -XX:AOTCacheOutput}) need not learn it again each time that a replica starts.
 */
final class Rehearsal {
    private static final int CALLERS = 8;
    private static final int LONGEST_SECONDS = 600;
    private static final String USUAL_SECONDS = "30";
    /** More than it comes to in a minute. */
    private static final String PLENTY = "1000000";

    private final URI resource;
    private final String key;
    private final long end;

    private Rehearsal(URI resource, String key, Duration length) {
        this.resource = resource;
        this.key = key;
        this.end = System.nanoTime() + length.toNanos();
    }

    /** @return 0; whatever is not answered well ends it with an exception */
    static int run(List<String> args) throws Exception {
        String seconds = args.isEmpty() ? USUAL_SECONDS : args.getFirst();
        if (args.size() > 1 || !seconds.matches("[1-9]\\d{0,2}") || Integer.parseInt(seconds) > LONGEST_SECONDS) {
            throw new IllegalArgumentException("usage: rehearse [SECONDS], 30 unless said, at most " + LONGEST_SECONDS);
        }
        Path folder = Files.createTempDirectory("rehearsal");
        try {
            System.out.println(in(folder, Duration.ofSeconds(Long.parseLong(seconds))) + " requests were rehearsed");
        } finally {
            delete(folder);
        }
        return 0;
    }

    private static long in(Path folder, Duration length) throws Exception {
        Settings settings = Settings.of(Map.of(
                "MORTISE_DATA",
                folder.resolve("data").toString(),
                "PORT",
                "0",
                "MORTISE_DEFAULT_PLAN",
                "enterprise",
                "CALLS_PER_MINUTE",
                PLENTY,
                "REQUESTS_PER_MINUTE",
                PLENTY));
        WebServer web = WebServer.open(settings);
        URI resource = settings.resource(web.port());
        try (Parts parts = Parts.open(settings, resource, "rehearsal", Library.Use.SERVES)) {
            McpServer server = Main.compose(settings, parts);
            web.serve(
                    server,
                    parts.console(server, resource),
                    parts.account(resource),
                    resource,
                    parts.observability().http());
            String key = parts.security()
                    .keys()
                    .issue("rehearsal", null, "thrown away", Administrators.limits(null))
                    .secret();
            try {
                return new Rehearsal(resource, key, length).play();
            } finally {
                web.leave(server, parts.health());
            }
        }
    }

    /** @return how many requests were answered */
    private long play() throws InterruptedException, ExecutionException {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                all.add(callers.submit(() -> caller(caller)));
            }
            long requests = 0;
            for (Future<Long> each : all) {
                requests += each.get();
            }
            return requests;
        }
    }

    private long caller(int caller) {
        long requests = 0;
        try (McpClient client = McpClient.to(HttpEndpoint.of(resource).header("Authorization", "Bearer " + key))
                .clientInfo("rehearsal", "1")
                .connect()) {
            for (int round = 0; System.nanoTime() - end < 0; round++) {
                requests += round(client, caller + "-" + round);
            }
        }
        return requests;
    }

    private static int round(McpClient client, String name) {
        List<Map.Entry<String, Map<String, Object>>> calls = List.of(
                Map.entry("calculate", Map.of("expression", "(4 + 3) * 2.5")),
                Map.entry("convert_units", Map.of("value", "12", "from", "m", "to", "ft")),
                Map.entry("count_text", Map.of("text", "Oak and beech, and a board of each.")),
                Map.entry("current_time", Map.of("zones", List.of("Europe/Berlin"))),
                Map.entry("remember", Map.of("text", "Board " + name + " is of oak.")),
                Map.entry("recall", Map.of("about", "oak", "limit", 5)),
                Map.entry("list_memories", Map.of("limit", 5)),
                Map.entry(
                        "ingest_document", Map.of("document", "boards/" + name, "text", "# Board\n\nOf oak: " + name)),
                Map.entry("search_knowledge", Map.of("query", "oak board", "limit", 5)),
                Map.entry("ask_with_sources", Map.of("question", "Of which wood is board " + name + "?")),
                Map.entry("find_tools", Map.of("request", "turn metres into feet")),
                Map.entry(
                        "query_table",
                        Map.of(
                                "tables",
                                List.of(Map.of("name", "woods", "csv", "wood,price\noak,12\nash,7")),
                                "sql",
                                "SELECT sum(price) AS s FROM woods")));
        calls.forEach(call -> good(call.getKey(), client.callTool(call.getKey(), call.getValue())));
        long listed = client.tools().count()
                + client.prompts().count()
                + client.resources().count();
        if (listed == 0 || client.readResource("mortise://units").contents().isEmpty()) {
            throw new IllegalStateException("Nothing is listed, or nothing can be read");
        }
        return calls.size() + 4;
    }

    private static void good(String tool, CallToolResult result) {
        if (result.isError()) {
            throw new IllegalStateException(tool + " says " + result.content());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
