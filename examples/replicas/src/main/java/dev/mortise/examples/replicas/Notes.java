package dev.mortise.examples.replicas;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.time.Duration;
import redis.clients.jedis.UnifiedJedis;

/** One note that everybody shares. It lies in Redis, too: what the tools of a server share is the host's own affair. */
final class Notes implements McpServer.Plugin {
    static final String URI = "notes:///shared";
    private static final String KEY = "example:note";

    record Write(@Description("The new text of the note") String text) {}

    record Spell(
            @Description("The new text of the note") String text,
            @Description("How long to take") int millis) {}

    record Archive(@Description("Metres of tape") int metres) {}

    record Confirm(@Description("Delete it for good") boolean yes) {}

    private static final Question<Confirm> CONFIRM =
            Question.consent("confirm", Confirm.class, "Delete the note that everybody shares?");

    private final UnifiedJedis redis;
    private final ServerEvents events;

    Notes(UnifiedJedis redis, ServerEvents events) {
        this.redis = redis;
        this.events = events;
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(Tool.named("write_note")
                        .description("Writes the shared note")
                        .input(Write.class)
                        .handle((in, call) -> write(in)))
                .tool(Tool.named("write_slowly")
                        .description("Writes the shared note, and takes its time")
                        .input(Spell.class)
                        .handle((in, call) -> {
                            Thread.sleep(Math.clamp(in.millis(), 0, 5_000));
                            return write(new Write(in.text()));
                        }))
                .tool(Tool.named("delete_note")
                        .description("Deletes the shared note, after asking")
                        .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(10)))
                        .handle((in, call) -> delete(call)))
                .tool(Tool.named("archive_note")
                        .description("Copies the shared note to tape, a second for each metre")
                        .input(Archive.class)
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> archive(in, call)))
                .resource(Resource.at(URI, "note").mimeType("text/plain").read(call -> {
                    String text = redis.get(KEY);
                    return ResourceOutcome.found(call.text(text == null ? "" : text));
                }));
    }

    private ToolOutcome write(Write in) {
        redis.set(KEY, in.text());
        events.resourceUpdated(URI);
        return done("Written.");
    }

    private static ToolOutcome archive(Archive in, ToolCall call) throws InterruptedException {
        for (int metre = 1; metre <= in.metres(); metre++) {
            Thread.sleep(Duration.ofSeconds(1));
            call.progress(metre, (double) in.metres(), "Metre " + metre);
        }
        return done("Archived.");
    }

    private ToolOutcome delete(ToolCall call) {
        return switch (call.answer(CONFIRM)) {
            case Answer.Accepted<Confirm> ok
            when ok.value().yes() -> {
                redis.del(KEY);
                events.resourceUpdated(URI);
                yield done("Deleted.");
            }
            case Answer.Accepted<Confirm> no -> failed("Nothing was deleted.");
            case Answer.Declined<Confirm> no -> failed("You declined the deletion.");
            case Answer.Cancelled<Confirm> no -> failed("The question was dismissed.");
            case Answer.Missing<Confirm> none -> ask(CONFIRM);
        };
    }
}
