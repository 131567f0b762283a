package dev.mortise.examples.conformance;

import static dev.mortise.mcp.server.ToolOutcome.ask;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.time.Duration;
import java.util.List;

/** Tools that run as tasks, and one that does not. */
final class TaskTools {
    record Greet(String name) {}

    record Compute(
            @DefaultValue("1") int seconds,
            @DefaultValue("") String label) {}

    record Delete(String filename) {}

    record Confirm(boolean confirm) {}

    record Name(String name) {}

    private static final Duration WORK = Duration.ofMillis(500);

    private static final Question<Confirm> DELETE = Question.form("delete", Confirm.class, "Delete the file?");
    private static final Question<Confirm> FIRST = Question.form("first", Confirm.class, "First?");
    private static final Question<Confirm> SECOND = Question.form("second", Confirm.class, "Second?");
    private static final Question<Name> USER_NAME = Question.form("user_name", Name.class, "What is your name?");

    private TaskTools() {}

    static List<Tool> all() {
        return List.of(
                Tool.of("greet", "Greets at once", Greet.class, in -> "Hello, " + in.name() + "!"),
                Tool.named("slow_compute")
                        .description("Takes as long as it is told to")
                        .input(Compute.class)
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> {
                            Thread.sleep(Duration.ofSeconds(in.seconds()));
                            return "Computed " + in.label() + " in " + in.seconds() + " s";
                        }),
                Tool.named("failing_job")
                        .description("Fails after a while, and only as a task")
                        .with(Tasks.MODE, TaskMode.only())
                        .handle((in, call) -> {
                            Thread.sleep(WORK);
                            return ToolOutcome.failed("The job has failed, as it always does.");
                        }),
                Tool.named("protocol_error_job")
                        .description("Ends with a protocol error")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> ToolOutcome.refused(
                                new Refusal.DependencyUnavailable("The job's machine", Duration.ofSeconds(1)))),
                Tool.named("confirm_delete")
                        .description("Asks before it deletes")
                        .input(Delete.class)
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> call.answer(DELETE) instanceof Answer.Accepted<Confirm> ok
                                ? (ok.value().confirm() ? "Deleted " : "Kept ") + in.filename()
                                : ask(DELETE)),
                Tool.named("multi_input")
                        .description("Asks two things at once")
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> call.answer(FIRST) instanceof Answer.Accepted<Confirm> first
                                        && call.answer(SECOND) instanceof Answer.Accepted<Confirm> second
                                ? first.value().confirm() + " and "
                                        + second.value().confirm()
                                : ask(FIRST, SECOND)),
                Tool.named("test_tool_with_task")
                        .description("Asks first, and becomes a task when it begins to work")
                        .with(Tasks.MODE, TaskMode.after(Duration.ofMillis(100)))
                        .handle((in, call) -> greetSlowly(call)));
    }

    private static ToolOutcome greetSlowly(ToolCall call) throws InterruptedException {
        if (!(call.answer(USER_NAME) instanceof Answer.Accepted<Name> name)) {
            return ask(USER_NAME);
        }
        Thread.sleep(WORK);
        return ToolOutcome.done("Hello, " + name.value().name() + "!");
    }
}
