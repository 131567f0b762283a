package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.dispatch.Cursor;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tasks of revision 2025-11-25, over the same store and the same work as those of the extension. */
final class LegacyTaskMethods implements LegacyTasks {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyTaskMethods.class);
    private static final String LIST = "tasks";
    private static final int PAGE = 100;

    record Page(@Nullable JsonNode cursor) {}

    private final RunningServer server;
    private final TaskLedger ledger;
    private final TaskRunner runner;
    private final TaskKeeper keeper;
    private final TaskMethods methods;
    private final TaskWatch watch;
    private final LegacyTaskWire wire;
    private final TaskMode otherwise;

    private final ServerMethod<TaskMethods.TaskId> get;
    private final ServerMethod<TaskMethods.TaskId> result;
    private final ServerMethod<TaskMethods.TaskId> cancel;
    private final ServerMethod<Page> list;

    LegacyTaskMethods(
            RunningServer server,
            TaskLedger ledger,
            TaskRunner runner,
            TaskKeeper keeper,
            TaskMethods methods,
            TaskWatch watch,
            LegacyTaskWire wire,
            TaskMode otherwise) {
        this.server = server;
        this.ledger = ledger;
        this.runner = runner;
        this.keeper = keeper;
        this.methods = methods;
        this.watch = watch;
        this.wire = wire;
        this.otherwise = otherwise;
        this.get = ServerMethod.named("tasks/get", TaskMethods.TaskId.class).handle(this::get);
        this.result =
                ServerMethod.named("tasks/result", TaskMethods.TaskId.class).handle(this::result);
        this.cancel =
                ServerMethod.named("tasks/cancel", TaskMethods.TaskId.class).handle(this::cancel);
        this.list = ServerMethod.named("tasks/list", Page.class).handle(this::list);
    }

    TaskMethods methods() {
        return methods;
    }

    TaskRunner runner() {
        return runner;
    }

    TaskWatch watch() {
        return watch;
    }

    LegacyTaskWire wire() {
        return wire;
    }

    Task attended(Task task, Call call) {
        return keeper.attended(task, call.context());
    }

    @Override
    public Optional<ServerMethod<?>> method(String name) {
        return switch (name) {
            case "tasks/get" -> Optional.of(get);
            case "tasks/result" -> Optional.of(result);
            case "tasks/cancel" -> Optional.of(cancel);
            case "tasks/list" -> Optional.of(list);
            default -> Optional.empty();
        };
    }

    @Override
    public Support support(Caller caller, String tool) {
        return switch (server.tool(caller, tool)
                .map(Tool::attributes)
                .flatMap(attributes -> attributes.get(Tasks.MODE))
                .orElse(otherwise)) {
            case TaskMode.Never never -> Support.FORBIDDEN;
            case TaskMode.Always always -> always.required() ? Support.REQUIRED : Support.OPTIONAL;
            case TaskMode.After after -> Support.OPTIONAL;
        };
    }

    private Outcome get(TaskMethods.TaskId params, Call call) {
        return switch (methods.access(call, params.id())) {
            case TaskMethods.Access.Granted granted -> complete(wire.task(attended(granted.task(), call)));
            case TaskMethods.Access.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    private Outcome result(TaskMethods.TaskId params, Call call) throws InterruptedException {
        return new LegacyTaskResult(call, params.id(), this).await();
    }

    private Outcome cancel(TaskMethods.TaskId params, Call call) {
        return switch (methods.access(call, params.id())) {
            case TaskMethods.Access.Granted granted -> cancelled(granted.task());
            case TaskMethods.Access.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    private Outcome cancelled(Task task) {
        if (!task.status().isTerminal()) {
            runner.cancel(task.id(), runner.words().cancelledByClient());
            // It may have come to another end in the same moment.
            Task now = ledger.find(task.id()).orElse(task);
            if (now.status() == TaskStatus.CANCELLED) {
                return complete(wire.task(now));
            }
            return ended(now);
        }
        return ended(task);
    }

    private Outcome ended(Task task) {
        return new Outcome.Refused(Refusal.InvalidParams.of(runner.words().hasEnded(LegacyTaskWire.status(task))));
    }

    private Outcome list(Page params, Call call) {
        TaskOwner owner = TaskOwner.of(call);
        if (owner.anonymous() && owner.session() == null) {
            // Everybody would see everybody's.
            return new Outcome.Refused(new Refusal.MethodNotFound("tasks/list"));
        }
        JsonNode cursor = params.cursor();
        Optional<String> after =
                cursor == null || cursor.isNull() ? Optional.empty() : Cursor.decode(LIST, cursor.asString(""));
        if (cursor != null && !cursor.isNull() && after.isEmpty()) {
            return new Outcome.Refused(
                    Refusal.InvalidParams.of("cursor is not one of this list: begin again without it"));
        }
        return page(call, owner, after.orElse(null));
    }

    private Outcome page(Call call, TaskOwner owner, @Nullable String after) {
        List<Task> page = new ArrayList<>();
        String position = after;
        do {
            TaskLedger.Stretch stretch = ledger.ofOwner(owner, position, PAGE);
            for (Task task : stretch.tasks()) {
                // As many as fit, and one more: then there is a next page.
                if (page.size() <= PAGE && methods.decide(call.caller(), task) instanceof Decision.Allow) {
                    page.add(task);
                }
            }
            position = stretch.last();
        } while (position != null && page.size() <= PAGE);
        boolean more = page.size() > PAGE;
        List<Task> shown = more ? page.subList(0, PAGE) : page;
        ObjectNode members = Json.object();
        ArrayNode tasks = members.putArray("tasks");
        shown.forEach(task -> tasks.add(wire.task(task)));
        if (more) {
            members.put("nextCursor", Cursor.encode(LIST, shown.get(PAGE - 1).id()));
        }
        return complete(members);
    }

    private static Outcome complete(ObjectNode members) {
        return new Outcome.Complete(ExtensionResult.of(members));
    }

    @Override
    public Optional<Message.Notification> tell(Caller caller, String session, Kind kind, String id) {
        try {
            Optional<Task> mine = ledger.find(id)
                    .filter(task -> isOf(task, session))
                    .filter(task -> methods.decide(caller, task) instanceof Decision.Allow);
            return switch (kind) {
                case STATUS -> mine.map(wire::statusNotification);
                case PROGRESS -> mine.flatMap(task -> progress(task.id()));
            };
        } catch (RuntimeException e) {
            LOG.warn("What happened to task {} could not be told", id, e);
            return Optional.empty();
        }
    }

    private static boolean isOf(Task task, String session) {
        TaskBody.Client client = task.body().client();
        return client != null && client.session().equals(session);
    }

    /** What is to be told of the progress of a task: nothing twice, whatever streams there are, at whatever replicas. */
    Optional<Message.Notification> progress(String id) {
        return ledger.change(id, LegacyTaskMethods::claimed).flatMap(task -> {
            TaskBody.Client client = task.body().client();
            return client == null || client.token() == null || client.progress() == null
                    ? Optional.empty()
                    : Optional.of(wire.progressNotification(task, client.token(), client.progress()));
        });
    }

    private static @Nullable Task claimed(Task task) {
        TaskBody.Client client = task.body().client();
        return task.status().isTerminal() || client == null || client.untold() == null ? null : task.told();
    }
}
