package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.CallOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server whose language is Chinese says when it cannot answer: nothing of it in English. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChineseTest {
    private static final Pattern ENGLISH = Pattern.compile("\\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\\b");

    @TempDir
    static Path home;

    private static Service service;
    private static McpClient admin;

    @BeforeAll
    static void start() throws Exception {
        service = Service.start(home, Map.of("MORTISE_LANGUAGE", "zh"));
        admin = service.client(service.adminKey());
    }

    @AfterAll
    static void stop() {
        admin.close();
        service.close();
    }

    static List<Arguments> refused() {
        Map<String, Object> table = Map.of("name", "t", "csv", "a,b\n1,2\n");
        return List.of(
                of("calculate", Map.of("expression", "1/0"), "除数为零。"),
                of("calculate", Map.of("expression", "nope(1)"), "没有接受 1 个值的函数 nope"),
                of("calculate", Map.of("expression", "2+"), "表达式不完整。"),
                of("calculate", Map.of("expression", "2 $ 3"), "第 3 个字符“$”不应出现在此处。请使用数字、+ - * / % ^"),
                of("convert_units", Map.of("value", 1, "from", "mi", "to", "kg"), "mi 是长度单位，而 kg 是质量单位。"),
                of("convert_units", Map.of("value", 1, "from", "mi", "to", "smoot"), "没有单位“smoot”。可用的单位有：m, km"),
                of("current_time", Map.of("zones", List.of("Mars/Olympus")), "没有时区“Mars/Olympus”"),
                of("date_difference", Map.of("from", "yesterday", "to", "2026-01-01"), "“yesterday”不是日期"),
                of("fetch_page", Map.of("url", "ftp://example.com/"), "只读取 http 和 https 网页。"),
                of("fetch_page", Map.of("url", "http://127.0.0.1/"), "127.0.0.1 不在公共互联网上"),
                of("query_table", Map.of("sql", "DELETE FROM t", "tables", List.of(table)), "只回答查询"),
                of("query_table", Map.of("sql", "SELECT 1"), "请只传入“tables”或“database”之一。"),
                of("describe_columns", Map.of("csv", "a,b\n1,2,3\n"), "第 2 行有 3 个值，但只有 2 列。"),
                of(
                        "draw_chart",
                        Map.of(
                                "form",
                                "BAR",
                                "title",
                                "t",
                                "labels",
                                List.of("a", "b"),
                                "series",
                                List.of(Map.of("name", "s", "values", List.of(1)))),
                        "“s”有 1 个值，但有 2 个标签。"),
                of("diff_texts", Map.of("before", "x\n".repeat(4_001), "after", "y"), "最多比较 4000 行"),
                of("remember", Map.of("text", "tea", "due", "2026-12-01"), "只有 TASK 才有期限"),
                of("complete_task", Map.of("id", "none"), "没有任务“none”"),
                of("revoke_key", Map.of("id", "none"), "没有密钥“none”。"),
                of("approve_request", Map.of("id", "none"), "没有请求“none”。"),
                of("search_audit", Map.of("after", "nowhere"), "“after”不是“next”给出的值。"),
                of("set_plan", Map.of("tenant", "acme", "plan", "golden"), "没有套餐“golden”"),
                of("set_plan", Map.of("tenant", "acmee", "plan", "starter"), "没有人知道账户 acmee"),
                of("set_plan", Map.of("tenant", "~house", "plan", "starter", "price", "1"), "starter@1 有固定价格"),
                of("set_plan", Map.of("tenant", "~house", "plan", "enterprise"), "enterprise@1 没有固定价格"),
                of("read_invoice", Map.of("id", "none"), "没有账单“none”。"),
                of("request_access", Map.of("tool", "calculate", "arguments", Map.of("expression", "1")), "此调用无需批准"));
    }

    private static Arguments of(String tool, Map<String, Object> arguments, String said) {
        return Arguments.of(tool, arguments, said);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("refused")
    void whatCannotBeAnsweredIsSaidInChinese(String tool, Map<String, Object> arguments, String said) {
        assertThat(failure(admin, tool, arguments)).contains(said).doesNotContainPattern(ENGLISH);
    }

    @Test
    void whatSqliteSaysStandsBehindWhatThisServerSays() {
        Map<String, Object> table = Map.of("name", "t", "csv", "a,b\n1,2\n");
        assertThat(failure(admin, "query_table", Map.of("sql", "SELECT c FROM t", "tables", List.of(table))))
                .isEqualTo("SQLite 报错：no such column: c。可用 describe_columns 查看有哪些列。");
    }

    @Test
    void progressIsInChinese() {
        Queue<String> said = new ConcurrentLinkedQueue<>();
        admin.callTool(
                "verify_audit",
                Map.of(),
                CallOptions.DEFAULT.onProgress(progress -> said.add(String.valueOf(progress.message()))));
        assertThat(String.join("\n", said)).containsPattern("已核验 \\d+ 条记录").doesNotContainPattern(ENGLISH);
    }
}
