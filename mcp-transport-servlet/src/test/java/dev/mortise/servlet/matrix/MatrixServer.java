package dev.mortise.servlet.matrix;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.schema.Annotations;
import dev.mortise.mcp.schema.Role;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.transport.StdioTransport;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The one server that all settings share; also a program, for stdio. It says nothing about revisions. */
final class MatrixServer {
    static final int PAGE = 4;
    static final byte[] PIXEL = {1, 2, 3};

    private MatrixServer() {}

    public static void main(String[] arguments) {
        try (McpServer server = create()) {
            StdioTransport.run(server::handle);
        }
    }

    static McpServer create() {
        ControlTools control = new ControlTools();
        var builder = McpServer.builder("matrix", "1.0")
                .title("The matrix")
                .instructions("Try everything")
                .pageSize(PAGE)
                .shutdownGrace(Duration.ofMillis(100))
                .resource(Resource.at("docs:///text", "text")
                        .title("A text")
                        .mimeType("text/plain")
                        .size(5)
                        .annotations(Annotations.builder()
                                .audience(Role.USER)
                                .priority(0.5)
                                .build())
                        .read(call -> ResourceOutcome.found(call.text("hello"))))
                .resource(Resource.at("docs:///blob", "blob")
                        .mimeType("application/octet-stream")
                        .read(call -> ResourceOutcome.found(call.bytes(PIXEL))))
                .resource(Resource.at("docs:///asks", "asks").read(AskingTools::readAsking))
                .resourceTemplate(ResourceTemplate.at("notes:///{name}", "notes")
                        .title("Notes")
                        .complete("name", typed -> starting(typed.value(), "alpha", "beta"))
                        .read(call -> call.variable("name").equals("none")
                                ? ResourceOutcome.notFound()
                                : ResourceOutcome.found(call.text("note " + call.variable("name")))))
                .prompt(Prompt.named("outline")
                        .title("Outline")
                        .argument("document", "Which one")
                        .optionalArgument("language", "In which language")
                        .complete("document", typed -> starting(typed.value(), "one", "other", "two"))
                        .complete(
                                "language",
                                typed -> starting(
                                        typed.value(), "de-" + typed.context().get("document")))
                        .handle(call -> PromptOutcome.text(
                                "Outline " + call.argument("document").orElseThrow())))
                .prompt(Prompt.named("asks").handle(AskingTools::promptAsking));
        PlainTools.all().forEach(builder::tool);
        AskingTools.all().forEach(builder::tool);
        control.all().forEach(builder::tool);
        McpServer server = builder.build();
        control.change(server);
        return server;
    }

    private static List<String> starting(String typed, String... values) {
        return Stream.of(values).filter(value -> value.startsWith(typed)).toList();
    }
}
