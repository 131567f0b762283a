package dev.mortise.examples.production.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which tools belong together, as people see them: those of a group have one picture. */
@SuppressWarnings("ImmutableEnumChecker") // The list is immutable; its type does not say so.
enum ToolGroup {
    KNOWLEDGE(
            "ingest_document",
            "ingest_folder",
            "search_knowledge",
            "ask_with_sources",
            "list_documents",
            "get_document",
            "delete_document",
            "knowledge_stats"),
    DISCOVERY("find_tools", "find_resources", "find_prompts"),
    MEMORY("remember", "recall", "list_memories", "complete_task", "forget", "erase_memories"),
    DOCUMENTS("convert_document", "outline_document", "extract_tables", "diff_texts", "summarize_text", "count_text"),
    DATA("query_table", "describe_columns", "draw_chart"),
    TIME("current_time", "add_to_date", "date_difference", "calculate", "convert_units"),
    WEB("fetch_page"),
    ACCOUNT("who_am_i", "my_keys", "my_usage", "my_quota", "my_plan", "upgrade_link"),
    AUTHORIZATION("request_access", "my_requests", "list_approvals", "approve_request", "deny_request"),
    ADMINISTRATION(
            "list_users",
            "list_keys",
            "revoke_key",
            "search_audit",
            "verify_audit",
            "server_health",
            "list_tenants",
            "set_plan",
            "list_invoices",
            "read_invoice",
            "issue_credit");

    /** By the name of the tool. */
    static final Map<String, ToolGroup> OF = Arrays.stream(values())
            .flatMap(group -> group.tools.stream().map(tool -> Map.entry(tool, group)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final List<String> tools;

    ToolGroup(String... tools) {
        this.tools = List.of(tools);
    }

    List<String> tools() {
        return tools;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its picture, as SVG. */
    byte[] svg() {
        String file = "icons/" + title() + ".svg";
        try (InputStream in = ToolGroup.class.getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
