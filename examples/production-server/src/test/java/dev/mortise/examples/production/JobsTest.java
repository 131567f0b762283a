package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ImageContent;
import dev.mortise.mcp.schema.ProgressNotificationParams;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.PromptReference;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceTemplateDefinition;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.schema.ToolDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Jobs from beginning to end, as a client does them over HTTP with an API key. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobsTest {
    @TempDir
    static Path home;

    private static HttpServer site;
    private static Service service;
    private static McpClient ann;
    private static McpClient admin;

    @BeforeAll
    static void start() throws Exception {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/report", exchange -> {
            byte[] page = """
                    <html><head><title>Harvest 2026</title><script>alert(1)</script></head><body><nav>Menu</nav>
                    <main><h1>Harvest</h1><p>The <b>wheat</b> harvest grew. Wheat prices fell because the harvest grew.
                    A cat sat on a wall.</p><table><tr><th>crop</th><th>tons</th></tr><tr><td>wheat</td><td>120</td></tr>
                    <tr><td>rye</td><td>30</td></tr></table></main></body></html>""".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
        // All of these jobs together are more calls at once than one caller may make unless set.
        Map<String, String> settings =
                Map.of("MORTISE_FETCH_HOSTS", "127.0.0.1:" + site.getAddress().getPort(), "CALLS_PER_MINUTE", "6000");
        service = Service.start(home, settings);
        admin = service.client(service.adminKey());
        ann = service.client(service.key(settings, "--subject", "ann", "--reach", "critical"));
    }

    @AfterAll
    static void stop() {
        ann.close();
        admin.close();
        service.close();
        site.stop(0);
    }

    @Test
    void aPageBecomesATableAPictureAndASum() {
        String url = "http://127.0.0.1:" + site.getAddress().getPort() + "/report";
        JsonNode page = call(ann, "fetch_page", Map.of("url", url));
        String markdown = page.path("content").stringValue();
        assertThat(page.path("title").stringValue()).isEqualTo("Harvest 2026");
        assertThat(markdown).contains("# Harvest", "**wheat**", "| rye | 30 |").doesNotContain("alert", "Menu");
        assertThat(call(ann, "outline_document", Map.of("content", markdown))
                        .at("/headings/0/text")
                        .stringValue())
                .isEqualTo("Harvest");

        JsonNode table =
                call(ann, "extract_tables", Map.of("content", markdown)).at("/tables/0");
        assertThat(table.at("/rows/1/0").stringValue()).isEqualTo("rye");
        String csv = "crop,tons\n"
                + table.path("rows")
                        .valueStream()
                        .map(row -> row.get(0).stringValue() + "," + row.get(1).stringValue())
                        .collect(Collectors.joining("\n"));
        JsonNode described = call(ann, "describe_columns", Map.of("csv", csv));
        assertThat(described.at("/columns/1/type").stringValue()).isEqualTo("INTEGER");
        assertThat(described.at("/columns/1/mean").stringValue()).isEqualTo("75");

        JsonNode sum = call(
                ann,
                "query_table",
                Map.of(
                        "sql",
                        "SELECT sum(tons) AS total, max(crop) AS last FROM harvest",
                        "tables",
                        List.of(Map.of("name", "harvest", "csv", csv))));
        assertThat(sum.at("/rows/0").toString()).isEqualTo("[150,\"wheat\"]");
        assertThat(call(ann, "calculate", Map.of("expression", "round(120 / 150 * 100, 1)"))
                        .path("result")
                        .stringValue())
                .isEqualTo("80");

        assertThat(call(
                                ann,
                                "query_table",
                                Map.of(
                                        "sql",
                                        "SELECT NULL AS missing",
                                        "tables",
                                        List.of(Map.of("name", "t", "csv", "a\n1\n"))))
                        .at("/rows/0/0")
                        .isNull())
                .isTrue();

        CallToolResult chart = ann.callTool(
                "draw_chart",
                Map.of(
                        "form",
                        "BAR",
                        "title",
                        "Harvest",
                        "labels",
                        List.of("wheat", "rye"),
                        "series",
                        List.of(Map.of("name", "tons", "values", List.of(120, 30)))));
        byte[] png = ((ImageContent) chart.content().getFirst()).bytes();
        assertThat(catchingIo(() -> ImageIO.read(new ByteArrayInputStream(png)).getWidth()))
                .isEqualTo(960);
    }

    private interface Io<T> {
        T get() throws IOException;
    }

    private static <T> T catchingIo(Io<T> io) {
        try {
            return io.get();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aContractIsComparedCountedAndConverted() {
        String before = "# Terms\n\nPay within 30 days.\n\nNo refunds.\n";
        String after = "# Terms\n\nPay within 14 days.\n\nNo refunds.\n";
        JsonNode diff = call(ann, "diff_texts", Map.of("before", before, "after", after));
        assertThat(diff.path("added").intValue()).isEqualTo(1);
        assertThat(diff.path("unified").stringValue()).contains("-Pay within 30 days.", "+Pay within 14 days.");
        assertThat(call(ann, "count_text", Map.of("text", "Pay 付款 now."))
                        .path("words")
                        .intValue())
                .isEqualTo(4);
        assertThat(call(ann, "convert_document", Map.of("content", after, "from", "MARKDOWN", "to", "HTML"))
                        .path("content")
                        .stringValue())
                .contains("<h1>Terms</h1>", "<p>Pay within 14 days.</p>");
        JsonNode summary = call(
                ann,
                "summarize_text",
                Map.of(
                        "text",
                        "量子计算机利用量子比特进行计算。今天天气很好。量子比特可以同时处于多种状态，因此量子计算机能够处理某些经典计算机难以解决的问题。我喜欢喝茶。",
                        "sentences",
                        2));
        assertThat(summary.path("of").intValue()).isEqualTo(4);
        assertThat(summary.path("sentences"))
                .hasSize(2)
                .allSatisfy(sentence ->
                        assertThat(sentence.path("text").stringValue()).contains("量子"));
        JsonNode due = call(
                ann,
                "add_to_date",
                Map.of("date", "2026-12-23", "amount", 3, "unit", "BUSINESS_DAYS", "holidays", List.of("2026-12-25")));
        assertThat(due.path("date").stringValue()).isEqualTo("2026-12-29");
        JsonNode span = call(ann, "date_difference", Map.of("from", "2026-01-31", "to", "2026-03-01"));
        assertThat(span.path("period").stringValue()).isEqualTo("P1M1D");
        assertThat(span.path("businessDays").intValue()).isEqualTo(20);
        assertThat(call(ann, "convert_units", Map.of("value", "26.2", "from", "mi", "to", "km"))
                        .path("result")
                        .stringValue())
                .isEqualTo("42.1648128");
        JsonNode tank = call(ann, "convert_units", Map.of("value", 12.5, "from", "gallons", "to", "liter"));
        assertThat(tank.path("result").stringValue()).isEqualTo("47.3176473");
        assertThat(tank.path("from").stringValue()).isEqualTo("gal_us");
        assertThat(tank.path("unit").stringValue()).isEqualTo("l");
        assertThat(call(ann, "current_time", Map.of("zones", List.of("Asia/Shanghai")))
                        .at("/times/0/time")
                        .stringValue())
                .endsWith("+08:00");
    }

    @Test
    void longWorkSaysHowFarItIs() {
        String csv = IntStream.range(0, 40_000)
                .mapToObj(i -> i + "," + i % 7)
                .collect(Collectors.joining("\n", "number,rest\n", "\n"));
        String sql = "WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 1000000)"
                + " SELECT max(n), (SELECT count(*) FROM numbers) AS rows FROM step";
        List<ProgressNotificationParams> told = progress(
                ann, "query_table", Map.of("sql", sql, "tables", List.of(Map.of("name", "numbers", "csv", csv))));
        assertThat(told).extracting(ProgressNotificationParams::total).containsOnly(100.0);
        assertThat(told)
                .extracting(ProgressNotificationParams::message)
                .anySatisfy(message -> assertThat(message).containsPattern("^\\d+ rows read$"))
                .anySatisfy(message -> assertThat(message).containsPattern("^\\d+ of 40000 rows loaded$"))
                .anySatisfy(message ->
                        assertThat(message).containsPattern("^The query runs: \\d\\.\\d of at most 3 seconds$"));

        assertThat(progress(admin, "verify_audit", Map.of()).getLast().message())
                .endsWith(" records verified");
    }

    private static List<ProgressNotificationParams> progress(McpClient client, String tool, Object arguments) {
        List<ProgressNotificationParams> told = Collections.synchronizedList(new ArrayList<>());
        CallToolResult result = client.callTool(tool, arguments, CallOptions.DEFAULT.onProgress(told::add));
        assertThat(result.isError()).as(Service.text(result)).isFalse();
        assertThat(told).as(tool).isNotEmpty();
        assertThat(told).extracting(ProgressNotificationParams::progress).isSorted();
        return List.copyOf(told);
    }

    @Test
    void aTaskIsRememberedFoundDoneAndForgotten() {
        String task = call(ann, "remember", Map.of("text", "Send the tax return", "kind", "TASK", "due", "2027-05-31"))
                .path("id")
                .stringValue();
        call(ann, "remember", Map.of("text", "我喜欢简短的回答", "kind", "PREFERENCE"));
        assertThat(call(ann, "recall", Map.of("about", "taxes"))
                        .at("/memories/0/id")
                        .stringValue())
                .isEqualTo(task);
        assertThat(call(ann, "recall", Map.of("about", "回答"))
                        .at("/memories/0/kind")
                        .stringValue())
                .isEqualTo("PREFERENCE");
        assertThat(read(ann, "mortise://memories/task")).isEqualTo("- [ ] Send the tax return (due 2027-05-31)\n");
        assertThat(read(ann, "mortise://memory/" + task)).isEqualTo("Send the tax return");
        assertThat(call(ann, "complete_task", Map.of("id", task)).path("doneAt").isNull())
                .isFalse();
        assertThat(call(ann, "list_memories", Map.of("kind", "TASK"))
                        .path("total")
                        .intValue())
                .isZero();
        assertThat(call(ann, "list_memories", Map.of("kind", "TASK", "done", true))
                        .at("/memories/0/id")
                        .stringValue())
                .isEqualTo(task);
        JsonNode behind = call(ann, "list_memories", Map.of("kind", "TASK", "done", true, "offset", 1));
        assertThat(behind.path("memories")).isEmpty();
        assertThat(behind.path("total").intValue()).isEqualTo(1);
        assertThat(call(ann, "forget", Map.of("id", task)).path("forgotten").intValue())
                .isEqualTo(1);
        assertThat(call(ann, "forget", Map.of("id", task)).path("forgotten").intValue())
                .isZero();
    }

    @Test
    void anAdministratorSeesWhoDidWhatAndThatTheLogIsWhole() {
        assertThat(call(ann, "who_am_i", Map.of()).path("subject").stringValue())
                .isEqualTo("ann");
        assertThat(call(ann, "my_keys", Map.of()).path("keys")).hasSize(1);
        assertThat(call(admin, "list_users", Map.of())
                        .path("users")
                        .valueStream()
                        .map(user -> user.path("subject").stringValue()))
                .contains("administrator", "ann");
        assertThat(call(admin, "list_keys", Map.of()).path("keys")).hasSizeGreaterThanOrEqualTo(2);
        JsonNode events = call(admin, "search_audit", Map.of("subject", "ann", "target", "who_am_i"));
        assertThat(events.at("/events/0/outcome").stringValue()).isEqualTo("ALLOWED");
        JsonNode verified = call(admin, "verify_audit", Map.of());
        assertThat(verified.path("clean").booleanValue())
                .as(verified.toString())
                .isTrue();
        assertThat(call(admin, "server_health", Map.of()).path("status").stringValue())
                .isEqualTo("up");
        assertThat(read(admin, "mortise://settings")).contains("MORTISE_DATA").doesNotContain(service.adminKey());
    }

    @Test
    void whatEverybodySeesIsComplete() {
        Set<String> tools = names(ann.tools().map(ToolDefinition::name));
        assertThat(tools).hasSizeGreaterThanOrEqualTo(24);
        ann.tools().forEach(tool -> {
            assertThat(tool.title()).as(tool.name()).isNotBlank();
            assertThat(tool.description()).as(tool.name()).hasSizeGreaterThan(40);
            assertThat(tool.outputSchema()).as(tool.name()).isNotNull();
            assertThat(tool.annotations()).as(tool.name()).isNotNull();
        });
        long resources = ann.resources().count() + ann.resourceTemplates().count();
        assertThat(resources).isGreaterThanOrEqualTo(8);
        assertThat(admin.resources().map(ResourceDefinition::uri))
                .contains("mortise://audit/recent", "mortise://health");
        assertThat(ann.prompts()).hasSizeGreaterThanOrEqualTo(8);
        String notes = ann.getPrompt("meeting_notes", Map.of("transcript", "Bob: </transcript> hi", "language", "中文"))
                                .messages()
                                .getFirst()
                                .content()
                        instanceof TextContent text
                ? text.text()
                : "";
        assertThat(notes).contains("会议纪要", "< /transcript> hi");
        assertThat(ann.complete(PromptReference.of("meeting_notes"), "language", "deu")
                        .values())
                .containsExactly("Deutsch");
        assertThat(read(ann, "mortise://tools/calculate")).contains("\"expression\"");
        assertThat(read(ann, "mortise://units/length")).contains("1609.344");
        assertThat(read(ann, "mortise://zones/Asia")).contains("Asia/Shanghai +08:00");
        assertThat(read(ann, "mortise://help")).contains("recall");
    }

    @Test
    void thePagesNameWhatThereIsAndNothingElse() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        Set<String> tools = names(admin.tools().map(ToolDefinition::name));
        Stream<String> uris = Stream.concat(
                admin.resources().map(ResourceDefinition::uri),
                admin.resourceTemplates().map(ResourceTemplateDefinition::uriTemplate));
        Stream<String> prompts = admin.prompts().map(PromptDefinition::name);
        assertThat(readme).contains(tools.size() + " tools");
        assertThat(Stream.of(tools.stream(), uris.map(uri -> uri.replace("mortise://", "")), prompts)
                        .flatMap(names -> names))
                .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
        for (String page : List.of("mortise://help", "mortise://help/zh")) {
            Set<String> named = names(Pattern.compile("`([a-z_]+)`")
                    .matcher(read(ann, page))
                    .results()
                    .map(match -> match.group(1)));
            assertThat(tools).as(page).containsAll(named);
        }
    }

    private static Set<String> names(Stream<String> names) {
        return names.collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(McpClient client, String uri) {
        return ((TextResourceContents) client.readResource(uri).contents().getFirst()).text();
    }
}
