package dev.mortise.rag.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiscoveryTest {
    private static Tool tool(String name, String description) {
        return Tool.named(name).description(description).handle((in, call) -> "done by " + name);
    }

    private static McpServerBuilder office() {
        return McpServer.builder("office", "1")
                .tool(tool("mail_send", "Send an e-mail to one or more recipients."))
                .tool(tool("mail_search", "Search the mailbox by sender or words."))
                .tool(tool("orders_refund", "Give money back for an order, fully or partly."))
                .tool(tool("orders_list", "List the orders of a customer."))
                .tool(tool("files_delete", "Permanently remove a file."))
                .tool(tool("weather_forecast", "Tell the weather of the coming days."))
                .tool(Tool.named("pods_restart")
                        .title("Restart pods")
                        .description("Restart all pods of a workload one by one.")
                        .inputSchema(JsonSchema.parse("{\"type\":\"object\",\"properties\":{\"namespace\":"
                                + "{\"type\":\"string\",\"description\":\"Kubernetes namespace\"}}}"))
                        .handle((in, call) -> "restarted"));
    }

    private static JsonNode find(McpClient client, String request) {
        return structured(client.callTool("find_tools", Map.of("request", request)));
    }

    private static JsonNode structured(CallToolResult result) {
        assertThat(result.isError()).as(result.toString()).isFalse();
        JsonNode structured = result.structuredContent();
        assertThat(structured).isNotNull();
        return structured;
    }

    private static List<String> names(JsonNode found) {
        return found.path("tools")
                .valueStream()
                .map(each -> each.path("name").stringValue())
                .toList();
    }

    private static List<String> listed(McpClient client) {
        return client.tools().map(ToolDefinition::name).toList();
    }

    @Test
    void theToolThatFitsComesFirstWithItsSchemaAndTheReasons() {
        McpServer server = office().plugin(Discovery.create()).build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            JsonNode found = find(client, "reboot the pods in namespace core");
            JsonNode first = found.at("/tools/0");
            assertThat(first.path("name").stringValue()).isEqualTo("pods_restart");
            assertThat(first.at("/inputSchema/properties/namespace/type").stringValue())
                    .isEqualTo("string");
            assertThat(first.path("why").toString())
                    .contains("\\\"pods\\\" is in the name")
                    .contains("\\\"reboot\\\" means \\\"restart\\\", in the name");
            assertThat(found.path("considered").intValue()).isEqualTo(7);
            assertThat(found.path("truncated").booleanValue()).isFalse();
        }
    }

    @Test
    void aRequestInOneLanguageFindsADescriptionInTheOther() {
        McpServer server = office().tool(tool("fapiao_ocr", "识别发票图片，提取金额和税额。"))
                .plugin(Discovery.create())
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(names(find(client, "给这个订单退款")).get(0)).isEqualTo("orders_refund");
            assertThat(names(find(client, "明天会不会下雨")).get(0)).isEqualTo("weather_forecast");
            assertThat(names(find(client, "extract the amount from this photo of an invoice"))
                            .get(0))
                    .isEqualTo("fapiao_ocr");
        }
    }

    @Test
    void typingErrorsAndTheLooksOfThingsAreUnderstood() {
        McpServer server = office().plugin(Discovery.create()).build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(names(find(client, "wheather in Oslo")).get(0)).isEqualTo("weather_forecast");
            JsonNode found = find(client, "get rid of ~/notes/old.txt");
            assertThat(names(found).get(0)).isEqualTo("files_delete");
            assertThat(found.at("/tools/0/why").toString()).contains("looks like a local path");
        }
    }

    @Test
    void whatTheCallerMayNotSeeIsNeverFound() {
        Set<String> denied = ConcurrentHashMap.newKeySet();
        denied.add("orders_refund");
        McpServer server = office().plugin(Discovery.create())
                .policy((caller, target) -> denied.contains(target.name())
                        ? Decision.DENY
                        : target.name().equals("files_delete")
                                ? new Decision.Challenge(new Refusal.ApprovalRequired("Ask first"))
                                : Decision.ALLOW)
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            JsonNode found = find(client, "refund an order");
            assertThat(names(found)).doesNotContain("orders_refund").contains("orders_list");
            assertThat(found.path("considered").intValue()).isEqualTo(6);
            assertThat(names(find(client, "delete a file"))).startsWith("files_delete");
            denied.clear();
            assertThat(names(find(client, "refund an order"))).startsWith("orders_refund");
            denied.add("orders_refund");
            assertThat(names(find(client, "refund an order"))).doesNotContain("orders_refund");
        }
    }

    @Test
    void toolsThatComeAndGoAreFoundAsLongAsTheyAreThere() {
        McpServer server = office().plugin(Discovery.create()).build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            server.tools().add(tool("hotel_book", "Book a room in a hotel."));
            assertThat(names(find(client, "book a hotel"))).startsWith("hotel_book");
            server.tools().remove("hotel_book");
            assertThat(names(find(client, "book a hotel"))).doesNotContain("hotel_book");
        }
    }

    @Test
    void progressiveModeListsTheCoreAndCallsTheRest() {
        McpServer server = office().plugin(Discovery.progressive("mail_send")).build();
        for (ProtocolVersion version : List.of(ProtocolVersion.V2026_07_28, ProtocolVersion.V2025_06_18)) {
            try (McpClient client = McpClient.inMemory(server).versions(version).connect()) {
                List<String> before = listed(client);
                assertThat(before).containsExactly("find_prompts", "find_resources", "find_tools", "mail_send");
                assertThat(names(find(client, "refund an order"))).startsWith("orders_refund");
                assertThat(client.callTool("orders_refund", Map.of()).isError()).isFalse();
                assertThat(listed(client)).isEqualTo(before);
                if (version.equals(ProtocolVersion.V2026_07_28)) {
                    JsonNode raw = client.request("tools/list", Map.of());
                    assertThat(raw.path("ttlMs").longValue()).isPositive();
                    assertThat(raw.path("cacheScope").stringValue()).isEqualTo("public");
                }
                assertThatThrownBy(() -> client.request("tools/list", Map.of("cursor", "x")))
                        .isInstanceOf(RpcException.class);
            }
        }
    }

    @Test
    void toolsWhoseCallsNeedHeadersAreAlwaysListed() {
        Tool mirrored = Tool.named("region_query")
                .inputSchema(JsonSchema.parse("{\"type\":\"object\",\"properties\":{\"region\":{\"type\":\"string\","
                        + "\"x-mcp-header\":\"Region\"}}}"))
                .handle((in, call) -> "ok");
        McpServer server = office().tool(mirrored)
                .tool(Tool.named("always").with(Discovery.CORE, true).handle((in, call) -> "ok"))
                .plugin(Discovery.builder()
                        .only(Discovery.Kind.TOOLS)
                        .progressive()
                        .build())
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(listed(client)).containsExactly("always", "find_tools", "region_query");
        }
    }

    @Test
    void useTeachesTheRankingOfItsTenantOnlyAndIsForgotten() {
        AtomicReference<Caller> caller = new AtomicReference<>();
        Now now = new Now();
        McpServer server = office().authenticator(origin -> Authenticator.admit(caller.get()))
                .plugin(Discovery.builder()
                        .halfLife(Duration.ofDays(1))
                        .clock(now)
                        .build())
                .build();
        Caller ann = Caller.of("ann").withTenant("acme");
        Caller bob = Caller.of("bob").withTenant("acme");
        Caller eve = Caller.of("eve").withTenant("other");
        String request = "the usual quarterly thing with the mailbox";
        caller.set(ann);
        try (McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(names(find(client, request))).startsWith("mail_search").contains("mail_send");
            for (int i = 0; i < 3; i++) {
                find(client, request);
                client.callTool("mail_send", Map.of());
            }
            caller.set(bob);
            JsonNode learned = find(client, request);
            assertThat(names(learned)).startsWith("mail_send");
            assertThat(learned.at("/tools/0/why").toString()).contains("used before for requests like this");
            caller.set(eve);
            JsonNode others = find(client, request);
            assertThat(names(others)).startsWith("mail_search");
            assertThat(others.toString()).doesNotContain("used before");
            now.forward(Duration.ofDays(30));
            caller.set(bob);
            assertThat(names(find(client, request))).startsWith("mail_search");
        }
    }

    @Test
    void strangersTeachNothingAndCallsWithoutFindingNeither() {
        Attribute<String> from = Attribute.of("from", String.class);
        AtomicReference<Caller> caller =
                new AtomicReference<>(Caller.anonymous().with(from, "somewhere"));
        Now now = new Now();
        McpServer server = office().authenticator(origin -> Authenticator.admit(caller.get()))
                .plugin(Discovery.builder().clock(now).build())
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            for (int i = 0; i < 5; i++) {
                find(client, "something with the mailbox");
                client.callTool("mail_send", Map.of());
            }
            assertThat(find(client, "something with the mailbox").toString()).doesNotContain("used before");
            caller.set(Caller.of("ann").withTenant("acme"));
            find(client, "something with the mailbox");
            now.forward(Duration.ofMinutes(11));
            client.callTool("mail_send", Map.of());
            assertThat(find(client, "something with the mailbox").toString())
                    .as("a call long after the finding has nothing to do with it")
                    .doesNotContain("used before");
        }
    }

    @Test
    void resourcesTemplatesAndPromptsAreFound() {
        McpServer server = office().plugin(Discovery.create())
                .resource(Resource.at("docs:///handbook", "handbook")
                        .description("Rules for employees: vacation, sick leave")
                        .read(call -> ResourceOutcome.found(call.text("x"))))
                .resourceTemplate(ResourceTemplate.at("reports:///{year}", "yearly-report")
                        .description("Revenue of a year")
                        .read(call -> ResourceOutcome.found(call.text("x"))))
                .prompt(Prompt.named("translate")
                        .description("Translates a letter")
                        .argument("language", "Into which language")
                        .handle(call -> PromptOutcome.text("x")))
                .build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            JsonNode leave = structured(client.callTool("find_resources", Map.of("request", "我想请假")));
            assertThat(leave.at("/resources/0/uri").stringValue()).isEqualTo("docs:///handbook");
            JsonNode revenue = structured(client.callTool("find_resources", Map.of("request", "turnover of 2025")));
            assertThat(revenue.at("/resources/0/uriTemplate").stringValue()).isEqualTo("reports:///{year}");
            client.readResource("reports:///2025");
            JsonNode again = structured(client.callTool("find_resources", Map.of("request", "turnover of 2025")));
            assertThat(again.at("/resources/0/why").toString()).contains("used before");
            JsonNode prompts = structured(client.callTool("find_prompts", Map.of("request", "翻译一封信")));
            assertThat(prompts.at("/prompts/0/name").stringValue()).isEqualTo("translate");
            assertThat(prompts.at("/prompts/0/arguments/0/name").stringValue()).isEqualTo("language");
        }
    }

    @Test
    void badInputIsToldToTheModel() {
        McpServer server = office().plugin(Discovery.create()).build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            for (Map<String, Object> bad : List.<Map<String, Object>>of(
                    Map.of(),
                    Map.of("request", ""),
                    Map.of("request", "x".repeat(2_001)),
                    Map.of("request", "mail", "limit", 0),
                    Map.of("request", "mail", "limit", 21))) {
                assertThat(client.callTool("find_tools", bad).isError())
                        .as(bad.toString())
                        .isTrue();
            }
            JsonNode nothing = find(client, "?!");
            assertThat(nothing.path("tools")).isEmpty();
            assertThat(nothing.path("hint").stringValue()).contains("Nothing fits");
        }
    }

    @Test
    void anIndexIsMadeOnlyWhenTheOfferChanges() {
        Map<String, String> rows = new HashMap<>(Map.of("a_tool", "Does a", "b_tool", "Does b"));
        AtomicReference<dev.mortise.mcp.extension.RunningServer> running = new AtomicReference<>();
        McpServer.builder("dynamic", "1")
                .tools(new Rows(rows))
                .companion(running::set)
                .build();
        Finder finder =
                new Finder(running::get, 100, new UsageMemory(Duration.ofDays(1), Clock.systemUTC()), Language.ENGLISH);
        finder.tools(Caller.local(), "a", 5);
        finder.tools(Caller.of("ann"), "b", 5);
        assertThat(finder.indexesMade())
                .as("the same offer, though its tools are made anew")
                .isEqualTo(1);
        rows.put("b_tool", "Does something else");
        finder.tools(Caller.local(), "a", 5);
        assertThat(finder.indexesMade()).isEqualTo(2);
    }

    @Test
    void moreThanIsLookedThroughIsSaid() {
        McpServer server =
                office().plugin(Discovery.builder().maxEntries(3).build()).build();
        try (McpClient client = McpClient.inMemory(server).connect()) {
            JsonNode found = find(client, "delete a file");
            assertThat(found.path("truncated").booleanValue()).isTrue();
            assertThat(found.path("considered").intValue()).isLessThanOrEqualTo(3);
        }
    }

    /** Tools from a table, made anew each time they are asked for. */
    private record Rows(Map<String, String> rows) implements Source<Tool> {
        @Override
        public List<Tool> list(Caller caller, @Nullable String after, int limit) {
            return rows.keySet().stream()
                    .sorted()
                    .filter(name -> after == null || name.compareTo(after) > 0)
                    .limit(limit)
                    .map(name -> find(caller, name).orElseThrow())
                    .toList();
        }

        @Override
        public Optional<Tool> find(Caller caller, String key) {
            return Optional.ofNullable(rows.get(key)).map(description -> tool(key, description));
        }
    }

    private static final class Now extends Clock {
        private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-11-22T00:00:00Z"));

        void forward(Duration by) {
            time.updateAndGet(before -> before.plus(by));
        }

        @Override
        public Instant instant() {
            return time.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
