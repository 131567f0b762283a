package dev.mortise.servlet;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server that asks in every way, in a container. */
final class LegacyServer implements AutoCloseable {
    record Add(int a, int b) {}

    record Sum(int sum) {}

    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");
    private static final Question<ListRootsResult> ROOTS = Question.roots("roots");
    private static final Question<CreateMessageResult> MODEL = Question.sampling(
            "model",
            CreateMessageRequestParams.builder(List.of(SamplingMessage.user("Hello?")), 10)
                    .build());

    final McpServer mcp = McpServer.builder("legacy", "1.0")
            .tool(Tool.named("add")
                    .description("Adds")
                    .input(Add.class)
                    .output(Sum.class)
                    .handle((in, call) -> {
                        call.log(LoggingLevel.WARNING, "add", "adding");
                        call.progress(1, 1);
                        return new Sum(in.a() + in.b());
                    }))
            .tool(asking("name", NAME))
            .tool(asking("roots", ROOTS))
            .tool(asking("model", MODEL))
            .resource(Resource.text("docs:///a", "a", "text/plain", "A"))
            .build();

    private final Container container;

    LegacyServer(Container.Kind kind, Duration heartbeat) throws Exception {
        HttpOptions options = HttpOptions.builder().heartbeat(heartbeat).build();
        container = Container.start(kind, Map.of("/mcp", StreamableHttp.of(mcp::handle, options)));
    }

    private static <T> Tool asking(String name, Question<T> question) {
        return Tool.named(name).description("Asks").handle((in, call) -> switch (call.answer(question)) {
            case Answer.Accepted<T> ok -> ToolOutcome.done("got " + ok.value());
            case Answer.Declined<T> no -> ToolOutcome.failed("declined");
            case Answer.Cancelled<T> no -> ToolOutcome.failed("dismissed");
            case Answer.Missing<T> none -> ToolOutcome.ask(question);
        });
    }

    int port() {
        return container.port();
    }

    @Override
    public void close() throws Exception {
        mcp.close();
        container.close();
    }
}
