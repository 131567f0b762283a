package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.ToolDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A day's work of one user and an administrator, each thing done with what came of the one before. Which tools did it is taken
 * down as they answer, and compared with what the server's own audit log has.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkdayTest {
    private static final String TERMS = """
            # Terms of delivery

            ## Prices

            Oak boards have risen in price. The price of oak boards follows the market for oak.

            | wood | boards | price |
            |---|---|---|
            | oak | 12 | 84.50 |
            | ash | 30 | 41.25 |
            | elm | 7 | 55.00 |

            ## Payment

            Payment is due within 30 days. Boards stay ours until they are paid for.
            """;

    @TempDir
    Path home;

    /** A client that takes down which tools have done what they were asked for. */
    private static final class Desk implements AutoCloseable {
        private final McpClient client;
        private final Set<String> used = new TreeSet<>();

        Desk(McpClient client) {
            this.client = client;
        }

        JsonNode does(String tool, Map<String, ?> arguments) {
            JsonNode result = Service.call(client, tool, arguments);
            used.add(tool);
            return result;
        }

        String text(String tool, Map<String, ?> arguments, String pointer) {
            return does(tool, arguments).at(pointer).asString("");
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void mostToolsHaveAPlaceInADaysWork() throws Exception {
        try (Service service = Service.start(home, Map.of("CALLS_PER_MINUTE", "6000"));
                Desk admin = new Desk(service.client(service.adminKey()));
                Desk ann = new Desk(service.client(
                        service.key(Map.of(), "--subject", "ann", "--tenant", "acme", "--reach", "critical")))) {
            aPriceListIsReadAndReckonedWith(ann);
            aDeadlineIsFoundAndKept(ann);
            theAccountIsLookedAfter(ann, admin);
            everythingIsForgottenOnceSomebodyAgrees(ann, admin);
            theAdministratorCloses(admin);

            Set<String> used = new TreeSet<>(ann.used);
            used.addAll(admin.used);
            assertThat(used).hasSizeGreaterThanOrEqualTo(40);
            assertThat(admin.client.tools().map(ToolDefinition::name).collect(Collectors.toSet()))
                    .containsAll(used);
            assertThat(allowed(admin, "ann")).containsAll(ann.used);
            assertThat(allowed(admin, "administrator")).containsAll(admin.used);
        }
    }

    private static void aPriceListIsReadAndReckonedWith(Desk ann) {
        assertThat(ann.text("find_tools", Map.of("request", "put a document into the knowledge base"), "/tools/0/name"))
                .startsWith("ingest_");
        ann.does("ingest_document", Map.of("document", "terms", "text", TERMS));
        assertThat(ann.text("list_documents", Map.of(), "/documents/0/uri")).endsWith("/terms");
        assertThat(ann.does("knowledge_stats", Map.of()).path("documents").asInt())
                .isEqualTo(1);
        assertThat(ann.text("search_knowledge", Map.of("query", "price of oak"), "/hits/0/document"))
                .isEqualTo("terms");
        assertThat(ann.text("ask_with_sources", Map.of("question", "When is payment due?"), "/context"))
                .contains("30 days");
        String text = ann.text("get_document", Map.of("document", "terms"), "/text");

        assertThat(ann.does("outline_document", Map.of("content", text)).path("headings"))
                .hasSize(3);
        JsonNode table = ann.does("extract_tables", Map.of("content", text)).at("/tables/0");
        List<String> lines = new ArrayList<>(List.of("wood,boards,price"));
        table.path("rows")
                .forEach(row -> lines.add(
                        row.valueStream().map(cell -> cell.asString("")).collect(Collectors.joining(","))));
        String csv = String.join("\n", lines);
        assertThat(ann.text("describe_columns", Map.of("csv", csv), "/columns/2/max"))
                .isEqualTo("84.5");
        String sum = ann.text(
                "query_table",
                Map.of(
                        "sql",
                        "SELECT sum(boards * price) AS worth FROM stock",
                        "tables",
                        List.of(Map.of("name", "stock", "csv", csv))),
                "/rows/0/0");
        String checked = ann.text("calculate", Map.of("expression", "12*84.50 + 30*41.25 + 7*55"), "/result");
        assertThat(Double.parseDouble(sum)).isEqualTo(Double.parseDouble(checked));
        ann.does(
                "draw_chart",
                Map.of(
                        "form",
                        "BAR",
                        "title",
                        "Stock",
                        "labels",
                        List.of("oak", "ash", "elm"),
                        "series",
                        List.of(Map.of("name", "boards", "values", List.of(12, 30, 7)))));
        assertThat(ann.text("convert_units", Map.of("value", "8", "from", "ft", "to", "m"), "/result"))
                .isEqualTo("2.4384");

        assertThat(ann.text("convert_document", Map.of("content", text, "from", "MARKDOWN", "to", "HTML"), "/content"))
                .contains("<h2>Payment</h2>");
        assertThat(ann.does("summarize_text", Map.of("text", text, "sentences", 1))
                        .path("sentences"))
                .hasSize(1);
        assertThat(ann.does("count_text", Map.of("text", text)).path("words").asInt())
                .isGreaterThan(30);
        assertThat(ann.text(
                        "diff_texts", Map.of("before", text, "after", text.replace("30 days", "14 days")), "/unified"))
                .contains("+Payment is due within 14 days.");
    }

    private static void aDeadlineIsFoundAndKept(Desk ann) {
        String today = ann.text("current_time", Map.of("zones", List.of("UTC")), "/times/0/time")
                .substring(0, 10);
        String due = ann.text("add_to_date", Map.of("date", today, "amount", 30, "unit", "DAYS"), "/date");
        assertThat(ann.does("date_difference", Map.of("from", today, "to", due))
                        .path("days")
                        .asInt())
                .isEqualTo(30);
        String task = ann.text("remember", Map.of("text", "Pay for the oak", "kind", "TASK", "due", due), "/id");
        assertThat(ann.text("recall", Map.of("about", "oak"), "/memories/0/id")).isEqualTo(task);
        ann.does("complete_task", Map.of("id", task));
        assertThat(ann.does("list_memories", Map.of("kind", "TASK"))
                        .path("total")
                        .asInt())
                .isZero();
        assertThat(ann.does("forget", Map.of("id", task)).path("forgotten").asInt())
                .isEqualTo(1);
    }

    private static void theAccountIsLookedAfter(Desk ann, Desk admin) {
        assertThat(ann.text("who_am_i", Map.of(), "/subject")).isEqualTo("ann");
        String key = ann.text("my_keys", Map.of(), "/keys/0/id");
        assertThat(admin.does("list_keys", Map.of())
                        .path("keys")
                        .valueStream()
                        .map(each -> each.path("id").asString("")))
                .contains(key);
        assertThat(ann.does("my_usage", Map.of("days", 1))
                        .at("/days/0/apiCalls")
                        .asInt())
                .isGreaterThan(20);
        assertThat(ann.text("my_quota", Map.of(), "/account")).isEqualTo("acme");
        assertThat(ann.text("upgrade_link", Map.of(), "/url")).endsWith("/plans");
        admin.does("set_plan", Map.of("tenant", "acme", "plan", "starter"));
        assertThat(ann.text("my_plan", Map.of(), "/plan")).isEqualTo("starter@1");
        assertThat(ann.does("find_prompts", Map.of("request", "summarize a document"))
                        .path("prompts"))
                .isNotEmpty();
        assertThat(ann.does("find_resources", Map.of("request", "units of length"))
                        .path("resources"))
                .isNotEmpty();
    }

    private static void everythingIsForgottenOnceSomebodyAgrees(Desk ann, Desk admin) {
        ann.does("remember", Map.of("text", "Prefers ash", "kind", "PREFERENCE"));
        String request = ann.text("request_access", Map.of("tool", "erase_memories"), "/request/id");
        assertThat(admin.text("list_approvals", Map.of(), "/requests/0/id")).isEqualTo(request);
        admin.does("approve_request", Map.of("id", request));
        assertThat(ann.text("my_requests", Map.of(), "/requests/0/status")).isEqualTo("APPROVED");
        assertThat(ann.does("erase_memories", Map.of()).path("forgotten").asInt())
                .isEqualTo(1);
        assertThat(ann.does("delete_document", Map.of("document", "terms"))
                        .path("deleted")
                        .asBoolean())
                .isTrue();
    }

    private static void theAdministratorCloses(Desk admin) {
        assertThat(admin.does("list_users", Map.of()).path("users")).hasSize(2);
        assertThat(admin.does("list_tenants", Map.of())
                        .path("accounts")
                        .valueStream()
                        .map(each -> each.path("id").asString("")))
                .contains("acme");
        admin.does("list_invoices", Map.of("tenant", "acme"));
        assertThat(admin.text("server_health", Map.of(), "/status")).isEqualTo("up");
        assertThat(admin.does("search_audit", Map.of("subject", "ann")).path("events"))
                .isNotEmpty();
        assertThat(admin.does("verify_audit", Map.of()).path("clean").asBoolean())
                .isTrue();
    }

    /** The tools that the audit log says somebody was let call. */
    private static Set<String> allowed(Desk admin, String subject) {
        return Service.call(
                        admin.client, "search_audit", Map.of("subject", subject, "outcome", "ALLOWED", "limit", 500))
                .path("events")
                .valueStream()
                .filter(event -> event.path("method").asString("").equals("tools/call"))
                .map(event -> event.path("target").asString(""))
                .collect(Collectors.toSet());
    }
}
