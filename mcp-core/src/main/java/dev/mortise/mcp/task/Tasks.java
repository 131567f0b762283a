package dev.mortise.mcp.task;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.store.InMemoryTaskStore;
import dev.mortise.mcp.store.TaskStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code io.modelcontextprotocol/tasks}: a client that declares it may get, instead of the result of a
 * tool, a task to ask for later. Which tools, and when, says {@link TaskMode}; tools are written as always. A plugin for
 * one server; thread-safe once installed.
 *
 * <pre>{@code
 * McpServer server = McpServer.builder("reports", "1.0")
 *         .plugin(Tasks.create())
 *         .tool(Tool.named("report")
 *                 .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
 *                 .handle((in, call) -> writeReport(call)))
 *         .build();
 * }</pre>
 *
 * <p>Clients of revision 2025-11-25, which had tasks in its core, get the same tasks in the form of that revision.
 *
 * <p>A task belongs to the {@linkplain Caller#identity() caller} that began it; to others it does not exist (where callers are anonymous, it is its session's, or belongs to whoever knows its id), and the
 * policy is asked about its tool at every access. Its charges are settled once, however it ends. If the process that
 * works on it dies, it fails, or is run again when its owner asks for it next, if the tool says that it is idempotent.
 */
public final class Tasks implements McpServer.Plugin {
    /** The id of the extension. */
    public static final String ID = LegacyTasks.EXTENSION;

    /** When calls of a tool become tasks. */
    public static final Attribute<TaskMode> MODE = Attribute.of("dev.mortise.mcp.task.mode", TaskMode.class);

    private final TaskStore store;
    private final TaskLimits limits;
    private final TaskMode otherwise;
    private final TaskWire wire;
    private volatile @Nullable Parts parts;

    /** What works once the server runs. */
    private record Parts(
            TaskRunner runner,
            TaskKeeper keeper,
            TaskGate gate,
            TaskMethods methods,
            TaskWatch watch,
            LegacyTaskMethods legacy) {}

    private Tasks(Builder builder) {
        this.store = builder.store;
        this.limits = new TaskLimits(builder.ttl, builder.keep, builder.lease, builder.maxPerCaller, builder.maxTasks);
        this.otherwise = builder.otherwise;
        this.wire = new TaskWire(builder.pollInterval);
    }

    /** Tasks in memory: they end with the process. */
    public static Tasks create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.extension(ID, Json.object())
                .intercept(Stage.EXTEND, (call, chain) -> parts().gate().intercept(call, chain))
                .method(ServerMethod.named("tasks/get", TaskMethods.TaskId.class)
                        .requires(ID)
                        .handle((params, call) -> parts().methods().get(params, call)))
                .method(ServerMethod.named("tasks/update", TaskMethods.Update.class)
                        .requires(ID)
                        .handle((params, call) -> parts().methods().update(params, call)))
                .method(ServerMethod.named("tasks/cancel", TaskMethods.TaskId.class)
                        .requires(ID)
                        .handle((params, call) -> parts().methods().cancel(params, call)))
                .topic(new TaskTopic(this))
                .companion(new Life());
    }

    /** Shows how many tasks this process runs just now. */
    public Tasks reportTo(MetricSink sink) {
        sink.gauge(MetricNames.MCP_TASKS, Map.of(), () -> {
            Parts started = parts;
            return started == null ? 0 : started.runner().running();
        });
        return this;
    }

    /** A task as its owner finds it now. */
    Optional<Task> find(Call call, String id) {
        return parts().methods().access(call, id) instanceof TaskMethods.Access.Granted granted
                ? Optional.of(parts().keeper().attended(granted.task(), call.context()))
                : Optional.empty();
    }

    TaskWire wire() {
        return wire;
    }

    /** Does once what is done every few seconds: for tests, which own the clock. */
    void tend() {
        parts().keeper().tend();
    }

    private Parts parts() {
        Parts started = parts;
        if (started == null) {
            throw new IllegalStateException("These tasks are not part of a running server");
        }
        return started;
    }

    /** The server finds in it what its clients of 2025-11-25 need, too: for them, tasks are no extension. */
    private final class Life implements ServerCompanion, LegacyTasks {
        private volatile List<Thread> tending = List.of();

        @Override
        public void start(RunningServer server) {
            if (parts != null) {
                throw new IllegalStateException("These tasks are another server's: create others for this one");
            }
            TaskLedger ledger = new TaskLedger(store, limits, server);
            TaskRunner runner = new TaskRunner(server, ledger);
            TaskKeeper keeper = new TaskKeeper(ledger, runner);
            TaskMethods methods = new TaskMethods(server, ledger, runner, keeper, wire);
            LegacyTaskWire legacyWire = new LegacyTaskWire(wire.pollInterval());
            TaskWatch watch = new TaskWatch(server.events());
            parts = new Parts(
                    runner,
                    keeper,
                    new TaskGate(server, runner, wire, legacyWire, otherwise),
                    methods,
                    watch,
                    new LegacyTaskMethods(server, ledger, runner, keeper, methods, watch, legacyWire, otherwise));
            tending = keeper.start();
        }

        @Override
        public void disconnect(Predicate<Caller> whose) {
            Parts started = parts;
            // A part of the server that started earlier may find somebody revoked before there are tasks at all.
            if (started != null) {
                started.runner().cancel(whose, started.runner().words().endedByServer());
            }
        }

        @Override
        public void stop(Duration grace) {
            parts().runner().finish(grace);
            parts().watch().close();
            tending.forEach(Thread::interrupt);
        }

        @Override
        public Support support(Caller caller, String tool) {
            return parts().legacy().support(caller, tool);
        }

        @Override
        public Optional<ServerMethod<?>> method(String name) {
            return parts().legacy().method(name);
        }

        @Override
        public Optional<Message.Notification> tell(Caller caller, String session, Kind kind, String task) {
            return parts().legacy().tell(caller, session, kind, task);
        }
    }

    /** Composes the extension. */
    public static final class Builder {
        private TaskStore store = new InMemoryTaskStore();
        private TaskMode otherwise = TaskMode.never();
        private Duration ttl = Duration.ofHours(1);
        private Duration keep = Duration.ofMinutes(10);
        private Duration lease = Duration.ofSeconds(15);
        private Duration pollInterval = Duration.ofSeconds(1);
        private int maxPerCaller = 1_000;
        private int maxTasks = 10_000;

        private Builder() {}

        /** Where tasks are kept; in memory unless set. Replicas share one. */
        public Builder store(TaskStore newStore) {
            this.store = newStore;
            return this;
        }

        /** What holds for tools without a {@link Tasks#MODE}; they never become tasks unless set. */
        public Builder otherwise(TaskMode mode) {
            this.otherwise = mode;
            return this;
        }

        /** How long a task may take, questions included; an hour unless set. A task that takes longer fails. */
        public Builder ttl(Duration newTtl) {
            this.ttl = positive(newTtl, "ttl");
            return this;
        }

        /** How long the end of a task can be asked for, even if its ttl is over before; ten minutes unless set. */
        public Builder keep(Duration newKeep) {
            this.keep = positive(newKeep, "keep");
            return this;
        }

        /** How soon the work of a process that died is noticed; 15 seconds unless set. Renewed three times as often. */
        public Builder lease(Duration newLease) {
            this.lease = positive(newLease, "lease");
            return this;
        }

        /** How often clients should ask; a second unless set. */
        public Builder pollInterval(Duration interval) {
            this.pollInterval = positive(interval, "pollInterval");
            return this;
        }

        /**
         * The most tasks of one caller, those that ended and are kept included; 1,000 unless set. Callers who are anonymous
         * count by their address.
         */
        public Builder maxPerCaller(int tasks) {
            this.maxPerCaller = atLeastOne(tasks, "maxPerCaller");
            return this;
        }

        /** The most tasks of all callers, those that ended and are kept included; 10,000 unless set. */
        public Builder maxTasks(int tasks) {
            this.maxTasks = atLeastOne(tasks, "maxTasks");
            return this;
        }

        public Tasks build() {
            return new Tasks(this);
        }

        private static Duration positive(Duration value, String name) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException(name + " must be at least a millisecond, but is " + value);
            }
            return value;
        }

        private static int atLeastOne(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
            }
            return value;
        }
    }
}
