package dev.mortise.benchmarks.production;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the service says of each user afterwards, beside what clients saw: no less than was answered, no more than was asked. */
final class Books {
    private final Site site;
    private final Users users;
    private final Tally tally;
    private final List<String> wrong = new ArrayList<>();
    private long memories;
    private long documents;
    private long calls;

    private Books(Site site, Users users, Tally tally) {
        this.site = site;
        this.users = users;
        this.tally = tally;
    }

    /**
     * What came of it.
     *
     * @param wrong what does not agree, in words; empty if all does
     */
    record Reconciled(long memories, long documents, long calls, boolean auditClean, List<String> wrong) {
        boolean agrees() {
            return auditClean && wrong.isEmpty();
        }

        @Override
        public String toString() {
            return "%d memories, %d documents, %d units of usage %s; the audit log %s"
                    .formatted(
                            memories,
                            documents,
                            calls,
                            wrong.isEmpty() ? "agree with what clients saw" : "do NOT agree: " + wrong,
                            auditClean ? "verifies" : "does NOT verify");
        }
    }

    static Reconciled compare(Site site, Users users, Tally tally) throws Exception {
        Books books = new Books(site, users, tally);
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int user = 0; user < users.count(); user++) {
                books.compare(http, user);
            }
        }
        boolean clean = site.run("audit", "verify") == 0;
        return new Reconciled(books.memories, books.documents, books.calls, clean, books.wrong);
    }

    private void compare(HttpClient http, int user) throws Exception {
        Tally.Done done = tally.done(user);
        // Free of charge, and before what is not.
        JsonNode usage = call(http, 0, user, "my_usage", "{\"days\":2}");
        long used = 0;
        for (JsonNode day : usage.path("days")) {
            used += day.path("apiCalls").longValue(0);
        }
        JsonNode remembered = call(http, 0, user, "list_memories", "{\"limit\":1}");
        Set<String> names = new HashSet<>();
        for (int replica = 0; replica < 2; replica++) {
            for (JsonNode each : call(http, replica, user, "list_documents", "{\"limit\":500}")
                    .path("documents")) {
                names.add(each.path("uri").stringValue());
            }
        }
        long kept = remembered.path("total").longValue(-1);
        memories += kept;
        documents += names.size();
        calls += used;
        within("memories", user, kept, done.memories, done.perhapsMemories);
        within("documents", user, names.size(), done.documents, done.perhapsDocuments);
        within("usage", user, used, done.calls, done.perhapsCalls);
    }

    private void within(String what, int user, long found, int certain, int perhaps) {
        if (found < certain || found > (long) certain + perhaps) {
            wrong.add("%s of %d: %d, and clients saw %d, and perhaps %d more"
                    .formatted(what, user, found, certain, perhaps));
        }
    }

    private JsonNode call(HttpClient http, int replica, int user, String tool, String arguments)
            throws IOException, InterruptedException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments
                + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + site.replicaPort(replica) + "/mcp"))
                .header("Authorization", "Bearer " + users.token(user))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        String message = response.body()
                .lines()
                .filter(line -> line.startsWith("{") || line.startsWith("data: {"))
                .reduce("{}", (before, line) -> line.replaceFirst("^data: ", ""));
        JsonNode result = Json.parse(message).path("result");
        if (response.statusCode() != 200 || !result.has("structuredContent")) {
            throw new IOException(tool + " of " + user + ": " + response.statusCode() + " " + response.body());
        }
        return result.path("structuredContent");
    }
}
