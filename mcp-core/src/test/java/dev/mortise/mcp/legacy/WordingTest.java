package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.ElicitationCapability;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** In which words clients of both kinds are refused, and that nothing else changes with them. */
class WordingTest {
    private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

    record Range(int least, int most) {}

    /** What is refused, and a part of what is said about it in each language. */
    record Case(Refusal refusal, String english, String chinese) {}

    static List<Case> refusals() {
        return List.of(
                new Case(
                        new Refusal.Unauthenticated("The token has expired", List.of("Bearer")),
                        "The token has expired",
                        "需要有效的凭据（The token has expired）"),
                new Case(new Refusal.MissingScope(Set.of("b", "a"), "Bearer x"), "takes the scopes a b", "权限范围：a b"),
                new Case(
                        new Refusal.RateLimited(Duration.ofMillis(1_500), Map.of("RateLimit", "x")),
                        "Too many requests; try again in 2 s",
                        "请在 2 秒后重试"),
                new Case(new Refusal.Overloaded(Duration.ofSeconds(1)), "overloaded", "服务器过载"),
                new Case(
                        new Refusal.DependencyUnavailable("geocoder", Duration.ofSeconds(3)),
                        "geocoder is unavailable",
                        "暂时不可用（geocoder）"),
                new Case(new Refusal.TimedOut(Duration.ofMillis(250)), "Timed out after 250 ms", "250 毫秒"),
                new Case(
                        new Refusal.MissingCapability(ClientCapabilities.builder()
                                .elicitation(ElicitationCapability.formOnly())
                                .build()),
                        "here: elicitation",
                        "能力：elicitation"),
                new Case(new Refusal.InvalidState(), "requestState is not valid", "requestState 对此请求无效"),
                new Case(new Refusal.Cancelled(), "has ended this call", "已终止此次调用"),
                new Case(new Refusal.Internal("4711"), "Internal error", "内部错误"));
    }

    private static McpServer server(Wording wording, McpServerBuilder builder) {
        return builder.wording(wording).build();
    }

    private static McpServer refusing(Wording wording, Refusal refusal) {
        return server(
                wording,
                McpServer.builder("test", "1")
                        .tool(Tool.named("plain").handle((in, call) -> "ran"))
                        .intercept(
                                Stage.LIMIT,
                                (call, chain) -> call.method().equals("tools/call")
                                        ? new Outcome.Refused(refusal)
                                        : chain.proceed(call)));
    }

    private static Received legacy(McpServer server, String method, String params) {
        return LegacyClient.of(server).begin("2025-11-25", "{}").send(method, params);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void onlyTheTextDependsOnTheLanguage(Case one) {
        McpServer english = refusing(Wording.english(), one.refusal());
        McpServer chinese = refusing(Wording.chinese(), one.refusal());
        String call = "{'name':'plain','arguments':{}}";
        assertSameButForTheText(
                one,
                TestClient.of(english).send("tools/call", call),
                TestClient.of(chinese).send("tools/call", call));
        assertSameButForTheText(one, legacy(english, "tools/call", call), legacy(chinese, "tools/call", call));
    }

    private static void assertSameButForTheText(Case one, Received english, Received chinese) {
        assertThat(chinese.error().code()).isEqualTo(english.error().code());
        assertThat(chinese.error().data()).isEqualTo(english.error().data());
        assertThat(chinese.reply().status()).isEqualTo(english.reply().status());
        assertThat(chinese.reply().headers()).isEqualTo(english.reply().headers());
        assertThat(english.error().message()).contains(one.english()).doesNotContainPattern(CHINESE);
        assertThat(chinese.error().message()).contains(one.chinese());
    }

    @Test
    void whatIsDeniedIsToldAsWhatDoesNotExistInChineseToo() {
        McpServer server = server(
                Wording.chinese(),
                McpServer.builder("test", "1")
                        .tool(Tool.named("secret").handle((in, call) -> "ran"))
                        .prompt(Prompt.named("secret").handle(call -> PromptOutcome.text("x")))
                        .resource(Resource.text("doc:///secret", "s", "text/plain", "x"))
                        .policy((caller, target) -> Decision.DENY));
        TestClient modern = TestClient.of(server);
        LegacyClient legacy = LegacyClient.of(server).begin("2025-11-25", "{}");
        for (String[] request : new String[][] {
            {"tools/call", "{'name':'%s'}", "没有此工具："},
            {"prompts/get", "{'name':'%s'}", "没有此提示词："},
            {"resources/read", "{'uri':'doc:///%s'}", "没有此资源"}
        }) {
            assertAlike(
                    modern.send(request[0], request[1].formatted("secret")),
                    modern.send(request[0], request[1].formatted("absent")),
                    request[2]);
            assertAlike(
                    legacy.send(request[0], request[1].formatted("secret")),
                    legacy.send(request[0], request[1].formatted("absent")),
                    request[2]);
        }
        // Of these revisions, resources have a number of their own.
        assertThat(legacy.send("resources/read", "{'uri':'doc:///secret'}")
                        .error()
                        .code())
                .isEqualTo(-32002);
    }

    private static void assertAlike(Received denied, Received unknown, String words) {
        assertThat(denied.error().message()).startsWith(words);
        assertThat(denied.error().toString())
                .isEqualTo(unknown.error().toString().replace("absent", "secret"));
        assertThat(denied.reply().status()).isEqualTo(unknown.reply().status());
        assertThat(denied.reply().headers()).isEqualTo(unknown.reply().headers());
    }

    @Test
    void whoeverIsNotLetInIsToldSoToo() {
        McpServer server = server(
                Wording.chinese(),
                McpServer.builder("test", "1")
                        .authenticator(origin -> Authenticator.reject(
                                new Refusal.Unauthenticated("No credential", List.of("Bearer realm=\"x\"")))));
        Received refused = TestClient.of(server).send("tools/list", "{}");
        assertThat(refused.error().message()).isEqualTo("需要有效的凭据（No credential）");
        // Fields are ASCII.
        assertThat(refused.reply().headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"x\"");
    }

    @Test
    void whatAModelReadsOfAToolThatFailedIsInItsLanguage() {
        McpServer server = server(
                Wording.chinese(),
                McpServer.builder("test", "1")
                        .tool(Tool.named("broken").handle((in, call) -> {
                            throw new IllegalStateException("not for the peer");
                        }))
                        .tool(Tool.named("range")
                                .input(Range.class)
                                .handle((in, call) -> call.context().wording().language())));
        TestClient client = TestClient.of(server);
        assertThat(client.text("broken", "{}")).startsWith("工具 broken 意外失败").doesNotContain("not for the peer");
        assertThat(client.text("range", "{'least':'x','most':1}")).startsWith("参数无效：\n/least ");
        assertThat(LegacyClient.of(server).begin("2025-06-18", "{}").text("broken", "{}"))
                .startsWith("工具 broken 意外失败");
        // Handlers can follow it.
        assertThat(client.text("range", "{'least':0,'most':1}")).contains(Language.CHINESE.name());
    }

    @Test
    void wordsOfAHostMayBreakWithoutKeepingAnybodyWaiting() {
        Wording broken = new Wording() {
            @Override
            public String unknownTool(String name) {
                throw new IllegalStateException("no template");
            }

            @Override
            public String notFound() {
                return "Nothing of that name here";
            }
        };
        McpServer server = server(
                broken, McpServer.builder("test", "1").tool(Tool.named("plain").handle((in, call) -> "ran")));
        assertThat(TestClient.of(server)
                        .send("tools/call", "{'name':'x'}")
                        .error()
                        .message())
                .isEqualTo("Unknown tool: x");
        assertThat(legacy(server, "tools/call", "{'name':'x'}").error().message())
                .isEqualTo("Unknown tool: x");
    }

    /** A text that is added in English only would show up in the middle of a Chinese conversation. */
    @Test
    void everyTextIsThereInBothLanguages() throws Exception {
        for (Method text : Wording.class.getMethods()) {
            if (text.getReturnType() == String.class) {
                Object[] arguments = Arrays.stream(text.getParameterTypes())
                        .map(WordingTest::example)
                        .toArray();
                assertThat((String) text.invoke(Wording.english(), arguments))
                        .as(text.getName())
                        .doesNotContainPattern(CHINESE);
                assertThat((String) text.invoke(Wording.chinese(), arguments))
                        .as(text.getName())
                        .containsPattern(CHINESE);
            }
        }
    }

    private static Object example(Class<?> type) {
        return type == String.class
                ? "x"
                : type == long.class ? (Object) 5L : type == Duration.class ? Duration.ofSeconds(1) : List.of("x");
    }
}
